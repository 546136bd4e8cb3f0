#include "unit/agent_resources/support.hpp"

namespace wright::agent {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ComparingTest : public ResourceTest {
 protected:
  std::unique_ptr<Kind> services = make_service_kind();
  std::unique_ptr<Kind> users = make_user_kind();
  std::unique_ptr<Kind> groups = make_group_kind();

  static Observed user(Value::Map more = {}) {
    Value::Map state{{"uid", 1000},
                     {"gid", 1000},
                     {"group", "deploy"},
                     {"home", "/home/deploy"},
                     {"shell", "/bin/sh"},
                     {"comment", ""},
                     {"groups", std::vector<std::string>{"adm", "deploy"}}};
    for (auto& [name, value] : more) state[name] = value;
    return seen(std::move(state));
  }
};

TEST_F(ComparingTest, AServiceDiffersOnlyInWhatIsAskedFor) {
  const Observed stopped = seen({{"enabled", true}, {"running", false}});
  EXPECT_EQ(services->compare(resource("service", "x", {{"enabled", true}}), stopped).action, Action::none);
  const auto both = services->compare(resource("service", "x", {{"enabled", false}, {"running", true}}), stopped);
  EXPECT_EQ(both.action, Action::update);
  EXPECT_THAT(names_of(both), ElementsAre("enabled", "running"));
  EXPECT_EQ(both.attributes[1].before, Value(false));
}

TEST_F(ComparingTest, AServiceThatIsStillToComeIsToBeStarted) {
  const Observed none{false, {{"enabled", false}, {"running", false}}, {}};
  const auto wanted = services->compare(resource("service", "x", {{"enabled", true}, {"running", true}}), none);
  EXPECT_THAT(names_of(wanted), ElementsAre("enabled", "running"));
  EXPECT_TRUE(wanted.attributes[0].before.is_null());
  EXPECT_EQ(services->compare(resource("service", "x", {{"enabled", false}, {"running", false}}), none).action,
            Action::none);
}

TEST_F(ComparingTest, AUserLacksOnlyTheGroupsThatItIsNotIn) {
  const Resource wanted = resource("user", "deploy", {{"groups", std::vector<std::string>{"docker", "adm"}}});
  const auto difference = users->compare(wanted, user());
  EXPECT_EQ(difference.action, Action::update);
  ASSERT_THAT(names_of(difference), ElementsAre("groups"));
  EXPECT_EQ(difference.attributes[0].after, Value(std::vector<std::string>{"docker"}));
}

TEST_F(ComparingTest, AUserOfWhomNothingMoreIsAskedHolds) {
  EXPECT_EQ(users->compare(resource("user", "deploy"), user()).action, Action::none);
  const Resource same = resource(
      "user", "deploy",
      {{"uid", 1000}, {"group", "1000"}, {"shell", "/bin/sh"}, {"groups", std::vector<std::string>{"deploy"}}});
  EXPECT_THAT(names_of(users->compare(same, user())), IsEmpty());
}

TEST_F(ComparingTest, AHomeIsMadeOnlyWhereThereIsNone) {
  const Resource wanted = resource("user", "deploy", {{"create_home", true}});
  EXPECT_EQ(users->compare(wanted, user({{"home_exists", true}})).action, Action::none);
  EXPECT_THAT(names_of(users->compare(wanted, user({{"home_exists", false}}))), ElementsAre("create_home"));
}

TEST_F(ComparingTest, AGroupHasItsNumber) {
  const Resource wanted = resource("group", "www", {{"gid", 7}});
  EXPECT_EQ(groups->compare(wanted, seen({{"gid", 7}})).action, Action::none);
  EXPECT_EQ(groups->compare(wanted, seen({{"gid", 8}})).action, Action::update);
  EXPECT_EQ(groups->compare(wanted, {}).action, Action::create);
  EXPECT_EQ(groups->compare(resource("group", "www"), seen({{"gid", 8}})).action, Action::none);
  EXPECT_EQ(groups->compare(resource("group", "www", {{"ensure", "absent"}}), seen({{"gid", 8}})).action,
            Action::remove);
}

}  // namespace
}  // namespace wright::agent

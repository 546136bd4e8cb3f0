#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "model/encoding.hpp"
#include "report/json_lines.hpp"
#include "report/plan_text.hpp"
#include "report/tables.hpp"
#include "run/applying.hpp"
#include "run/saved_plan.hpp"
#include "unit/run/world.hpp"

namespace wright::testing {
namespace {

constexpr auto canary = "s3cret-canary \"'\\ \xc3\xa9";

/// A site whose page is given a secret, and a plugin that puts it into a file and is careless about it in every way it
/// can.
class Secrets : public ::testing::Test {
 protected:
  Secrets() {
    PluginDescription page;
    page.name = "page";
    Option password;
    password.name = "password";
    password.type = OptionType::secret;
    page.options = {password};
    world.plugins["page"] = page;
    std::ofstream(world.folder / "secrets.toml") << "db = " << to_json(Value(canary)) << "\n";
    ::chmod((world.folder / "secrets.toml").c_str(), 0600);
    world.site(R"([site]
name = "t"
secrets = "secrets.toml"
[hosts.web]
address = "192.0.2.2"
[components.page]
password = "${secret.db}"
)");
    world.evaluate = [this](const Evaluation& e) -> Result<Declared> {
      given = e.options;
      Declared declared;
      Resource file;
      file.id = {"file", "/etc/page"};
      file.attributes = {{"content", e.options.at("password")}, {"mode", 0600}};
      declared.resources.push_back(file);
      return declared;
    };
    Change change = creates("/etc/page");
    change.attributes = {{"content", Value(), Value(Secret(canary)), "", true}};
    world.host("web").changes = {change};
  }

  World world;
  Value::Map given;
};

TEST_F(Secrets, ReachTheHostAsSecretsAndNobodyElse) {
  std::string shown;
  auto changed =
      wright::apply(world.run(), {}, [&](const std::vector<Plan>& plans, const Diagnostics&) -> Result<bool> {
        shown = plan_text(plans, Style(), true);
        for (const auto& plan : plans) shown += json_line("plan", *to_value(plan).as_map());
        return true;
      });
  ASSERT_TRUE(changed) << to_text(changed.error());
  ASSERT_NE(given.at("password").as_secret(), nullptr);
  EXPECT_EQ(given.at("password").as_secret()->reveal(), canary);
  for (const auto& outcome : changed->outcomes) shown += json_line("outcome", *to_value(outcome).as_map());
  for (const auto& event : world.events) shown += json_line("event", *to_value(event).as_map());
  shown += recap_text(changed->outcomes, Style());
  for (const auto& message : world.host("web").received) shown += to_json(message);
  EXPECT_NE(shown.find("(secret, changed)"), std::string::npos);
  EXPECT_EQ(shown.find("s3cret"), std::string::npos) << shown;
}

TEST_F(Secrets, AreNotInASavedPlanOfWhatTheAgentSent) {
  // An agent sends no value of a secret; a plan from one that did is still not printed.
  auto planned = plan(world.run());
  ASSERT_TRUE(planned);
  EXPECT_EQ(plan_text(planned->plans, Style(), true).find("s3cret"), std::string::npos);
}

TEST_F(Secrets, AMissingOneIsNamedAtItsPlace) {
  std::ofstream(world.folder / "secrets.toml", std::ios::trunc) << "other = \"s3cret\"\n";
  auto planned = plan(world.run());
  ASSERT_FALSE(planned);
  const std::string text = to_text(planned.error());
  EXPECT_NE(text.find("site.toml:7:"), std::string::npos) << text;
  EXPECT_NE(text.find("db"), std::string::npos);
  EXPECT_EQ(text.find("s3cret"), std::string::npos);
  EXPECT_TRUE(world.log().empty()) << "a host was asked before the site file was right";
}

}  // namespace
}  // namespace wright::testing

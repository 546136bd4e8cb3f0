#include "model/kinds.hpp"

#include <gmock/gmock.h>

#include <set>

#include "unit/model/examples.hpp"

namespace wright {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> texts(const Diagnostics& problems) {
  std::vector<std::string> out;
  for (const auto& one : problems.items()) {
    EXPECT_EQ(one.fault, Fault::bad_plugin);
    out.push_back(one.what + (one.why.empty() ? "" : " | " + one.why));
  }
  return out;
}

std::vector<std::string> problems(const std::string& kind, const std::string& name, Value::Map attributes) {
  Resource resource;
  resource.id = {kind, name};
  resource.attributes = std::move(attributes);
  return texts(check(resource));
}

TEST(Kinds, AreNamedOnceAndDocumented) {
  for (const auto kinds : {resource_kinds(), probe_kinds()}) {
    std::set<std::string_view> names;
    for (const auto& kind : kinds) {
      EXPECT_TRUE(names.insert(kind.name).second) << kind.name;
      EXPECT_FALSE(kind.doc.empty()) << kind.name;
      EXPECT_EQ(find_kind(kinds, kind.name), &kind);
      std::set<std::string_view> attributes;
      for (const auto& attribute : kind.attributes) {
        EXPECT_TRUE(attributes.insert(attribute.name).second) << kind.name << " " << attribute.name;
        EXPECT_FALSE(attribute.doc.empty()) << kind.name << " " << attribute.name;
      }
    }
  }
  EXPECT_EQ(find_kind(resource_kinds(), "nothing"), nullptr);
}

TEST(CheckResource, AcceptsWhatIsRight) {
  EXPECT_THAT(texts(check(examples::config_file())), IsEmpty());
  EXPECT_THAT(texts(check(examples::password_file())), IsEmpty());
  EXPECT_THAT(texts(check(examples::service())), IsEmpty());
  EXPECT_THAT(problems("file", "/etc/x", {{"ensure", "absent"}}), IsEmpty());
  EXPECT_THAT(problems("package", "nginx", {}), IsEmpty());
}

TEST(CheckResource, SuggestsKindsAndAttributes) {
  EXPECT_THAT(problems("fiel", "/x", {}),
              ElementsAre("no kind of resource is named \"fiel\" | did you mean \"file\"?"));
  EXPECT_THAT(problems("package", "x", {{"verison", "1"}}),
              ElementsAre("kind package has no attribute \"verison\" | did you mean \"version\"?"));
}

TEST(CheckResource, TellsWrongTypes) {
  EXPECT_THAT(problems("file", "/x", {{"content", 1}, {"mode", "0644"}, {"validate", "nginx -t"}}),
              ElementsAre(HasSubstr("\"content\" must be"), HasSubstr("\"mode\" must be permission bits"),
                          HasSubstr("\"validate\" must be a list of texts")));
  EXPECT_THAT(problems("file", "/x", {{"content", ""}, {"mode", 010000}}),
              ElementsAre(HasSubstr("permission bits from 0 to 07777")));
  EXPECT_THAT(problems("file", "/x", {{"content", ""}, {"mode", -1}}), ElementsAre(HasSubstr("permission bits")));
  EXPECT_THAT(problems("user", "x", {{"comment", Secret("hunter2")}}), ElementsAre(HasSubstr("not a secret")));
  EXPECT_THAT(problems("user", "x", {{"groups", Value::List{"a", 1}}}), ElementsAre(HasSubstr("a list of texts")));
}

TEST(CheckResource, TellsWhatIsMissing) {
  EXPECT_THAT(problems("file", "/x", {}),
              ElementsAre(HasSubstr("\"content\" is missing"), HasSubstr("\"mode\" is missing")));
  EXPECT_THAT(problems("directory", "/x", {}), ElementsAre(HasSubstr("\"mode\" is missing")));
  EXPECT_THAT(problems("symlink", "/x", {}), ElementsAre(HasSubstr("\"target\" is missing")));
  EXPECT_THAT(problems("certificate", "/x", {}), ElementsAre(HasSubstr("\"key\""), HasSubstr("\"common_name\"")));
  EXPECT_THAT(problems("command", "x", {{"unless", Value::List{"/bin/true"}}}),
              ElementsAre(HasSubstr("\"argv\" is missing")));
  EXPECT_THAT(problems("command", "x", {{"argv", Value::List{"/bin/true"}}}),
              ElementsAre(HasSubstr("needs one of unless, creates or stamp")));
}

TEST(CheckResource, TellsBadPathsAndStates) {
  for (const std::string path : {"etc/x", "", "/etc/../x", "~/x"})
    EXPECT_THAT(problems("symlink", path, {{"target", "/y"}}), ElementsAre(HasSubstr("must be an absolute path")))
        << path;
  EXPECT_THAT(problems("symlink", std::string("/a\0b", 4), {{"target", "/y"}}),
              ElementsAre(HasSubstr("must be an absolute path")));
  EXPECT_THAT(problems("package", "x", {{"ensure", "gone"}}),
              ElementsAre(HasSubstr("ensure must be \"present\" or \"absent\", not \"gone\"")));
}

TEST(CheckResource, TellsAllAtOnce) {
  EXPECT_THAT(problems("file", "x", {{"content", 1}, {"modus", 1}}), ::testing::SizeIs(4));
}

TEST(CheckProbe, TellsEveryProblem) {
  EXPECT_THAT(texts(check(examples::probe())), IsEmpty());
  Probe probe = examples::probe();
  probe.attributes["stauts"] = 200;
  probe.from = "moon";
  EXPECT_THAT(texts(check(probe)), ElementsAre("kind http has no attribute \"stauts\" | did you mean \"status\"?",
                                               "from must be \"host\" or \"controller\""));
  probe = examples::probe();
  probe.kind = "htpp";
  EXPECT_THAT(texts(check(probe)), ElementsAre("no kind of probe is named \"htpp\" | did you mean \"http\"?"));
  probe.kind = "command";
  probe.attributes = {{"argv", Value::List{"/bin/true"}}};
  EXPECT_THAT(texts(check(probe)), ElementsAre("only tcp, tls, http and login can be asked from the controller"));
  probe.kind = "login";
  probe.attributes = {};
  EXPECT_THAT(texts(check(probe)), IsEmpty());
  probe.from = "host";
  EXPECT_THAT(texts(check(probe)), ElementsAre("a login can only be asked from the controller"));
}

}  // namespace
}  // namespace wright

#include <gmock/gmock.h>

#include "unit/layering/rules.hpp"

namespace wright::layering {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::vector<SourceFile>& this_tree() {
  static const auto tree = read_tree(std::filesystem::canonical(WRIGHT_SOURCE_TREE));
  return tree;
}

/// One breach a line, so that a failure can be read.
std::string listed(const std::vector<std::string>& breaches) {
  std::string out;
  for (const auto& one : breaches) out += one + "\n";
  return out;
}

TEST(LayeringTest, TheTreeIsSeen) {
  const auto is_there = [](const std::string& path) {
    return std::any_of(this_tree().begin(), this_tree().end(), [&](const auto& file) { return file.path == path; });
  };
  EXPECT_TRUE(is_there("core/base/result.hpp"));
  EXPECT_TRUE(is_there("core/site/document.cpp"));
  EXPECT_TRUE(is_there("tests/unit/layering/rules.cpp"));
}

TEST(LayeringTest, CoreIncludesOnlyFoldersAbove) { EXPECT_EQ(listed(breaches_of_order(this_tree())), ""); }
TEST(LayeringTest, TheSdkIsTheOnlyBorderToPlugins) { EXPECT_EQ(listed(breaches_of_the_sdk(this_tree())), ""); }
TEST(LayeringTest, ThirdPartyHeadersStayWithTheirOwner) { EXPECT_EQ(listed(breaches_of_ownership(this_tree())), ""); }
TEST(LayeringTest, FilesAreSmall) { EXPECT_EQ(listed(breaches_of_size(this_tree())), ""); }
TEST(LayeringTest, NamesSaySomething) { EXPECT_EQ(listed(breaches_of_naming(this_tree())), ""); }
TEST(LayeringTest, NothingOutsideOfTheTreeIsNamed) { EXPECT_EQ(listed(breaches_of_self_containment(this_tree())), ""); }

// Each rule can find something.

using Rule = std::vector<std::string> (*)(const std::vector<SourceFile>&);

std::vector<std::string> found(Rule rule, const std::string& path, const std::string& line) {
  return rule({{path, {"// first", line}}});
}

TEST(LayeringRules, OrderOfCore) {
  EXPECT_THAT(found(breaches_of_order, "core/site/x.cpp", "#include \"run/plan.hpp\""),
              ElementsAre("core/site/x.cpp:2: site is below run and includes \"run/plan.hpp\""));
  EXPECT_THAT(found(breaches_of_order, "core/site/x.cpp", "  # include \"document.hpp\""),
              ElementsAre(HasSubstr("no folder of core")));
  EXPECT_THAT(found(breaches_of_order, "core/run/x.cpp", "#include \"site/site.hpp\""), IsEmpty());
  EXPECT_THAT(found(breaches_of_order, "core/agent/journal/x.cpp", "#include \"site/site.hpp\""),
              ElementsAre(HasSubstr("the agent includes")));
  EXPECT_THAT(found(breaches_of_order, "core/agent/x.cpp", "#include \"transport/connection.hpp\""),
              ElementsAre(HasSubstr("the agent includes")));
  EXPECT_THAT(found(breaches_of_order, "core/agent/x.cpp", "#include \"transport/frame.hpp\""), IsEmpty());
  EXPECT_THAT(found(breaches_of_order, "core/agent/x.cpp", "#include \"agent/files/files.hpp\""), IsEmpty());
}

TEST(LayeringRules, Sdk) {
  EXPECT_THAT(found(breaches_of_the_sdk, "core/plugin/x.cpp", "#include <wright/plugin.h>"), IsEmpty());
  EXPECT_THAT(found(breaches_of_the_sdk, "core/plugin/x.cpp", "#include <wright/plugin.hpp>"),
              ElementsAre(HasSubstr("core/plugin/x.cpp:2:")));
  EXPECT_THAT(found(breaches_of_the_sdk, "core/run/x.cpp", "#include <wright/plugin.h>"),
              ElementsAre(HasSubstr("core/run/x.cpp:2:")));
  EXPECT_THAT(found(breaches_of_the_sdk, "plugins/nginx/x.cpp", "#include <wright/plugin.hpp>"), IsEmpty());
  EXPECT_THAT(found(breaches_of_the_sdk, "plugins/nginx/x.cpp", "#include <algorithm>"), IsEmpty());
  EXPECT_THAT(found(breaches_of_the_sdk, "plugins/nginx/x.cpp", "#include \"options.hpp\""), IsEmpty());
  EXPECT_THAT(found(breaches_of_the_sdk, "plugins/nginx/x.cpp", "#include <unistd.h>"),
              ElementsAre(HasSubstr("only <wright/...>")));
  EXPECT_THAT(found(breaches_of_the_sdk, "plugins/elasticsearch/x.cpp", "#include <crypt.h>"), IsEmpty());
  EXPECT_THAT(found(breaches_of_the_sdk, "plugins/nginx/x.cpp", "#include <crypt.h>"),
              ElementsAre(HasSubstr("only <wright/...>")));
  EXPECT_THAT(found(breaches_of_the_sdk, "plugins/nginx/x.cpp", "#include \"model/value.hpp\""),
              ElementsAre(HasSubstr("own folder")));
  EXPECT_THAT(found(breaches_of_the_sdk, "plugins/nginx/x.cpp", "#include \"../redis/options.hpp\""),
              ElementsAre(HasSubstr("own folder")));
  EXPECT_THAT(found(breaches_of_the_sdk, "plugins/nginx/tests/x.cpp", "#include <gtest/gtest.h>"), IsEmpty());
  EXPECT_THAT(found(breaches_of_the_sdk, "sdk/include/wright/x.hpp", "#include \"wright/y.hpp\""),
              ElementsAre(HasSubstr("the SDK writes")));
}

TEST(LayeringRules, Ownership) {
  EXPECT_THAT(found(breaches_of_ownership, "core/site/x.cpp", "#include <toml++/toml.h>"), IsEmpty());
  EXPECT_THAT(found(breaches_of_ownership, "core/site/x.hpp", "#include <toml++/toml.h>"),
              ElementsAre(HasSubstr("belongs into a .cpp file")));
  EXPECT_THAT(found(breaches_of_ownership, "core/run/x.cpp", "#include <toml++/toml.h>"),
              ElementsAre("core/run/x.cpp:2: <toml++/toml.h> belongs to core/site/"));
  EXPECT_THAT(found(breaches_of_ownership, "core/agent/x.cpp", "#include <sqlite3.h>"),
              ElementsAre(HasSubstr("belongs to core/agent/journal/")));
  EXPECT_THAT(found(breaches_of_ownership, "core/base/result.hpp", "#include <tl/expected.hpp>"), IsEmpty());
  EXPECT_THAT(found(breaches_of_ownership, "core/base/x.cpp", "#include <tl/expected.hpp>"),
              ElementsAre(HasSubstr("belongs to")));
  EXPECT_THAT(found(breaches_of_ownership, "core/run/x.cpp", "#include <yaml-cpp/yaml.h>"),
              ElementsAre(HasSubstr("has no folder that owns it")));
  EXPECT_THAT(found(breaches_of_ownership, "core/run/x.cpp", "#include <gtest/gtest.h>"),
              ElementsAre(HasSubstr("belongs to tests/")));
  EXPECT_THAT(found(breaches_of_ownership, "core/run/x.cpp", "#include <sys/stat.h>"), IsEmpty());
  EXPECT_THAT(found(breaches_of_ownership, "tests/unit/x.cpp", "#include <nlohmann/json.hpp>"),
              ElementsAre(HasSubstr("belongs to core/model/")));
}

TEST(LayeringRules, Size) {
  EXPECT_THAT(breaches_of_size({{"core/x.cpp", std::vector<std::string>(500)}}), IsEmpty());
  EXPECT_THAT(breaches_of_size({{"core/x.cpp", std::vector<std::string>(501)}}),
              ElementsAre(HasSubstr("core/x.cpp:501: the file has 501 lines")));
  EXPECT_THAT(breaches_of_size({{"tests/lab/x.py", std::vector<std::string>(900)}}), ::testing::SizeIs(1));
  EXPECT_THAT(breaches_of_size({{"sdk/abi/wright-1.abi", std::vector<std::string>(900)}}), IsEmpty());
}

TEST(LayeringRules, Naming) {
  for (const char* path : {"core/base/utils.hpp", "core/common/x.hpp", "tests/helpers.py", "core/run/manager.cpp"})
    EXPECT_THAT(found(breaches_of_naming, path, ""), ::testing::SizeIs(1)) << path;
  EXPECT_THAT(found(breaches_of_naming, "core/run/commonality.cpp", ""), IsEmpty());
}

TEST(LayeringRules, SelfContainment) {
  EXPECT_THAT(found(breaches_of_self_containment, "docs/x.md", std::string("see /work/") + "shared/design"),
              ElementsAre(HasSubstr("docs/x.md:2:")));
  EXPECT_THAT(found(breaches_of_self_containment, "docs/x.md", "a shared thing"), IsEmpty());
}

}  // namespace
}  // namespace wright::layering

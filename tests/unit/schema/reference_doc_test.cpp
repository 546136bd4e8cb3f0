#include "schema/reference_doc.hpp"

#include <gmock/gmock.h>

#include "model/encoding.hpp"
#include "schema/check.hpp"
#include "site/site.hpp"
#include "unit/schema/plugin.hpp"

namespace wright {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// The text with every setting switched on.
std::string switched_on(const std::string& text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    std::string line = text.substr(at, end - at);
    if (line.size() > 1 && line[0] == '#' && line[1] != ' ') line.erase(0, 1);
    out += line + "\n";
    at = end + 1;
  }
  return out;
}

Result<Site> as_site(const std::string& text) {
  Diagnostics warnings;
  return parse_site("site = { name = \"x\" }\nhosts.web.address = \"a\"\n" + text, "reference.toml", {}, warnings);
}

TEST(ReferenceToml, ShowsDocTypeRangeAndDefault) {
  const std::string text = reference_toml(proxy_plugin());
  EXPECT_THAT(text, HasSubstr("# proxy 1.2: A proxy\n"));
  EXPECT_THAT(
      text,
      HasSubstr("\n# Where it listens.\n# On every address.\n# integer from 1 to 65535, default 8080\n#port = 8080\n"));
  EXPECT_THAT(text, HasSubstr("\n# \"debug\", \"info\" or \"warn\", default \"warn\"\n#level = \"warn\"\n"));
  EXPECT_THAT(text, HasSubstr("\n# Handed to every client.\n# secret, required\n#token = \"${secret.token}\"\n"));
  EXPECT_THAT(text, HasSubstr("\n# number at least 0.5\n#ratio = 0.5\n"));
  EXPECT_THAT(text, HasSubstr("\n# list of integers, each at most 9, default []\n#weights = []\n"));
  EXPECT_THAT(text, HasSubstr("\n#[[components.proxy.sites]]\n\n# text, required\n#name = \"...\"\n"));
  EXPECT_THAT(text, HasSubstr("\n#[components.proxy.sites.tls]\n"));
  EXPECT_THAT(text, HasSubstr("\n#[components.proxy.pools.name]\n"));
}

TEST(ReferenceToml, IsASiteFileAsItIs) {
  const auto site = as_site(reference_toml(proxy_plugin()));
  ASSERT_TRUE(site) << to_text(site.error());
  EXPECT_TRUE(site->components[0].options.empty());
}

TEST(ReferenceToml, PassesTheCheckWithEverySettingOn) {
  const PluginDescription plugin = proxy_plugin();
  const std::string text = switched_on(reference_toml(plugin));
  const auto site = as_site(text);
  ASSERT_TRUE(site) << to_text(site.error()) << text;
  const auto& component = site->components[0];
  const auto problems =
      check_options(plugin, component.options, [&](const std::string& key) { return where_in(*site, component, key); });
  EXPECT_TRUE(problems.empty()) << to_text(problems) << text;
  for (const auto& option : plugin.options) EXPECT_TRUE(component.options.contains(option.name)) << option.name;
}

TEST(ReferenceToml, ADocCannotBreakOutOfItsComment) {
  PluginDescription plugin = proxy_plugin();
  plugin.options[0].doc = "harmless\n[hosts.evil]\r\naddress = \"x\"";
  const auto site = as_site(reference_toml(plugin));
  ASSERT_TRUE(site) << to_text(site.error());
  EXPECT_EQ(site->hosts.size(), 1U);
}

TEST(JsonSchema, HoldsTypesLimitsAndDefaults) {
  const auto parsed = from_json(json_schema(proxy_plugin()));
  ASSERT_TRUE(parsed);
  const Value& schema = *parsed;
  EXPECT_EQ(schema["additionalProperties"], Value(false));
  EXPECT_EQ(schema["required"], Value(Value::List{"token"}));
  const Value& port = schema["properties"]["port"];
  EXPECT_EQ(port["default"], Value(8080));
  const Value& integer = (*port["anyOf"].as_list())[0];
  EXPECT_EQ(integer["type"], Value("integer"));
  EXPECT_EQ(integer["maximum"], Value(65535.0));
  EXPECT_EQ((*port["anyOf"].as_list())[1]["pattern"], Value("\\$\\{"));
  const Value& site = (*(*schema["properties"]["sites"]["anyOf"].as_list())[0]["items"]["anyOf"].as_list())[0];
  EXPECT_EQ(site["required"], Value(Value::List{"name"}));
  EXPECT_EQ(schema["properties"]["token"]["type"], Value("string"));
  EXPECT_FALSE(schema["properties"]["hosts"].is_null());
}

TEST(ReferenceDoc, HoldsNoDefaultOfASecret) {
  PluginDescription plugin = proxy_plugin();
  plugin.options[4].fallback = Value("hunter2");
  plugin.options[4].required = false;
  EXPECT_THAT(reference_toml(plugin), Not(HasSubstr("hunter2")));
  EXPECT_THAT(json_schema(plugin), Not(HasSubstr("hunter2")));
}

}  // namespace
}  // namespace wright

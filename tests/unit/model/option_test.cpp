#include "model/option.hpp"

#include <gtest/gtest.h>

#include "model/encoding.hpp"

namespace wright {
namespace {

TEST(PluginDescription, ComesBackWhole) {
  Option name;
  name.name = "name";
  name.required = true;
  Option sites;
  sites.name = "sites";
  sites.type = OptionType::list;
  sites.element = OptionType::table;
  sites.doc = "Sites";
  sites.fallback = Value::List{};
  sites.fields = {name};
  Option port;
  port.name = "port";
  port.type = OptionType::integer;
  port.fallback = 80;
  port.minimum = 1;
  port.maximum = 65535;
  Option level;
  level.name = "level";
  level.choices = {"info", "warn"};
  PluginDescription plugin;
  plugin.name = "nginx";
  plugin.version = "1.2";
  plugin.summary = "Serves";
  plugin.path = "/usr/lib/nginx.so";
  plugin.abi_minor = 3;
  plugin.options = {sites, port, level};
  plugin.phases = {"install", "verify"};

  const Value sent = *from_cbor(to_cbor(to_value(plugin)));
  const auto back = plugin_description_from(sent);
  ASSERT_TRUE(back) << to_text(back.error());
  EXPECT_EQ(to_value(*back), to_value(plugin));
  EXPECT_EQ(back->options[0].element, OptionType::table);
  EXPECT_TRUE(back->options[0].fields[0].required);
  EXPECT_EQ(back->options[1].minimum, 1.0);
  EXPECT_EQ(back->options[2].maximum, std::nullopt);
  EXPECT_TRUE(back->options[2].fallback.is_null());
}

TEST(OptionType, HasANameEach) {
  for (const auto type : {OptionType::text, OptionType::secret, OptionType::integer, OptionType::number,
                          OptionType::boolean, OptionType::list, OptionType::table, OptionType::map}) {
    Option option;
    option.type = type;
    EXPECT_EQ(option_from(to_value(option))->type, type) << name_of(type);
  }
}

TEST(Option, OfAnUnknownTypeIsRefused) {
  Value value = to_value(Option());
  (*value.as_map())["type"] = "float";
  EXPECT_FALSE(option_from(value));
}

}  // namespace
}  // namespace wright

#pragma once

#include "model/option.hpp"

namespace wright {

inline Option option_of(std::string name, OptionType type, Value fallback = {}) {
  Option option;
  option.name = std::move(name);
  option.type = type;
  option.fallback = std::move(fallback);
  return option;
}

/// A plugin with an option of every shape.
inline PluginDescription proxy_plugin() {
  Option port = option_of("port", OptionType::integer, 8080);
  port.minimum = 1;
  port.maximum = 65535;
  port.doc = "Where it listens.\nOn every address.";
  Option level = option_of("level", OptionType::text, "warn");
  level.choices = {"debug", "info", "warn"};
  Option ratio = option_of("ratio", OptionType::number);
  ratio.minimum = 0.5;
  Option token = option_of("token", OptionType::secret);
  token.required = true;
  token.doc = "Handed to every client.";
  Option weights = option_of("weights", OptionType::list, Value::List{});
  weights.element = OptionType::integer;
  weights.maximum = 9;
  Option tags = option_of("tags", OptionType::map, Value::Map{});
  tags.element = OptionType::secret;
  Option name = option_of("name", OptionType::text);
  name.required = true;
  Option tls = option_of("tls", OptionType::table);
  Option days = option_of("days", OptionType::integer, 90);
  days.minimum = 1;
  tls.fields = {days};
  Option sites = option_of("sites", OptionType::list, Value::List{});
  sites.element = OptionType::table;
  sites.fields = {name, option_of("plain", OptionType::boolean, false), tls};
  Option pools = option_of("pools", OptionType::map);
  pools.element = OptionType::table;
  pools.fields = {name};
  Option limits = option_of("limits", OptionType::table, Value::Map{});
  limits.fields = {option_of("rate", OptionType::integer, 7)};
  PluginDescription plugin;
  plugin.name = "proxy";
  plugin.version = "1.2";
  plugin.summary = "A proxy";
  plugin.options = {port, level, sites, ratio, token, weights, tags, pools, limits};
  return plugin;
}

}  // namespace wright

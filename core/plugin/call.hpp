#pragma once

#include <wright/plugin.h>

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/plugins.hpp"

/// What is behind a plugin's wright_node.
struct wright_node {
  wright_call* call = nullptr;
  bool is_probe = false;
  wright::Resource resource;
  wright::Probe probe;

  wright::Value::Map& attributes() { return is_probe ? probe.attributes : resource.attributes; }
};

/// What is behind a plugin's wright_call: one phase, and all it asked for and declared.
struct wright_call {
  const wright::Evaluation* evaluation = nullptr;
  wright::Value config;  ///< the evaluation's options as one table
  std::string phase;
  std::deque<wright_node> nodes;  ///< a deque, so that handles stay good
  wright::Value exports = wright::Value::Map{};
  std::vector<std::string> missing_facts;
  wright::Diagnostics diagnostics;

  /// The plugin used the border wrongly.
  void misuse(const std::string& what, std::string why = {});
};

namespace wright {

/// The table that every plugin gets. None of its functions throws.
const wright_host& host_table();

/// Empty for NULL, whatever the size says.
inline std::string_view view(wright_str text) {
  return text.data == nullptr ? std::string_view() : std::string_view(text.data, static_cast<std::size_t>(text.size));
}
inline std::string text_of(wright_str text) { return std::string(view(text)); }
inline wright_str borrow(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace wright

#include "agent/resources/http_ids.hpp"

#include <algorithm>
#include <cctype>

namespace wright::agent {
namespace {

std::string braced(const std::string& word) { return "{" + word + "}"; }

/// The value with every text in it changed.
template <class Change>
Value changed(const Value& value, const Change& change) {
  if (const auto* fields = value.as_map()) {
    Value::Map out;
    for (const auto& [name, one] : *fields) out[name] = changed(one, change);
    return out;
  }
  if (const auto* items = value.as_list()) {
    Value::List out;
    for (const auto& one : *items) out.push_back(changed(one, change));
    return out;
  }
  const auto* text = value.as_string();
  return text == nullptr ? value : Value(change(*text));
}

}  // namespace

std::string with_ids(std::string text, const Ids& ids) {
  for (const auto& [word, id] : ids)
    for (auto at = text.find(braced(word)); at != std::string::npos; at = text.find(braced(word), at + id.size()))
      text.replace(at, word.size() + 2, id);
  return text;
}

Value value_with_ids(const Value& value, const Ids& ids) {
  return ids.empty() ? value : changed(value, [&](const std::string& text) { return with_ids(text, ids); });
}

Value with_words(const Value& value, const Ids& ids) {
  if (ids.empty()) return value;
  return changed(value, [&](const std::string& text) {
    const auto known = std::find_if(ids.begin(), ids.end(), [&](const auto& one) { return one.second == text; });
    return known == ids.end() ? text : braced(known->first);
  });
}

bool is_plain_id(std::string_view id) {
  return !id.empty() && std::all_of(id.begin(), id.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.';
  });
}

}  // namespace wright::agent

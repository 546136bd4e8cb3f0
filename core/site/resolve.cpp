#include <optional>

#include "site/reference.hpp"
#include "site/template.hpp"
#include "site/toml_text.hpp"

namespace wright {
namespace {

/// Text under way; a secret from the first secret on.
struct Text {
  std::string text;
  bool secret = false;

  [[nodiscard]] Value value() && {
    if (secret) return Secret(std::move(text));
    return std::move(text);
  }
};

class Resolver {
 public:
  explicit Resolver(const Lookup& lookup) : lookup_(lookup) {}

  Value resolve(const Value& value, const std::string& at) {
    if (const auto* text = value.as_string()) return resolve_text(*text, at);
    if (const auto* list = value.as_list()) return resolve_list(*list, at);
    if (const auto* map = value.as_map()) {
      Value::Map out;
      for (const auto& [key, item] : *map) out.emplace(key, resolve(item, at.empty() ? key : at + "." + key));
      return out;
    }
    return value;
  }

  Diagnostics problems;

 private:
  Value resolve_list(const Value::List& list, const std::string& at) {
    Value::List out;
    for (std::size_t i = 0; i < list.size(); ++i) {
      Value item = resolve(list[i], at + "[" + std::to_string(i) + "]");
      // Only a text can have become a list here; a list of lists stays one.
      auto* made = list[i].as_string() != nullptr ? item.as_list() : nullptr;
      if (made == nullptr)
        out.push_back(std::move(item));
      else
        for (auto& one : *made) out.push_back(std::move(one));
    }
    return out;
  }

  Value resolve_text(const std::string& text, const std::string& at) {
    auto parts = template_parts(text);
    if (!parts) {
      for (const auto& one : parts.error().items()) add(one, at);
      return {};
    }
    if (parts->size() == 2 && (*parts)[0].literal.empty() && (*parts)[1].literal.empty())
      return look_up((*parts)[0].reference, at).value_or(Value());
    std::vector<Text> texts(1);
    for (const auto& part : *parts) {
      for (auto& one : texts) one.text += part.literal;
      if (!part.has_reference) continue;
      const auto value = look_up(part.reference, at);
      if (value) append(texts, *value, part.reference, at);
    }
    return finished(std::move(texts));
  }

  /// Text that grew into a list stays a list, whatever its length.
  Value finished(std::vector<Text> texts) {
    if (!std::exchange(spread_, false)) return std::move(texts.front()).value();
    Value::List out;
    for (auto& one : texts) out.push_back(std::move(one).value());
    return out;
  }

  void append(std::vector<Text>& texts, const Value& value, const Reference& reference, const std::string& at) {
    const auto* list = value.as_list();
    if (list == nullptr) {
      for (auto& one : texts) append(one, value, reference, at);
      return;
    }
    if (std::exchange(spread_, true)) {
      refuse(reference, "is a second list in one text", at);
      return;
    }
    const Text start = texts.front();
    texts.assign(list->size(), start);
    for (std::size_t i = 0; i < list->size(); ++i) append(texts[i], (*list)[i], reference, at);
  }

  void append(Text& text, const Value& value, const Reference& reference, const std::string& at) {
    if (const auto* secret = value.as_secret()) {
      text.text += secret->reveal();
      text.secret = true;
    } else if (const auto* plain = value.as_string()) {
      text.text += *plain;
    } else if (value.as_int() != nullptr || value.as_bool() != nullptr || value.as_double() != nullptr) {
      text.text += to_toml(value);
    } else {
      refuse(reference, "is a " + std::string(value.type_name()) + ", which cannot stand inside a text", at);
    }
  }

  std::optional<Value> look_up(const Reference& reference, const std::string& at) {
    auto value = lookup_(reference);
    if (value) return std::move(*value);
    for (Diagnostic one : value.error().items()) {
      if (one.what.find(reference.text) == std::string::npos) one.what = reference.text + ": " + one.what;
      add(std::move(one), at);
    }
    return std::nullopt;
  }

  void refuse(const Reference& reference, const std::string& what, const std::string& at) {
    add({Severity::error, Fault::bad_site, {}, reference.text + " " + what, {}, {}}, at);
  }
  void add(Diagnostic one, const std::string& at) {
    one.where = at;
    problems.add(std::move(one));
  }

  const Lookup& lookup_;
  bool spread_ = false;
};

}  // namespace

Result<Value> resolve(const Value& value, const Lookup& lookup, const std::string& at) {
  Resolver resolver(lookup);
  Value out = resolver.resolve(value, at);
  if (resolver.problems.has_errors()) return failure(resolver.problems);
  return out;
}

}  // namespace wright

#pragma once

#include <wright/format.hpp>

#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>

namespace wright {

/// A value of a template: a text, number, boolean or secret.
struct TemplateValue {
  template <class T>
  TemplateValue(std::string_view name_, const T& value) : name(name_), secret(std::is_same_v<T, Secret>) {
    detail::append_text<true>(text, value);
  }
  std::string_view name;
  std::string text;
  bool secret;
};

namespace detail {

inline std::string fill_template(std::string_view rest, std::initializer_list<TemplateValue> values, bool secrets) {
  std::vector<bool> used(values.size());
  std::string out;
  while (true) {
    const std::size_t open = rest.find("{{");
    out += rest.substr(0, open);
    if (open == std::string_view::npos) break;
    const std::size_t close = rest.find("}}", open);
    if (close == std::string_view::npos) throw std::logic_error("template: {{ without }}");
    const std::string_view name = rest.substr(open + 2, close - open - 2);
    bool found = false;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const TemplateValue& value = values.begin()[i];
      if (value.name != name) continue;
      if (value.secret && !secrets)
        throw std::logic_error("template: {{" + std::string(name) + "}} is a secret; use render_secret");
      out += value.text;
      found = used[i] = true;
    }
    if (!found) throw std::logic_error("template: {{" + std::string(name) + "}} has no value");
    rest.remove_prefix(close + 2);
  }
  for (std::size_t i = 0; i < values.size(); ++i)
    if (!used[i]) throw std::logic_error("template: the value " + std::string(values.begin()[i].name) + " is not used");
  return out;
}

}  // namespace detail

/// The template with each "{{name}}" replaced by its value, and nothing else: no conditions, no loops, no spaces inside
/// the braces. Values are never read as templates. Throws std::logic_error at a name without value, a value that the
/// template does not use, and a secret.
inline std::string render(std::string_view text, std::initializer_list<TemplateValue> values) {
  return detail::fill_template(text, values, false);
}

/// The same with secrets among the values; the result is one.
inline Secret render_secret(std::string_view text, std::initializer_list<TemplateValue> values) {
  return Secret(detail::fill_template(text, values, true));
}

}  // namespace wright

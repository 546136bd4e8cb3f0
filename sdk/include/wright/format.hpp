#pragma once

#include <wright/text.hpp>

#include <charconv>
#include <concepts>
#include <string>
#include <string_view>
#include <type_traits>

namespace wright {

namespace detail {

/// Appends one argument. A Secret is accepted only where the result is one too.
template <bool Secrets, class T>
void append_text(std::string& out, const T& value) {
  if constexpr (std::same_as<T, Secret>) {
    static_assert(Secrets, "a secret in open text: use format_secret or render_secret");
    out += value.reveal();
  } else if constexpr (std::same_as<T, bool>) {
    out += value ? "true" : "false";
  } else if constexpr (std::same_as<T, char>) {
    out += value;
  } else if constexpr (std::integral<T>) {
    out += std::to_string(value);
  } else if constexpr (std::floating_point<T>) {
    char buffer[64];
    const auto end = std::to_chars(buffer, buffer + sizeof(buffer), value);
    out.append(buffer, end.ptr);
  } else {
    static_assert(std::convertible_to<const T&, std::string_view>, "only texts, numbers and booleans can be formatted");
    out += std::string_view(value);
  }
}

/// Counts "{}"; throws, so that it does not compile, at a brace that is none of "{}", "{{" and "}}".
constexpr std::size_t count_fields(std::string_view text) {
  std::size_t fields = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '{' && text[at] != '}') continue;
    const char next = at + 1 < text.size() ? text[at + 1] : '\0';
    if (text[at] == '{' && next == '}')
      ++fields;
    else if (next != text[at])
      throw "a single brace: write {{ or }}";
    ++at;
  }
  return fields;
}

template <class... Args>
struct FormatText {
  template <class Text>
  requires std::convertible_to<const Text&, std::string_view>
  consteval FormatText(const Text& literal) : text(literal) {
    if (count_fields(text) != sizeof...(Args)) throw "as many {} as there are arguments were expected";
  }
  std::string_view text;
};

/// Copies up to and over the next "{}", or to the end.
inline void copy_until_field(std::string& out, std::string_view& rest) {
  while (!rest.empty()) {
    const char c = rest.front();
    if (c != '{' && c != '}') {
      out += c;
      rest.remove_prefix(1);
      continue;
    }
    const bool field = rest.substr(0, 2) == "{}";
    if (!field) out += c;
    rest.remove_prefix(2);
    if (field) return;
  }
}

template <bool Secrets, class... Args>
std::string format_text(std::string_view rest, const Args&... args) {
  std::string out;
  ((copy_until_field(out, rest), append_text<Secrets>(out, args)), ...);
  copy_until_field(out, rest);
  return out;
}

}  // namespace detail

/// The text with each "{}" replaced by the next argument: texts, numbers, booleans. "{{" and "}}" are single braces.
/// The number of arguments is checked when compiling.
template <class... Args>
std::string format(detail::FormatText<std::type_identity_t<Args>...> text, const Args&... args) {
  return detail::format_text<false>(text.text, args...);
}

/// The same with secrets among the arguments; the result is one.
template <class... Args>
Secret format_secret(detail::FormatText<std::type_identity_t<Args>...> text, const Args&... args) {
  return Secret(detail::format_text<true>(text.text, args...));
}

}  // namespace wright

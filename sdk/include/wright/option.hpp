#pragma once

#include <wright/text.hpp>

#include <array>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

namespace wright {

/// One line of an option table. The member's initialiser is the default; its type is the option's type: std::string,
/// Secret, bool, any integer (whose limits are checked), double, std::vector, std::map with std::string keys,
/// std::optional (no default), or a struct with its own `static constexpr auto options`.
template <class Owner, class Member>
struct Option {
  static constexpr std::size_t most_choices = 24;

  std::string_view name;
  Member Owner::*member;
  std::string_view doc;
  std::optional<double> minimum{};
  std::optional<double> maximum{};
  std::array<std::string_view, most_choices> choice_texts{};
  std::size_t choice_count = 0;
  bool is_required = false;

  /// Inclusive limits of a number, or of each element of a list or map of numbers.
  [[nodiscard]] constexpr Option range(double lowest, double highest) const { return min(lowest).max(highest); }
  [[nodiscard]] constexpr Option min(double lowest) const {
    Option out = *this;
    out.minimum = lowest;
    return out;
  }
  [[nodiscard]] constexpr Option max(double highest) const {
    Option out = *this;
    out.maximum = highest;
    return out;
  }
  /// The only texts allowed, for the option or for each element.
  [[nodiscard]] constexpr Option choices(std::initializer_list<std::string_view> texts) const {
    Option out = *this;
    for (const auto text : texts) out.choice_texts.at(out.choice_count++) = text;
    return out;
  }
  template <class... Texts>
  [[nodiscard]] constexpr Option choices(Texts... texts) const {
    return choices({std::string_view(texts)...});
  }
  /// The site file must give it; the member's initialiser is no default then.
  [[nodiscard]] constexpr Option required() const {
    Option out = *this;
    out.is_required = true;
    return out;
  }
};

template <class Owner, class Member>
constexpr Option<Owner, Member> option(std::string_view name, Member Owner::*member, std::string_view doc) {
  return {name, member, doc};
}

/// The option table of a plugin's Config, or of a struct inside it.
template <class... Options>
constexpr std::tuple<Options...> options(Options... all) {
  return {all...};
}

namespace detail {

template <class T>
concept HasOptions = requires {
  T::options;
};

template <class T>
struct Shape {
  static constexpr std::int32_t type = std::is_same_v<T, std::string> ? WRIGHT_TYPE_TEXT
                                       : std::is_same_v<T, Secret>    ? WRIGHT_TYPE_SECRET
                                       : std::is_same_v<T, bool>      ? WRIGHT_TYPE_BOOLEAN
                                       : std::is_integral_v<T>        ? WRIGHT_TYPE_INTEGER
                                       : std::is_floating_point_v<T>  ? WRIGHT_TYPE_NUMBER
                                       : HasOptions<T>                ? WRIGHT_TYPE_TABLE
                                                                      : WRIGHT_TYPE_NULL;
  static_assert(type != WRIGHT_TYPE_NULL, "an option's member must be of a type that option.hpp names");
  using Element = void;
  using Leaf = T;  ///< whose limits or fields count
};
template <class T>
struct Shape<std::optional<T>> : Shape<T> {};
template <class T>
struct Shape<std::vector<T>> {
  static constexpr std::int32_t type = WRIGHT_TYPE_LIST;
  using Element = T;
  using Leaf = T;
};
template <class T>
struct Shape<std::map<std::string, T>> {
  static constexpr std::int32_t type = WRIGHT_TYPE_MAP;
  using Element = T;
  using Leaf = T;
};

template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};

}  // namespace detail
}  // namespace wright

#pragma once

#include <wright/format.hpp>
#include <wright/option.hpp>

#include <deque>

namespace wright::detail {

inline void append_json_text(std::string& out, std::string_view text) {
  static constexpr char hex[] = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20) {
      out += "\\u00";
      out += hex[byte >> 4U];
      out += hex[byte & 15U];
    } else {
      out += c;
    }
  }
  out += '"';
}

/// True when a table cannot be made from nothing.
template <class T>
constexpr bool needs_input() {
  if constexpr (HasOptions<T>)
    return std::apply(
        [](const auto&... option) {
          return (... ||
                  (option.is_required || needs_input<std::decay_t<decltype(std::declval<T>().*option.member)>>()));
        },
        T::options);
  else
    return false;
}

/// The value as JSON; empty when it has none: a secret, an empty optional, a table with required fields.
template <class T>
std::string to_json(const T& value) {
  std::string out;
  if constexpr (std::is_same_v<T, std::string>) {
    append_json_text(out, value);
  } else if constexpr (std::is_same_v<T, bool> || std::is_arithmetic_v<T>) {
    append_text<false>(out, value);
  } else if constexpr (IsOptional<T>::value) {
    if (value) out = to_json(*value);
  } else if constexpr (Shape<T>::type == WRIGHT_TYPE_LIST) {
    out = "[";
    for (const auto& item : value) {
      if (out.size() > 1) out += ',';
      out += to_json(static_cast<const typename Shape<T>::Element&>(item));
    }
    out += ']';
  } else if constexpr (Shape<T>::type == WRIGHT_TYPE_MAP) {
    out = "{";
    for (const auto& [key, item] : value) {
      if (out.size() > 1) out += ',';
      append_json_text(out, key);
      out += ':';
      out += to_json(item);
    }
    out += '}';
  } else if constexpr (HasOptions<T>) {
    if constexpr (needs_input<T>()) return out;
    out = "{";
    std::apply(
        [&](const auto&... option) {
          auto field = [&](const auto& one) {
            const std::string json = to_json(value.*one.member);
            if (json.empty()) return;
            if (out.size() > 1) out += ',';
            append_json_text(out, one.name);
            out += ':';
            out += json;
          };
          (field(option), ...);
        },
        T::options);
    out += '}';
  }
  return out;
}

/// The C tables of a plugin's options, and what they point to. Built once, then constant.
class OptionTable {
 public:
  template <class Config>
  static OptionTable of() {
    OptionTable table;
    table.top_ = table.add_all<Config>();
    return table;
  }
  [[nodiscard]] const wright_option* const* data() const { return top_->data(); }
  [[nodiscard]] std::uint64_t size() const { return top_->size(); }

 private:
  using Pointers = std::vector<const wright_option*>;

  template <class T>
  const Pointers* add_all() {
    Pointers made;
    const T defaults{};
    std::apply([&](const auto&... option) { (made.push_back(add(option, defaults.*option.member)), ...); }, T::options);
    return &lists_.emplace_back(std::move(made));
  }

  template <class Owner, class Member>
  const wright_option* add(const Option<Owner, Member>& from, const Member& value) {
    using Leaf = typename Shape<Member>::Leaf;
    wright_option out{};
    out.struct_size = sizeof(out);
    out.type = Shape<Member>::type;
    if constexpr (!std::is_void_v<typename Shape<Member>::Element>) {
      out.element = Shape<typename Shape<Member>::Element>::type;
      static_assert(Shape<Leaf>::type != WRIGHT_TYPE_LIST && Shape<Leaf>::type != WRIGHT_TYPE_MAP,
                    "a list of lists: name the inner one in a struct with options");
    }
    out.name = borrow(from.name);
    out.doc = borrow(from.doc);
    if (from.is_required)
      out.flags |= WRIGHT_OPTION_REQUIRED;
    else
      out.fallback = borrow(texts_.emplace_back(to_json(value)));
    set_limits<Leaf>(out, from.minimum, from.maximum);
    if (from.choice_count != 0) {
      auto& choices = choices_.emplace_back();
      for (std::size_t i = 0; i < from.choice_count; ++i) choices.push_back(borrow(from.choice_texts[i]));
      out.choices = choices.data();
      out.choice_count = choices.size();
    }
    if constexpr (HasOptions<Leaf>) {
      const Pointers* fields = add_all<Leaf>();
      out.fields = fields->data();
      out.field_count = fields->size();
    }
    return &options_.emplace_back(out);
  }

  /// What the option says, or what its integer type can hold where that is exact as a double.
  template <class Leaf>
  static void set_limits(wright_option& out, std::optional<double> minimum, std::optional<double> maximum) {
    if constexpr (std::is_integral_v<Leaf> && !std::is_same_v<Leaf, bool>) {
      using Limits = std::numeric_limits<Leaf>;
      if (!minimum && (sizeof(Leaf) < 8 || Limits::min() == 0)) minimum = static_cast<double>(Limits::min());
      if (!maximum && sizeof(Leaf) < 8) maximum = static_cast<double>(Limits::max());
    }
    if (minimum) {
      out.flags |= WRIGHT_OPTION_HAS_MINIMUM;
      out.minimum = *minimum;
    }
    if (maximum) {
      out.flags |= WRIGHT_OPTION_HAS_MAXIMUM;
      out.maximum = *maximum;
    }
  }

  // Deques: what was handed out stays where it is.
  std::deque<wright_option> options_;
  std::deque<Pointers> lists_;
  std::deque<std::vector<wright_str>> choices_;
  std::deque<std::string> texts_;
  const Pointers* top_ = nullptr;
};

}  // namespace wright::detail

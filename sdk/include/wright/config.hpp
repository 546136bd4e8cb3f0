#pragma once

#include <wright/host.hpp>
#include <wright/option.hpp>

#include <utility>

namespace wright::detail {

/// Fills a Config from the host's values. The host has checked them, so a wrong type here is a fault of the host.
class ConfigReader {
 public:
  explicit ConfigReader(const wright_host& host) : host_(host) {}

  template <class T>
  void read(const wright_value* from, const std::string& path, T& out) const {
    if (from == nullptr || host_.value_type(from) == WRIGHT_TYPE_NULL) return;
    if constexpr (IsOptional<T>::value) {
      typename T::value_type inner{};
      read(from, path, inner);
      out = std::move(inner);
    } else if constexpr (std::is_same_v<T, bool>) {
      out = get<std::int32_t>(host_.value_bool, from, path) != 0;
    } else if constexpr (std::is_integral_v<T>) {
      const auto number = get<std::int64_t>(host_.value_int, from, path);
      if (!std::in_range<T>(number)) throw HostError("option " + path + " is out of range");
      out = static_cast<T>(number);
    } else if constexpr (std::is_floating_point_v<T>) {
      out = static_cast<T>(get<double>(host_.value_number, from, path));
    } else if constexpr (std::is_same_v<T, std::string>) {
      out = copy(get<wright_str>(host_.value_str, from, path));
    } else if constexpr (std::is_same_v<T, Secret>) {
      out = Secret(copy(get<wright_str>(host_.value_secret, from, path)));
    } else if constexpr (Shape<T>::type == WRIGHT_TYPE_LIST) {
      read_list(from, path, out);
    } else if constexpr (Shape<T>::type == WRIGHT_TYPE_MAP) {
      expect(from, path, WRIGHT_TYPE_TABLE);
      out.clear();
      for (std::uint64_t i = 0; i < host_.value_size(from); ++i) {
        const std::string key = copy(host_.value_key(from, i));
        read(host_.value_at(from, i), path + "." + key, out[key]);
      }
    } else {
      read_table(from, path, out);
    }
  }

 private:
  template <class Element>
  void read_list(const wright_value* from, const std::string& path, std::vector<Element>& out) const {
    expect(from, path, WRIGHT_TYPE_LIST);
    out.clear();
    for (std::uint64_t i = 0; i < host_.value_size(from); ++i) {
      Element item{};
      read(host_.value_at(from, i), path + "[" + std::to_string(i) + "]", item);
      out.push_back(std::move(item));
    }
  }

  template <class T>
  void read_table(const wright_value* from, const std::string& path, T& out) const {
    expect(from, path, WRIGHT_TYPE_TABLE);
    const std::string prefix = path.empty() ? "" : path + ".";
    auto field = [&](const auto& option) {
      read(host_.value_get(from, borrow(option.name)), prefix + std::string(option.name), out.*option.member);
    };
    std::apply([&](const auto&... option) { (field(option), ...); }, T::options);
  }

  void expect(const wright_value* from, const std::string& path, std::int32_t type) const {
    if (host_.value_type(from) != type) throw HostError("option " + path + " has the wrong type");
  }
  template <class T>
  static T get(std::int32_t (*read_value)(const wright_value*, T*), const wright_value* from, const std::string& path) {
    T out{};
    if (read_value(from, &out) != WRIGHT_OK) throw HostError("option " + path + " has the wrong type");
    return out;
  }

  const wright_host& host_;
};

}  // namespace wright::detail

#pragma once

#include <wright/host.hpp>

#include <cmath>
#include <concepts>
#include <cstdint>

namespace wright {

/// Something being declared: a handle that is copied freely and used only in its phase.
class Node {
 public:
  Node(const wright_host* host, wright_node* node) : host_(host), node_(node) {}

 protected:
  // A NULL node was refused with a diagnostic when it was declared; setting it is harmless.
  void check(std::int32_t status, std::string_view what) const {
    if (node_ != nullptr) detail::expect_ok(status, what);
  }
  void put(std::string_view name, std::string_view text) const {
    check(host_->set_str(node_, detail::borrow(name), detail::borrow(text)), name);
  }
  void put(std::string_view name, const char* text) const { put(name, std::string_view(text)); }
  void put(std::string_view name, const std::string& text) const { put(name, std::string_view(text)); }
  void put(std::string_view name, const Secret& text) const {
    check(host_->set_secret(node_, detail::borrow(name), detail::borrow(text.reveal())), name);
  }
  void put(std::string_view name, const Strings& list) const {
    const auto items = detail::borrow(list.items());
    check(host_->set_list(node_, detail::borrow(name), items.data(), items.size()), name);
  }
  template <std::integral T>
  void put(std::string_view name, T number) const {
    const auto key = detail::borrow(name);
    check(std::is_same_v<T, bool> ? host_->set_bool(node_, key, static_cast<std::int32_t>(number))
                                  : host_->set_int(node_, key, static_cast<std::int64_t>(number)),
          name);
  }
  void put_entry(std::string_view name, std::string_view key, std::string_view text) const {
    check(host_->set_entry(node_, detail::borrow(name), detail::borrow(key), detail::borrow(text)), name);
  }
  void put_entry(std::string_view name, std::string_view key, const Secret& text) const {
    check(host_->set_entry_secret(node_, detail::borrow(name), detail::borrow(key), detail::borrow(text.reveal())),
          name);
  }
  void put_seconds(std::string_view name, double seconds) const { put(name, milliseconds(seconds)); }
  static std::int64_t milliseconds(double seconds) { return std::llround(seconds * 1000); }

  const wright_host* host_;
  wright_node* node_;
};

/// A resource of any kind, to be named by others: after(conf), restart_on(conf).
class Resource : public Node {
 public:
  using Node::Node;

 protected:
  void relate(std::string_view relation, const Resource& other) const {
    if (other.node_ == nullptr) return;
    check(host_->relate(node_, detail::borrow(relation), other.node_), relation);
  }
  /// By "kind:name", to one of another phase or component.
  void relate(std::string_view relation, std::string_view id) const {
    check(host_->relate_id(node_, detail::borrow(relation), detail::borrow(id)), relation);
  }
};

/// What every kind of resource can say. Each call gives a copy of the handle, so calls chain and the last can be kept.
template <class Self>
class ResourceOf : public Resource {
 public:
  using Resource::Resource;

  /// The others must hold before this one is looked at. Resources of this phase, or "kind:name".
  template <class... Others>
  Self after(const Others&... others) const {
    (relate("after", others), ...);
    return self();
  }

 protected:
  [[nodiscard]] const Self& self() const { return static_cast<const Self&>(*this); }
  template <class T>
  Self set(std::string_view name, const T& value) const {
    put(name, value);
    return self();
  }
};

/// Kinds that can be made to be gone.
template <class Self>
class RemovableOf : public ResourceOf<Self> {
 public:
  using ResourceOf<Self>::ResourceOf;
  Self absent() const { return this->set("ensure", "absent"); }
};

/// Kinds that have owner, group and mode.
template <class Self>
class OwnedOf : public RemovableOf<Self> {
 public:
  using RemovableOf<Self>::RemovableOf;
  /// Permission bits, such as 0644.
  Self mode(int bits) const { return this->set("mode", bits); }
  /// Name or number; root by default.
  Self owner(std::string_view user) const { return this->set("owner", user); }
  Self owner(std::string_view user, std::string_view group_name) const { return owner(user).group(group_name); }
  Self group(std::string_view name) const { return this->set("group", name); }
};

}  // namespace wright

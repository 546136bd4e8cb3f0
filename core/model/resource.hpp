#pragma once

#include <compare>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "model/value.hpp"

namespace wright {

/// A resource's identity on a host: written "kind:name", such as "file:/etc/nginx/nginx.conf".
struct ResourceId {
  std::string kind;
  std::string name;
  friend auto operator<=>(const ResourceId&, const ResourceId&) = default;
};
std::string to_string(const ResourceId& id);
/// Splits at the first colon; an error when there is none.
Result<ResourceId> parse_resource_id(std::string_view text);

/// One thing that must hold on a host. Attributes are those of its kind in model/kinds.hpp.
struct Resource {
  ResourceId id;
  std::string phase = "configure";      ///< "install" or "configure"
  std::vector<std::string> components;  ///< those that declare it, sorted; more than one when they share it
  Value::Map attributes;
  std::vector<ResourceId> after;       ///< must hold before this one is looked at
  std::vector<ResourceId> restart_on;  ///< service or program: restart when one of these changed
  std::vector<ResourceId> reload_on;   ///< service or program: reload when one of these changed
  friend bool operator==(const Resource&, const Resource&) = default;
};

/// A read-only functional check. Attributes are those of its kind in model/kinds.hpp.
struct Probe {
  std::string kind;  ///< "tcp", "tls", "http", "command", "file"
  std::string name;  ///< one line for people: "nginx answers https"
  std::string component;
  bool ready = false;         ///< a readiness gate: must pass before those that depend on the component start
  std::string from = "host";  ///< "host": asked by the agent; "controller": asked from outside, as a visitor would
  std::int64_t deadline_ms = 10000;
  Value::Map attributes;
  friend bool operator==(const Probe&, const Probe&) = default;
};

Value to_value(const Resource& resource);
Result<Resource> resource_from(const Value& value);
Value to_value(const Probe& probe);
Result<Probe> probe_from(const Value& value);

}  // namespace wright

#pragma once

#include <span>
#include <string_view>

#include "base/result.hpp"
#include "model/resource.hpp"

namespace wright {

/// The type of an attribute of a resource or probe.
enum class AttributeType { text, secret_or_text, integer, boolean, strings, table, mode };

struct AttributeSpec {
  std::string_view name;
  AttributeType type;
  bool required;
  std::string_view doc;
  bool bulk = false;  ///< needed only to make the resource, not to look at it or take it back, and may be long
};

struct KindSpec {
  std::string_view name;
  std::string_view doc;  ///< what the name means, and what holds when the resource holds
  std::span<const AttributeSpec> attributes;
};

/// Every kind of resource the agent knows, and every kind of probe: the one source for the controller's check of what a
/// plugin declares, for the agent's readers, and for the generated documentation.
std::span<const KindSpec> resource_kinds();
std::span<const KindSpec> probe_kinds();
const KindSpec* find_kind(std::span<const KindSpec> kinds, std::string_view name);

/// Whether what such a resource stands for runs, and so is restarted or reloaded when something that it uses changed.
bool is_running_kind(std::string_view kind);

/// Every unknown kind, unknown attribute (with the nearest known name), missing or wrongly typed attribute.
Diagnostics check(const Resource& resource);
Diagnostics check(const Probe& probe);

}  // namespace wright

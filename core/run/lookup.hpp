#pragma once

#include <string>

#include "run/evaluation.hpp"
#include "site/reference.hpp"

namespace wright {

/// The exports of every instance evaluated so far: component, then host.
using ExportsByComponent = std::map<std::string, std::map<std::string, Value::Map, std::less<>>, std::less<>>;

/// What ${...} stand for in the options of one component on one host.
Lookup lookup_for(const Site& site, const Instance& instance, const Sources& sources,
                  const ExportsByComponent& exports);

/// The instance whose exports `${owner.…}` means on `host`: on the same host first, else on the first of its hosts.
std::string export_host(const SiteComponent& owner, const std::string& host);

/// The entry that a dotted path names in nested tables; a whole key with dots in it goes first. Null when there is
/// none.
const Value& at_path(const Value::Map& table, std::string_view path);
/// Every dotted path of nested tables that ends at a value.
std::vector<std::string> paths_of(const Value::Map& table, const std::string& prefix = {});

}  // namespace wright

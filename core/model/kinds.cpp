#include "model/kinds.hpp"

#include <algorithm>
#include <array>

#include "model/resource_families.hpp"

namespace wright {

std::span<const KindSpec> resource_kinds() {
  static const std::array<KindSpec, 15> all{
      {package_kind, file_kind, directory_kind, symlink_kind, user_kind, group_kind, service_kind, command_kind,
       certificate_kind, http_kind, sql_kind, mongodb_replica_set_kind, mongodb_user_kind, sysctl_kind, program_kind}};
  return all;
}

bool is_running_kind(std::string_view kind) { return kind == "service" || kind == "program"; }

const KindSpec* find_kind(std::span<const KindSpec> kinds, std::string_view name) {
  const auto found = std::find_if(kinds.begin(), kinds.end(), [&](const KindSpec& k) { return k.name == name; });
  return found == kinds.end() ? nullptr : &*found;
}

}  // namespace wright

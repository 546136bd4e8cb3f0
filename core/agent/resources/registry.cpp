#include <map>

#include "agent/packages/package_kind.hpp"
#include "agent/resources/kinds.hpp"

namespace wright::agent {

Kind* find_kind(std::string_view name) {
  static const auto kinds = [] {
    std::map<std::string, std::unique_ptr<Kind>, std::less<>> all;
    all["file"] = make_file_kind();
    all["directory"] = make_directory_kind();
    all["symlink"] = make_symlink_kind();
    all["service"] = make_service_kind();
    all["user"] = make_user_kind();
    all["group"] = make_group_kind();
    all["command"] = make_command_kind();
    all["certificate"] = make_certificate_kind();
    all["http"] = make_http_kind();
    all["sql"] = make_sql_kind();
    all["program"] = make_program_kind();
    all["mongodb_replica_set"] = make_mongodb_replica_set_kind();
    all["mongodb_user"] = make_mongodb_user_kind();
    all["sysctl"] = make_sysctl_kind();
    all["package"] = make_package_kind();
    return all;
  }();
  const auto found = kinds.find(name);
  return found == kinds.end() ? nullptr : found->second.get();
}

}  // namespace wright::agent

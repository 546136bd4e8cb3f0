#include <map>

#include "agent/resources/kinds.hpp"
#ifdef WRIGHT_HAS_PACKAGES
#include "agent/packages/package_kind.hpp"
#endif

namespace wright::agent {

Kind* find_kind(std::string_view name) {
  static const auto kinds = [] {
    std::map<std::string, std::unique_ptr<Kind>, std::less<>> all;
    all["file"] = make_file_kind();
    all["directory"] = make_directory_kind();
    all["symlink"] = make_symlink_kind();
#ifdef WRIGHT_HAS_SERVICE
    all["service"] = make_service_kind();
#endif
#ifdef WRIGHT_HAS_ACCOUNTS
    all["user"] = make_user_kind();
    all["group"] = make_group_kind();
#endif
#ifdef WRIGHT_HAS_COMMAND
    all["command"] = make_command_kind();
#endif
#ifdef WRIGHT_HAS_CERTIFICATE
    all["certificate"] = make_certificate_kind();
#endif
#ifdef WRIGHT_HAS_PACKAGES
    all["package"] = make_package_kind();
#endif
    return all;
  }();
  const auto found = kinds.find(name);
  return found == kinds.end() ? nullptr : found->second.get();
}

}  // namespace wright::agent

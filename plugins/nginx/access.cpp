#include "config.hpp"
#include "syntax.hpp"

namespace nginx {

void declare_networks(Text& out, const std::vector<std::string>& allow, const std::vector<std::string>& deny) {
  for (const auto& network : deny) out.directive("deny", network);
  for (const auto& network : allow) out.directive("allow", network);
  if (!allow.empty()) out.directive("deny", "all");
}

void declare_access(Text& out, const Site& s) {
  declare_networks(out, s.allow, s.deny);
  if (s.users.empty()) return;
  out.directive("auth_basic", s.name);
  out.directive("auth_basic_user_file", password_path(s));
  if (s.satisfy == "any") out.line("satisfy any;");
}

}  // namespace nginx

#include <map>
#include <wright/digest.hpp>

#include "parts.hpp"

namespace elasticsearch {
namespace {

/// A line of the server's file of users. The salt is made of what it is for, as the same options must make the same
/// file.
std::string line_of(const std::string& host, const std::string& name, const wright::Secret& password) {
  const std::string salt = wright::sha256("wright " + host + " " + name + " " + password.reveal()).substr(0, 8);
  return name + ":{SSHA256}" + wright::base64(salt) + wright::base64(wright::sha256(password.reveal() + salt)) + "\n";
}

std::string users_roles_file(const Config& c) {
  std::map<std::string, std::string> members = {{"superuser", c.user}};
  for (const auto& user : c.users)
    for (const auto& role : user.roles) {
      auto& names = members[role];
      names += (names.empty() ? "" : ",") + user.name;
    }
  std::string out;
  for (const auto& [role, names] : members) out += role + ":" + names + "\n";
  return out;
}

/// JSON is YAML, too.
std::string roles_file(const Config& c) {
  std::string out = "# Written by wright. Hand edits are reported by `wright plan` and replaced by the next apply.\n";
  for (const auto& role : c.user_roles) {
    std::string indices;
    for (const auto& part : role.indices)
      indices += wright::format(R"({}{{"names":{},"privileges":{}}})", indices.empty() ? "" : ",",
                                wright::json_list(part.names), wright::json_list(part.privileges));
    out += wright::format("{}: {{\"cluster\":{},\"indices\":[{}]}}\n", role.name, wright::json_list(role.cluster),
                          indices);
  }
  return out;
}

}  // namespace

void declare_accounts(wright::Configure& on, const Config& c, const wright::Service& service) {
  std::string users = line_of(on.host(), c.user, c.password);
  for (const auto& user : c.users) users += line_of(on.host(), user.name, user.password);
  auto file = [&](const char* name) { return config_file(on, c, "/etc/elasticsearch/" + std::string(name)); };
  service.after(file("users").content(wright::Secret(users)));
  service.after(file("users_roles").content(users_roles_file(c)));
  if (!c.user_roles.empty()) service.after(file("roles.yml").content(roles_file(c)));
}

wright::Secret login(const std::string& user, const std::string& password) {
  return wright::Secret("Basic " + wright::base64(user + ":" + password));
}

}  // namespace elasticsearch

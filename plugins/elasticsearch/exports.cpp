#include <algorithm>
#include <wright/url.hpp>

#include "parts.hpp"

namespace elasticsearch {
namespace {

/// The URL with a user and password in it.
wright::Secret with_login(const std::string& url, const std::string& user, const wright::Secret& password) {
  const auto address = url.find("//") + 2;
  return wright::Secret(url.substr(0, address) + user + ":" + wright::url_quoted(password.reveal()) + "@" +
                        url.substr(address));
}

void export_urls(wright::Configure& on, const Config& c, const std::string& name, const std::string& url) {
  if (c.password.empty()) return on.export_value(name, url);
  on.export_value(name, with_login(url, c.user, c.password));
  // A dot in a name would be a table of its own.
  for (const auto& user : c.users)
    if (user.name.find('.') == std::string::npos)
      on.export_value(name + "s." + user.name, with_login(url, user.name, user.password));
}

/// Where a program on another host reaches it; empty when only its own host does.
std::string far_address(const wright::Phase& on, const Config& c) {
  const auto far = std::find_if_not(c.bind.begin(), c.bind.end(), is_loopback);
  if (far == c.bind.end()) return {};
  if (!c.publish.empty() && !is_loopback(c.publish)) return c.publish;
  const bool any = std::any_of(c.bind.begin(), c.bind.end(), is_any);
  const std::string address = on.address();
  return any || std::find(c.bind.begin(), c.bind.end(), address) != c.bind.end() ? address : *far;
}

}  // namespace

void export_values(wright::Configure& on, const Config& c, const Release& release) {
  on.export_value("address", near_address(c));
  on.export_value("port", c.port);
  on.export_value("cluster_name", c.cluster_name);
  on.export_value("log_file", log_path(c) + "/" + c.cluster_name + ".log");
  export_urls(on, c, "url", near_url(c));
  if (const std::string far = far_address(on, c); !far.empty()) {
    on.export_value("remote_address", far);
    export_urls(on, c, "remote_url", url_of(c, far));
  }
  // Of a series, nobody knows yet which one it will be.
  on.export_value("version", c.version.empty() ? std::string()
                                               : wright::format("{} {}.{}", c.flavor, release.major, release.minor));
}

}  // namespace elasticsearch

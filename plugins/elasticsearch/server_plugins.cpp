#include "parts.hpp"

namespace elasticsearch {
namespace {

// The one that was there is kept until the next change: a rollback then needs neither network nor the former package.
constexpr const char* install = R"(set -e
if [ -d "$1/plugins/$3" ]; then
  rm -rf "$1/former-plugins/$3"
  mkdir -p "$1/former-plugins"
  mv "$1/plugins/$3" "$1/former-plugins/"
fi
exec "$1/bin/$2-plugin" install --batch "$4")";

constexpr const char* take_back = R"(set -e
[ ! -d "$1/plugins/$3" ] || "$1/bin/$2-plugin" remove --purge "$3"
[ ! -d "$1/former-plugins/$3" ] || mv "$1/former-plugins/$3" "$1/plugins/"
[ ! -d "$1/former-plugins" ] || rmdir --ignore-fail-on-non-empty "$1/former-plugins")";

/// Upstream's version: a package's may have an epoch before it and a revision behind it.
std::string upstream(const std::string& version) {
  const auto colon = version.find(':');
  const auto begin = colon == std::string::npos ? 0 : colon + 1;
  return version.substr(begin, version.find('-', begin) - begin);
}

}  // namespace

void declare_server_plugins(wright::Configure& on, const Config& c, const wright::Service& service) {
  const std::string home = "/usr/share/" + c.flavor;
  const std::string java = java_home(c.java, on.fact("arch").text_or("amd64"));
  for (const auto& plugin : c.plugins) {
    // A plugin is made for one version of the server, which loads no other.
    const std::string descriptor = home + "/plugins/" + plugin.name + "/plugin-descriptor.properties";
    auto made =
        on.command(c.flavor + " plugin " + plugin.name)
            .argv({"/bin/sh", "-c", install, "sh", home, c.flavor, plugin.name,
                   plugin.url.empty() ? plugin.name : plugin.url})
            .unless({"/bin/grep", "-qx", c.flavor + "\\.version=" + (c.version.empty() ? ".*" : upstream(c.version)),
                     descriptor})
            .undo({"/bin/sh", "-c", take_back, "sh", home, c.flavor, plugin.name})
            .environment(c.flavor == "opensearch" ? "OPENSEARCH_PATH_CONF" : "ES_PATH_CONF", "/etc/" + c.flavor);
    if (!java.empty()) made.environment("JAVA_HOME", java);
    service.restart_on(made);
  }
}

}  // namespace elasticsearch

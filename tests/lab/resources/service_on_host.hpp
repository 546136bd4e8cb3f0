#pragma once

#include "lab/resources/on_host.hpp"

namespace wright::agent {

/// A unit "wtest.service" that the test writes and takes away again.
class ServiceOnHost : public OnHost {
 protected:
  ~ServiceOnHost() override {
    shell(
        "systemctl stop wtest wother; rm -f /etc/systemd/system/wtest.service /etc/systemd/system/wother.service; "
        "systemctl daemon-reload; systemctl reset-failed");
  }

  /// Lines of its [Service] section.
  void unit(const std::string& service, bool read = true, const std::string& name = "wtest") {
    write("/etc/systemd/system/" + name + ".service",
          "[Service]\n" + service + "\n[Install]\nWantedBy=multi-user.target\n");
    if (read) shell("systemctl daemon-reload");
  }
  static Resource service(Value::Map attributes, const std::string& name = "wtest") {
    Resource resource;
    resource.id = {"service", name};
    resource.attributes = std::move(attributes);
    if (!resource.attributes.contains("stable_ms")) resource.attributes["stable_ms"] = 300;
    return resource;
  }
  std::string state(const std::string& name = "wtest") {
    return shell("systemctl is-active " + name + "; systemctl is-enabled " + name + " 2>/dev/null");
  }
  std::string property(const std::string& name) { return shell("systemctl show --value -p " + name + " wtest"); }
  std::string links() { return shell("find /etc/systemd/system /etc/rc?.d -printf '%p %l\\n' | sort"); }

  std::unique_ptr<Kind> services = make_service_kind();
};

}  // namespace wright::agent

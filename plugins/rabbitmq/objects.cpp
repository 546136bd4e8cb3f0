#include <cctype>
#include <map>
#include <wright/json.hpp>
#include <wright/url.hpp>

#include "parts.hpp"

namespace rabbitmq {
namespace {

/// What the management interface calls a binding without arguments: rabbit_mgmt_format:pack_binding_props.
std::string binding_id(std::string_view key) {
  if (key.empty()) return "~";
  std::string id;
  for (const unsigned char c : key) {
    if (std::isalnum(c) != 0 || c == '.' || c == '-' || c == '_')
      id += static_cast<char>(c);
    else if (c == ' ')
      id += '+';
    else
      id += wright::format("%{}{}", "0123456789ABCDEF"[c >> 4U], "0123456789ABCDEF"[c & 15U]);
  }
  return id;
}

class Objects {
 public:
  Objects(wright::Configure& on, const Config& c, const wright::Service& service) : on_(on), c_(c), service_(service) {}

  void declare() {
    auto administrator = user(c_.admin_user, c_.admin_password, {"administrator"});
    permission("/", c_.admin_user, {}).after(administrator);
    for (const auto& name : c_.absent_users) object("users/" + wright::url_quoted(name)).absent().after(administrator);
    for (const auto& name : c_.vhosts) {
      const std::string quoted = wright::url_quoted(name);
      auto vhost = object("vhosts/" + quoted)
                       .body("{\"name\":" + wright::json_quoted(name) + "}")
                       .data_url(api_url(c_, "queues/" + quoted + "?columns=name"))
                       .after(administrator);
      vhosts_.emplace(name, vhost);
    }
    for (const auto& one : c_.users) {
      auto account = user(one.name, one.password, one.tags).after(administrator);
      for (const auto& p : one.permissions)
        after_vhost(permission(vhost_of(c_, p.vhost), one.name, p).after(account), vhost_of(c_, p.vhost));
    }
    for (const auto& p : c_.policies) policy(p);
    for (const auto& one : c_.exchanges) exchange(one);
    for (const auto& one : c_.queues) queue(one);
    for (const auto& one : c_.bindings) binding(one);
  }

 private:
  wright::HttpObject object(const std::string& path) {
    return on_.http(api_url(c_, path)).auth(c_.admin_user, c_.admin_password).after(service_);
  }

  wright::HttpObject user(const std::string& name, const wright::Secret& password,
                          const std::vector<std::string>& tags) {
    return object("users/" + wright::url_quoted(name))
        .body(R"({"hashing_algorithm":"rabbit_password_hashing_sha256","tags":)" + wright::json_list(tags) + "}")
        .password(password, "password_hash");
  }

  wright::HttpObject permission(const std::string& vhost, const std::string& name, const Permission& p) {
    return object("permissions/" + wright::url_quoted(vhost) + "/" + wright::url_quoted(name))
        .body("{\"configure\":" + wright::json_quoted(p.configure) + ",\"write\":" + wright::json_quoted(p.write) +
              ",\"read\":" + wright::json_quoted(p.read) + "}");
  }

  void policy(const Policy& p) {
    const std::string vhost = vhost_of(c_, p.vhost);
    after_vhost(
        object("policies/" + wright::url_quoted(vhost) + "/" + wright::url_quoted(p.name))
            .body("{\"pattern\":" + wright::json_quoted(p.pattern) + ",\"apply-to\":\"" + p.apply_to +
                  "\",\"priority\":" + wright::format("{}", p.priority) + ",\"definition\":" + p.definition + "}"),
        vhost);
  }

  void exchange(const Exchange& e) {
    const std::string vhost = vhost_of(c_, e.vhost);
    const std::string path = "exchanges/" + in_vhost(vhost, e.name);
    made_.emplace(path, object(path).body("{\"type\":" + wright::json_quoted(e.type) + ",\"durable\":" +
                                          (e.durable ? "true" : "false") + ",\"arguments\":" + e.arguments + "}"));
    after_vhost(made_.at(path), vhost);
  }

  void queue(const Queue& q) {
    const std::string vhost = vhost_of(c_, q.vhost);
    const std::string path = "queues/" + in_vhost(vhost, q.name);
    // How many messages there are is some seconds old; the broker itself refuses to delete them.
    made_.emplace(path, object(path + "?if-empty=true")
                            .body(std::string("{\"durable\":") + (q.durable ? "true" : "false") +
                                  ",\"arguments\":" + q.arguments + "}")
                            .data_count(api_url(c_, path), "/messages"));
    after_vhost(made_.at(path), vhost);
  }

  void binding(const Binding& b) {
    const std::string vhost = vhost_of(c_, b.vhost);
    const std::string path = "bindings/" + wright::url_quoted(vhost) + "/e/" + wright::url_quoted(b.exchange) + "/q/" +
                             wright::url_quoted(b.queue);
    auto bound = object(path + "/" + wright::url_quoted(binding_id(b.key)))
                     .body("{\"routing_key\":" + wright::json_quoted(b.key) + "}")
                     .make_url(api_url(c_, path));
    after_vhost(bound, vhost);
    for (const auto& end : {"exchanges/" + in_vhost(vhost, b.exchange), "queues/" + in_vhost(vhost, b.queue)})
      if (const auto declared = made_.find(end); declared != made_.end()) bound.after(declared->second);
  }

  static std::string in_vhost(const std::string& vhost, const std::string& name) {
    return wright::url_quoted(vhost) + "/" + wright::url_quoted(name);
  }

  void after_vhost(const wright::HttpObject& one, const std::string& vhost) {
    if (const auto declared = vhosts_.find(vhost); declared != vhosts_.end()) one.after(declared->second);
  }

  wright::Configure& on_;
  const Config& c_;
  const wright::Service& service_;
  std::map<std::string, wright::HttpObject> vhosts_;
  std::map<std::string, wright::HttpObject> made_;  ///< exchanges and queues, by their paths
};

}  // namespace

void declare_objects(wright::Configure& on, const Config& c, const wright::Service& service) {
  Objects(on, c, service).declare();
}

}  // namespace rabbitmq

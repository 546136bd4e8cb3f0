#include <map>
#include <wright/json.hpp>
#include <wright/url.hpp>

#include "parts.hpp"

namespace rabbitmq {
namespace {

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

  void after_vhost(const wright::HttpObject& one, const std::string& vhost) {
    if (const auto declared = vhosts_.find(vhost); declared != vhosts_.end()) one.after(declared->second);
  }

  wright::Configure& on_;
  const Config& c_;
  const wright::Service& service_;
  std::map<std::string, wright::HttpObject> vhosts_;
};

}  // namespace

void declare_objects(wright::Configure& on, const Config& c, const wright::Service& service) {
  Objects(on, c, service).declare();
}

}  // namespace rabbitmq

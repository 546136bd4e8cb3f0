#include <cctype>
#include <map>
#include <wright/json.hpp>
#include <wright/url.hpp>

#include "cluster.hpp"
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

/// A queue says every 5 s how much it holds, and the broker gathers that every 5 s; the rest is for one that is busy.
constexpr double statistics_seconds = 15;

/// The value of x-queue-type in a JSON object of arguments.
std::string queue_type(std::string_view arguments) {
  const std::string_view name = "\"x-queue-type\"";
  const auto at = arguments.find(name);
  if (at == std::string_view::npos) return "classic";
  const auto value = arguments.substr(at + name.size());
  const auto first = value.find('"');
  const auto last = first == std::string_view::npos ? first : value.find('"', first + 1);
  return last == std::string_view::npos ? "" : std::string(value.substr(first + 1, last - first - 1));
}

class Objects {
 public:
  Objects(wright::Configure& on, const Config& c, const wright::Service& service) : on_(on), c_(c), service_(service) {}

  void declare() {
    auto administrator = user(c_.admin_user, c_.admin_password, {"administrator"});
    // All nodes that start must be up before: a queue is not there while the node that it is on is not.
    if (is_clustered(c_) && is_first(c_)) administrator.gathers();
    for (const auto& name : c_.feature_flags) flags_.push_back(feature_flag(name).after(administrator));
    permission("/", c_.admin_user, {}).after(administrator);
    for (const auto& name : c_.absent_users) object("users/" + wright::url_quoted(name)).absent().after(administrator);
    for (const auto& name : c_.vhosts) {
      const std::string quoted = wright::url_quoted(name);
      auto vhost = object("vhosts/" + quoted)
                       .body("{\"name\":" + wright::json_quoted(name) + "}")
                       .data_url(api_url(c_, "queues/" + quoted + "?columns=name"))
                       .after(administrator);
      after_flags(vhost);
      vhosts_.emplace(name, vhost);
    }
    for (const auto& one : c_.users) {
      auto account = user(one.name, one.password, one.tags).after(administrator);
      for (const auto& p : one.permissions)
        after_vhost(permission(vhost_of(c_, p.vhost), one.name, p).after(account), vhost_of(c_, p.vhost));
    }
    for (const auto& p : c_.policies) policy(p);
    for (const auto& p : c_.parameters) parameter(p.component, p.name, vhost_of(c_, p.vhost), p.value);
    for (const auto& one : c_.limits) limits(one);
    for (const auto& one : c_.exchanges) exchange(one);
    for (const auto& one : c_.queues) queue(one);
    for (const auto& one : c_.bindings) binding(one);
  }

 private:
  wright::HttpObject object(const std::string& path) {
    auto one =
        on_.http(api_url(c_, path)).auth(c_.admin_user, c_.admin_password).unit("rabbitmq-server").after(service_);
    if (is_clustered(c_)) one.member_url(member_url(c_)).joins(!is_first(c_));
    return one;
  }

  /// The stamp costs nothing to look at, and data of another name has flags of its own.
  wright::Command feature_flag(const std::string& name) {
    return on_.command("feature flag " + name)
        .argv({"/usr/sbin/rabbitmqctl", "--quiet", "enable_feature_flag", name})
        .stamp(c_.node_name)
        .irreversible();
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
    // With it would go the bindings that others made.
    made_.emplace(path, object(path)
                            .remove_unless("if-unused=true", {"in use"})
                            .body("{\"type\":" + wright::json_quoted(e.type) + ",\"durable\":" +
                                  (e.durable ? "true" : "false") + ",\"arguments\":" + e.arguments + "}"));
    after_vhost(made_.at(path), vhost);
  }

  void queue(const Queue& q) {
    const std::string vhost = vhost_of(c_, q.vhost);
    const std::string path = "queues/" + in_vhost(vhost, q.name);
    const std::string body =
        std::string("{\"durable\":") + (q.durable ? "true" : "false") + ",\"arguments\":" + q.arguments + "}";
    // How many messages there are is some seconds old. The broker itself refuses to delete a classic queue that has
    // some or a consumer, who may hold messages that are not acknowledged; for other types it knows no such condition.
    auto declared = object(path).body(body);
    if (queue_type(q.arguments) == "classic")
      declared.data_count(api_url(c_, path), "/messages")
          .remove_unless("if-empty=true&if-unused=true", {"not empty", "in use"});
    else
      declared.data_count(api_url(c_, path), "/messages", statistics_seconds);
    made_.emplace(path, declared);
    after_vhost(made_.at(path), vhost);
  }

  void binding(const Binding& b) {
    const std::string vhost = vhost_of(c_, b.vhost);
    const bool to_queue = b.to_exchange.empty();
    const std::string& target = to_queue ? b.queue : b.to_exchange;
    const std::string path = "bindings/" + wright::url_quoted(vhost) + "/e/" + wright::url_quoted(b.exchange) +
                             (to_queue ? "/q/" : "/e/") + wright::url_quoted(target);
    const std::string key = "\"routing_key\":" + wright::json_quoted(b.key);
    // With arguments, its id has a digest of them that only the broker makes.
    auto bound = is_empty_object(b.arguments) ? object(path + "/" + wright::url_quoted(binding_id(b.key)))
                                                    .body("{" + key + "}")
                                                    .make_url(api_url(c_, path))
                                              : object(path + "#" + b.key + " " + b.arguments)
                                                    .find("routing_key", b.key)
                                                    .find("arguments", b.arguments)
                                                    .id_field("properties_key")
                                                    .body("{" + key + ",\"arguments\":" + b.arguments + "}");
    after_vhost(bound, vhost);
    for (const auto& end :
         {"exchanges/" + in_vhost(vhost, b.exchange), (to_queue ? "queues/" : "exchanges/") + in_vhost(vhost, target)})
      if (const auto declared = made_.find(end); declared != made_.end()) bound.after(declared->second);
  }

  void parameter(const std::string& component, const std::string& name, const std::string& vhost,
                 const std::string& value) {
    after_vhost(object("parameters/" + wright::url_quoted(component) + "/" + in_vhost(vhost, name))
                    .body("{\"value\":" + value + "}"),
                vhost);
  }

  /// The broker keeps them as a parameter.
  void limits(const Limits& l) {
    std::string value;
    for (const auto& [name, most] : {std::pair{"max-connections", l.max_connections}, {"max-queues", l.max_queues}})
      if (most >= 0) value += wright::format("{}\"{}\":{}", value.empty() ? "" : ",", name, most);
    parameter("vhost-limits", "limits", vhost_of(c_, l.vhost), "{" + value + "}");
  }

  static bool is_empty_object(std::string_view json) {
    return json.find_first_not_of("{} \t\r\n") == std::string_view::npos;
  }

  static std::string in_vhost(const std::string& vhost, const std::string& name) {
    return wright::url_quoted(vhost) + "/" + wright::url_quoted(name);
  }

  /// What is declared may need them, such as a queue that is a stream.
  void after_flags(const wright::HttpObject& one) {
    for (const auto& flag : flags_) one.after(flag);
  }

  void after_vhost(const wright::HttpObject& one, const std::string& vhost) {
    after_flags(one);
    if (const auto declared = vhosts_.find(vhost); declared != vhosts_.end()) one.after(declared->second);
  }

  wright::Configure& on_;
  const Config& c_;
  const wright::Service& service_;
  std::vector<wright::Command> flags_;
  std::map<std::string, wright::HttpObject> vhosts_;
  std::map<std::string, wright::HttpObject> made_;  ///< exchanges and queues, by their paths
};

}  // namespace

void declare_objects(wright::Configure& on, const Config& c, const wright::Service& service) {
  Objects(on, c, service).declare();
}

}  // namespace rabbitmq

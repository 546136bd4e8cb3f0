#include <wright/apt_source.hpp>
#include <wright/digest.hpp>
#include <wright/url.hpp>

#include "cluster.hpp"
#include "parts.hpp"
#include "templates/rabbitmq.hpp"

namespace rabbitmq {
namespace {

struct RabbitMq : wright::Plugin {
  static constexpr auto about = wright::about("rabbitmq", "1.0.0", "Message broker");
  using Config = rabbitmq::Config;
  static constexpr auto options = config_options;

  void install(wright::Install& on, const Config& c) {
    auto package = on.package("rabbitmq-server");
    if (!c.version.empty()) package.version(c.version);
    wright::apt_source(on, c.source, package);
    if (c.erlang_version.empty()) return;
    // Those that the broker's package needs; they must be of one version.
    for (const char* part : {"asn1", "base", "crypto", "eldap", "ftp", "inets", "mnesia", "os-mon", "parsetools",
                             "public-key", "runtime-tools", "snmp", "ssl", "syntax-tools", "tftp", "tools", "xmerl"})
      wright::apt_source(on, c.erlang_source.uri.empty() ? c.source : c.erlang_source,
                         on.package(std::string("erlang-") + part).version(c.erlang_version));
  }

  void configure(wright::Configure& on, const Config& given) {
    const Config c = on_this_host(on, given);
    if (!check(on, c)) return;
    auto file = [&](std::string_view path) { return on.file(path).mode(0640).owner("root", "rabbitmq"); };
    auto conf = file("/etc/rabbitmq/rabbitmq.conf").content(main_file(c));
    auto definitions = file("/etc/rabbitmq/definitions.json").content(definitions_file(c));
    // As the package leaves these two.
    auto environment = on.file("/etc/rabbitmq/rabbitmq-env.conf")
                           .mode(0644)
                           .owner("rabbitmq", "rabbitmq")
                           .content(environment_file(c));
    auto plugins =
        on.file("/etc/rabbitmq/enabled_plugins").mode(0644).owner("rabbitmq", "rabbitmq").content(plugins_file(c));
    auto limits =
        on.file("/etc/systemd/system/rabbitmq-server.service.d/wright.conf")
            .mode(0644)
            .content(wright::format("[Service]\nLimitNOFILE={}\n"
                                    "# Why it does not start stands in the journal, not in a file of its own.\n"
                                    "StandardOutput=journal\nStandardError=journal\n",
                                    c.open_files))
            .after(on.directory("/etc/systemd/system/rabbitmq-server.service.d").mode(0755));
    // It tells systemd itself when it is ready.
    auto service = on.service("rabbitmq-server")
                       .enabled()
                       .running()
                       .stable(0)
                       .timeout(c.start_timeout_s)
                       .after(definitions)
                       .restart_on(conf, environment, plugins, limits);
    if (is_local_node(c)) service.after(port_mapper(on, ""));
    if (is_clustered(c)) {
      service.after(port_mapper(on, own_address(c)));
      declare_membership(on, c, service);
    }
    if (!c.erlang_cookie.empty())
      service.restart_on(on.file("/var/lib/rabbitmq/.erlang.cookie")
                             .mode(0400)
                             .owner("rabbitmq", "rabbitmq")
                             .content(c.erlang_cookie));
    declare_objects(on, c, service);
    export_values(on, c);
  }

  void verify(wright::Verify& on, const Config& given) {
    if (given.listen.empty()) return;  // configure has said so
    const Config c = on_this_host(on, given);
    const wright::Secret login("Basic " + wright::base64(c.admin_user + ":" + c.admin_password.reveal()));
    if (is_clustered(c)) verify_membership(on, c, login);
    const std::string address = near_address(c.listen);
    for (const auto& user : c.users)
      for (const auto& permission : user.permissions) {
        const std::string vhost = vhost_of(c, permission.vhost);
        auto probe = on.tcp(address, c.port).ready().deadline(5);
        const bool all = permission.configure == ".*" && permission.write == ".*" && permission.read == ".*";
        if (all)
          probe.send(publish_and_get(user.name, user.password, vhost, proof_key(c, user), "wright proof"))
              .expect("wright proof")
              .named(wright::format("{} publishes to {} and gets it back", user.name, vhost));
        else
          probe.send(log_in(user.name, user.password, vhost))
              .expect(logged_in())
              .named(wright::format("{} logs in to {}", user.name, vhost));
      }
    if (c.users.empty())
      on.tcp(address, c.port)
          .send(log_in(c.admin_user, c.admin_password, "/"))
          .expect(logged_in())
          .named(wright::format("{} logs in", c.admin_user))
          .ready()
          .deadline(5);
    if (!c.tls.certificate.empty())
      on.tls(near_address(tls_addresses(c)), c.tls.port)
          .trust("any")
          .named("AMQP over TLS has its certificate")
          .deadline(2);
    on.http(api_url(c, "health/checks/local-alarms"))
        .header("Authorization", login)
        .named("no alarm of memory or disk holds up publishers")
        .deadline(2);
    // The interface has no look at one of them, only their list.
    for (const auto& name : c.feature_flags)
      on.http(api_url(c, "feature-flags?columns=name,state"))
          .header("Authorization", login)
          .contains(R"("name":")" + name + R"(","state":"enabled")")
          .named(wright::format("the feature flag {} is enabled", name))
          .deadline(2);
    for (const auto& name : c.absent_users)
      on.http(api_url(c, "users/" + wright::url_quoted(name)))
          .header("Authorization", login)
          .status(404)
          .named(wright::format("there is no user {}", name))
          .deadline(2);
  }

  void rollback(wright::Rollback& on, const Config&) {
    on.command("queues that hold messages").argv({"/bin/sh", "-s"}).input(templates::queues).timeout(120);
  }

 private:
  /// Hosts of a cluster prove at the same time, each what it sent itself.
  static std::string proof_key(const Config& c, const User& user) {
    return "wright-verify." + user.name + (is_clustered(c) ? "." + c.node_name : "");
  }

  /// Erlang's epmd says at which port a node is; it listens on all addresses by itself. Here on loopback, and besides
  /// on `address` unless that is empty.
  static wright::Service port_mapper(wright::Configure& on, const std::string& address) {
    std::string content = "[Socket]\nListenStream=\nListenStream=127.0.0.1:4369\n";
    // An address may come later than the socket at boot.
    if (!address.empty()) content += "ListenStream=" + address + ":4369\nFreeBind=true\n";
    auto drop_in = on.file("/etc/systemd/system/epmd.socket.d/wright.conf")
                       .mode(0644)
                       .content(content)
                       .after(on.directory("/etc/systemd/system/epmd.socket.d").mode(0755));
    return on.service("epmd.socket").running().stable(0).restart_on(drop_in);
  }

  static void export_values(wright::Configure& on, const Config& c) {
    const std::string address = near_address(c.listen);
    on.export_value("address", address);
    on.export_value("port", c.port);
    on.export_value("vhost", vhost_of(c, ""));
    on.export_value("log_file", "/var/log/rabbitmq/rabbit.log");
    if (c.users.empty()) return;
    on.export_value("user", c.users.front().name);
    export_urls(on, c, "url", address);
    if (is_reachable(c.listen)) export_urls(on, c, "remote_url", on.address());
    if (c.tls.certificate.empty()) return;
    const auto& tls = tls_addresses(c);
    on.export_value("tls_port", c.tls.port);
    export_urls(on, c, "tls_url", is_reachable(tls) ? on.address() : near_address(tls), true);
  }

  /// One for the first user, and one for each under the name's plural; a dot in a name would be a table of its own.
  static void export_urls(wright::Configure& on, const Config& c, const std::string& name, const std::string& address,
                          bool tls = false) {
    on.export_value(name, amqp_url(c, address, c.users.front(), tls));
    for (const auto& user : c.users)
      if (user.name.find('.') == std::string::npos)
        on.export_value(name + "s." + user.name, amqp_url(c, address, user, tls));
  }
};

}  // namespace
}  // namespace rabbitmq

using RabbitMqPlugin = rabbitmq::RabbitMq;
WRIGHT_PLUGIN(RabbitMqPlugin)

#include <wright/apt_source.hpp>
#include <wright/url.hpp>

#include "parts.hpp"

namespace mongodb {
namespace {

constexpr std::int64_t mebibyte = 1048576;
constexpr const char* near = "127.0.0.1";

struct Mongodb : wright::Plugin {
  static constexpr auto about = wright::about("mongodb", "1.0.0", "MongoDB server with its accounts");
  using Config = mongodb::Config;
  static constexpr auto options = config_options;

  void install(wright::Install& on, const Config& c) {
    auto package = on.package(c.package);
    if (!c.version.empty()) package.version(c.version);
    wright::apt_source(on, c.source, package);
    on.package("logrotate");
  }

  void configure(wright::Configure& on, const Config& c) {
    on.need({"memory.total_bytes", "container", "addresses"});
    const auto memory_mb = on.fact("memory.total_bytes").integer() / mebibyte;
    if (!check(on, c, memory_mb)) return;
    auto settings = on.file("/etc/mongod.conf").mode(0644).content(settings_file(c, memory_mb));
    const std::string drop_ins = "/etc/systemd/system/mongod.service.d";
    auto unit =
        on.file(drop_ins + "/wright.conf").mode(0644).content(drop_in(c)).after(on.directory(drop_ins).mode(0755));
    on.file("/etc/logrotate.d/mongod").mode(0644).content(rotation_file(c));
    auto service =
        on.service("mongod").enabled().running().stable(1).timeout(c.start_timeout_s).restart_on(settings, unit);
    if (c.data_path != Config().data_path)
      service.after(on.directory(c.data_path).mode(0755).owner("mongodb", "mongodb").data());
    if (c.huge_pages_off) declare_huge_pages(on, service);
    if (c.replica_set.name.empty()) {
      declare_users(on, c, "service:mongod");
    } else {
      service.restart_on(on.file(key_path)
                             .mode(0400)
                             .owner("mongodb", "mongodb")
                             .content(wright::format_secret("{}\n", c.replica_set.key)));
      auto set = on.mongodb_replica_set(c.replica_set.name)
                     .members(members_of(c))
                     .joins(!is_first(on, c))
                     .gathers(is_first(on, c))
                     .admin(c.admin_user, c.admin_password)
                     .host(near)
                     .port(c.port)
                     .tls(wants_tls(c))
                     .wait(c.start_timeout_s)
                     .after(service);
      if (asks_members_over_tls(c)) set.ca(c.tls.ca);
      declare_users(on, c, "mongodb_replica_set:" + c.replica_set.name);
    }
    export_values(on, c);
    on.export_value("version", c.version);
  }

  void verify(wright::Verify& on, const Config& c) {
    const double patience = c.start_timeout_s;
    const auto server = [&] { return on.mongodb(near, c.port).tls(wants_tls(c)); };
    auto admin = server();
    if (!c.replica_set.name.empty()) admin.replica_set(c.replica_set.name);
    admin.login(c.admin_user, c.admin_password)
        .database("admin")
        .named(wright::format("{} writes, reads and deletes", c.admin_user))
        .ready()
        .deadline(patience);
    for (const auto& user : c.users) {
      auto own =
          server().login(user.name, user.password).login_database(user.database).database(user.database).deadline(10);
      if (!c.replica_set.name.empty()) own.replica_set(c.replica_set.name);
      // Roles other than the usual one may not let it write.
      if (user.roles.empty())
        own.named(wright::format("{} writes, reads and deletes in {} with its password", user.name, user.database));
      else
        own.login_only().named(wright::format("{} logs in to {} with its password", user.name, user.database));
      server()
          .login(user.name, wright::Secret(user.password.reveal() + "x"))
          .login_database(user.database)
          .refused()
          .named(wright::format("{} is refused with another password", user.name))
          .deadline(10);
    }
    if (c.tls.mode != "off") declare_tls_probe(on, c);
    server()
        .login(c.admin_user, wright::Secret(c.admin_password.reveal() + "x"))
        .refused()
        .named(wright::format("{} is refused with another password", c.admin_user))
        .deadline(10);
    server().refused().named("nobody reads without a password").deadline(10);
  }

 private:
  /// It must be asked with it; where it may be, wright does not.
  static bool wants_tls(const Config& c) { return c.tls.mode == "require"; }

  static void declare_huge_pages(wright::Configure& on, const wright::Service& service) {
    const std::string container = on.fact("container").text_or("none");
    if (container != "none")
      return on.warning("huge_pages_off", "is not done: this host is a container (" + container + ")",
                        "turn transparent huge pages off on the machine that it runs on, or set it to false");
    auto unit = on.file("/etc/systemd/system/mongodb-huge-pages.service").mode(0644).content(huge_pages_unit());
    service.after(on.service("mongodb-huge-pages").enabled().running().after(unit));
  }

  /// To which wright may have to send a password.
  static bool asks_members_over_tls(const Config& c) {
    return c.replica_set.members.size() > 1 && !c.tls.ca.empty() && (c.tls.mode == "prefer" || c.tls.mode == "require");
  }

  /// Clients come by whatever name: only what the members call each other is known.
  static void declare_tls_probe(wright::Verify& on, const Config& c) {
    auto probe = on.tls(near, c.port).trust("any").deadline(10);
    const auto own = own_members(on, c);
    if (c.replica_set.members.size() < 2 || own.empty())
      return void(probe.named("MongoDB has a certificate that is valid now"));
    const std::string address = address_of(own.front());
    probe.server_name(address).named("MongoDB has a certificate for " + address + " that is valid now");
  }

  /// The member that makes the set, and its accounts while they are not there: every member declares both, so that
  /// another one may take its place.
  static bool is_first(const wright::Phase& on, const Config& c) {
    if (c.replica_set.members.size() < 2) return true;
    const auto own = own_members(on, c);
    return !own.empty() && own.front() == c.replica_set.members.front();
  }

  static void declare_users(wright::Configure& on, const Config& c, const std::string& first) {
    auto declare = [&](const std::string& name, const wright::Secret& password, const wright::Strings& roles) {
      auto user = on.mongodb_user(name)
                      .password(password)
                      .roles(roles)
                      .admin(c.admin_user, c.admin_password)
                      .host(near)
                      .port(c.port)
                      .tls(wants_tls(c))
                      .unit("mongod")
                      .wait(c.start_timeout_s)
                      .after(first);
      if (!c.replica_set.name.empty()) user.members(members_of(c)).joins(!is_first(on, c));
      if (asks_members_over_tls(c)) user.ca(c.tls.ca);
      return user;
    };
    auto admin = declare("admin." + c.admin_user, c.admin_password, {"root@admin"});
    for (const auto& user : c.users)
      declare(user.database + "." + user.name, user.password, roles_of(user)).after(admin);
  }

  static void export_values(wright::Configure& on, const Config& c) {
    on.export_value("address", near);
    on.export_value("port", c.port);
    on.export_value("log_file", c.log_path);
    std::string members;
    for (const auto& one : c.replica_set.members) members += (members.empty() ? "" : ",") + one;
    export_urls(on, c, "url", members.empty() ? wright::format("{}:{}", near, c.port) : members);
    if (!is_reachable(c)) return;
    const std::string far = on.address().find(':') == std::string::npos ? on.address() : "[" + on.address() + "]";
    export_urls(on, c, "remote_url", members.empty() ? wright::format("{}:{}", far, c.port) : members);
  }

  static void export_urls(wright::Configure& on, const Config& c, const std::string& name, const std::string& servers) {
    std::string more = c.replica_set.name.empty() ? "" : "&replicaSet=" + c.replica_set.name;
    if (wants_tls(c)) more += "&tls=true";
    for (const auto& user : c.users)
      on.export_value(name + "." + user.name,
                      wright::Secret(wright::format(
                          "mongodb://{}:{}@{}/{}?authSource={}{}", wright::url_quoted(user.name),
                          wright::url_quoted(user.password.reveal()), servers, user.database, user.database, more)));
  }
};

}  // namespace
}  // namespace mongodb

using MongodbPlugin = mongodb::Mongodb;
WRIGHT_PLUGIN(MongodbPlugin)

#include <wright/apt_source.hpp>
#include <wright/own_name.hpp>

#include "parts.hpp"

namespace elasticsearch {
namespace {

struct Elasticsearch : wright::Plugin {
  static constexpr auto about =
      wright::about("elasticsearch", "1.0.0", "Search server: Elasticsearch or OpenSearch, one node or several");
  using Config = elasticsearch::Config;
  static constexpr auto options = config_options;

  void install(wright::Install& on, const Config& c) {
    if (!c.java.empty()) on.package(c.java);
    auto package = on.package(c.flavor);
    if (c.flavor == "opensearch") {
      // The vendor's packages set up a demonstration: since 3.7 not when this says so, from 2.12 on only with a
      // password.
      package.environment("DISABLE_INSTALL_DEMO_CONFIG", "true");
      package.random_environment({"OPENSEARCH_INITIAL_ADMIN_PASSWORD"});
    }
    // Its users are given to it by a script that asks whether it answers.
    if (is_guarded_opensearch(c)) on.package("openssl");
    if (!c.version.empty()) {
      // Others' upgrades leave it at what the site file says.
      auto pin = on.file("/etc/apt/preferences.d/wright-" + c.flavor)
                     .mode(0644)
                     .content(wright::format("# Written by wright. The next apply replaces hand edits.\nPackage: {}\n"
                                             "Pin: version {}\nPin-Priority: 1001\n",
                                             c.flavor, c.version));
      package.version(c.version).after(pin);
    }
    // Its scripts may start Java.
    if (!c.java.empty()) package.after("package:" + c.java);
    wright::apt_source(on, c.source, package);
  }

  void configure(wright::Configure& on, const Config& c) {
    on.need({"memory.total_bytes", "arch", "container", "hostname"});
    const Release release = release_of(on, c);
    if (!check(on, c, release)) return;
    const auto memory = on.fact("memory.total_bytes").integer();
    const std::string folder = "/etc/" + c.flavor;
    auto settings = config_file(on, c, folder + "/" + c.flavor + ".yml").content(settings_file(c, release, on.host()));
    auto java =
        config_file(on, c, folder + (has_jvm_folder(release) ? "/jvm.options.d/wright.options" : "/jvm.options"))
            .content(jvm_file(c, release, memory));
    if (has_jvm_folder(release)) java.after(config_directory(on, c, folder + "/jvm.options.d"));
    const std::string drop_ins = "/etc/systemd/system/" + c.flavor + ".service.d";
    auto unit = on.file(drop_ins + "/wright.conf")
                    .mode(0644)
                    .content(drop_in(c, on.fact("arch").text_or("amd64")))
                    .after(on.directory(drop_ins).mode(0755));
    // The packages' scripts do not restart it: what runs would be the former version, without its files.
    auto service = on.service(c.flavor)
                       .enabled()
                       .running()
                       .stable(1)
                       .timeout(c.start_timeout_s)
                       .restart_on(settings, java, unit, "package:" + c.flavor);
    if (!c.data_path.empty()) service.after(on.directory(c.data_path).mode(0750).owner(c.flavor, c.flavor).data());
    if (!c.log_path.empty()) service.after(on.directory(c.log_path).mode(0750).owner(c.flavor, c.flavor));
    declare_keystore(on, c, service);
    auto serving = service;
    if (is_guarded_opensearch(c))
      serving = declare_opensearch_accounts(on, c, service);
    else if (!c.password.empty())
      declare_accounts(on, c, service);
    declare_tls(on, c, service);
    declare_server_plugins(on, c, service);
    if (c.own_name) wright::declare_own_name(on, service);
    declare_kernel(on, c, service);
    declare_defaults(on, c, serving);
    export_values(on, c, release);
  }

  void verify(wright::Verify& on, const Config& c) {
    if (c.bind.empty()) return;  // configure has said so
    const Asking ask(on, c);
    ask("GET", "/", 10).contains("\"cluster_name\"").ready().named(c.flavor + " answers");
    ask("GET", "/_cluster/health?wait_for_status=green&timeout=5s", 10)
        .contains("\"status\":\"green\"")
        .named("the cluster is green");
    // A node that has no unassigned shards cannot explain one; else what it says is the reason.
    ask("GET", "/_cluster/allocation/explain", 2)
        .status(400)
        .contains("unassigned shards")
        .named("every shard has its place");
    const std::string index = "/wright-verify-" + lower(on.host());
    // What a run that was cut off has left. Asked until it is gone: to ignore one that is not there, a server with
    // accounts turns the name into a pattern, and refuses to delete by that.
    ask("DELETE", index, 5).status(404).named("a test index of former runs is gone");
    ask("PUT", index, 5)
        .header("Content-Type", "application/json")
        .body(R"({"settings":{"index":{"number_of_shards":1,"number_of_replicas":0}}})")
        .contains("\"acknowledged\":true")
        .named("an index is made");
    ask("PUT", index + "/_doc/1?refresh=true", 5)
        .header("Content-Type", "application/json")
        .body(R"({"proof":"wright searches"})")
        .status(201)
        .contains("\"created\"")
        .named("a document is indexed");
    ask("GET", index + "/_search?q=proof:searches", 2).contains("wright searches").named("and found by a search");
    ask("DELETE", index + "/_doc/1?refresh=true", 2).contains("\"deleted\"").named("and deleted");
    ask("DELETE", index, 5).contains("\"acknowledged\":true").named("the index is removed");
    if (c.password.empty()) return;
    ask.plain("/").status(401).named("nobody is let in without a password").deadline(2);
    ask.plain("/")
        .header("Authorization", login(c.user, c.password.reveal() + "x"))
        .status(401)
        .named("a wrong password is refused")
        .deadline(5);
    if (c.users.empty()) return;
    const bool guarded = is_guarded_opensearch(c);
    const char* self = guarded                           ? "/_plugins/_security/authinfo"
                       : release_of(on, c).is_from(7, 0) ? "/_security/_authenticate"
                                                         : "/_xpack/security/_authenticate";
    for (const auto& user : c.users)
      ask.plain(self)
          .header("Authorization", login(user.name, user.password.reveal()))
          .contains((guarded ? "\"user_name\":\"" : "\"username\":\"") + user.name + "\"")
          .named(user.name + " logs in")
          .deadline(5);
    // The server takes names of roles that it does not have, and gives none of them.
    for (const auto& user : c.users)
      for (const auto& role : user.roles)
        if (guarded)
          ask.plain(self)
              .header("Authorization", login(user.name, user.password.reveal()))
              .contains("\"" + role + "\"")
              .named(user.name + " has the role " + role)
              .deadline(2);
  }

 private:
  class Asking {
   public:
    Asking(wright::Verify& on, const Config& c) : on_(on), c_(c) {}
    wright::HttpProbe operator()(std::string_view method, const std::string& path, double deadline) const {
      auto probe = plain(path).method(method).deadline(deadline);
      return c_.password.empty() ? probe : probe.header("Authorization", login(c_.user, c_.password.reveal()));
    }

    /// Without a login. Who listens on the host's own address is known without a certificate.
    [[nodiscard]] wright::HttpProbe plain(const std::string& path) const {
      auto probe = on_.http(near_url(c_) + path);
      return is_https(c_) ? probe.trust("any") : probe;
    }

   private:
    wright::Verify& on_;
    const Config& c_;
  };

  /// A start is over when REST listens, or when the server has died.
  static std::string drop_in(const Config& c, const std::string& arch) {
    std::string out =
        wright::format("[Service]\nLimitNOFILE={}\nTimeoutStartSec={}\n", c.open_files, c.start_timeout_s);
    if (c.memory_lock) out += "LimitMEMLOCK=infinity\n";
    // What its index knows of users may be anybody's once it was open to all.
    if (c.flavor == "opensearch" && c.password.empty())
      out += wright::format("ExecStartPre=/bin/rm -f \"{}/wright-accounts\"\n", data_path(c));
    if (!c.java.empty()) {
      const std::string home = java_home(c.java, arch);
      const std::string prefix = c.flavor == "opensearch" ? "OPENSEARCH" : "ES";
      out += "Environment=JAVA_HOME=" + home + "\nEnvironment=" + prefix + "_JAVA_HOME=" + home + "\n";
    }
    return out + wright::format(
                     "# Why it did not start stands at the end of its log, and then in the journal too.\n"
                     "ExecStartPost=/bin/bash -c 'until (: >/dev/tcp/{}/{}) 2>/dev/null; do [ -d /proc/$MAINPID ] || "
                     "{{ tail -n 200 \"$0\" | grep -av \"^[[:space:]]*at \" | tail -n 8 | cut -c -400; exit 1; }}; "
                     "sleep 0.2; done' \"{}/{}.log\"\n",
                     near_address(c), c.port, log_path(c), c.cluster_name);
  }

  /// The package makes it where its scripts find a Java; Elasticsearch itself may not write there.
  static void declare_keystore(wright::Configure& on, const Config& c, const wright::Service& service) {
    const std::string path = "/etc/" + c.flavor + "/" + c.flavor + ".keystore";
    auto made = on.command("keystore of " + c.flavor)
                    .argv({"/usr/share/" + c.flavor + "/bin/" + c.flavor + "-keystore", "create"})
                    .environment(c.flavor == "opensearch" ? "OPENSEARCH_PATH_CONF" : "ES_PATH_CONF", "/etc/" + c.flavor)
                    .creates(path)
                    .undo({"/bin/rm", "-f", "--", path})
                    .makes({path})
                    .user(files_owner(c));
    if (const std::string home = java_home(c.java, on.fact("arch").text_or("amd64")); !home.empty())
      made.environment("JAVA_HOME", home);
    service.after(made);
  }

  static void declare_kernel(wright::Configure& on, const Config& c, const wright::Service& service) {
    if (c.max_map_count == 0) return;
    const std::string container = on.fact("container").text_or("none");
    if (container != "none")
      return on.warning("max_map_count", "is not set: this host is a container (" + container + ")",
                        wright::format("set vm.max_map_count = {} on the machine that it runs on", c.max_map_count));
    const std::string value = wright::format("{}", c.max_map_count);
    service.after(on.sysctl("vm.max_map_count").value(value));
    on.file("/etc/sysctl.d/60-" + c.flavor + ".conf").mode(0644).content("vm.max_map_count = " + value + "\n");
  }

  /// Of indices that nobody says it for: the lowest order gives way to every other template.
  static void declare_defaults(wright::Configure& on, const Config& c, const wright::Service& service) {
    auto defaults = rest_object(on, c, "/_template/wright")
                        .within("/wright")
                        .body(wright::format("{{\"index_patterns\":[\"*\"],\"order\":-100,\"settings\":{{\"index\":"
                                             "{{\"number_of_shards\":\"{}\",\"number_of_replicas\":\"{}\"}}}}}}",
                                             c.shards, c.replicas))
                        .after(service);
    for (const auto& name : c.placeholders)
      rest_object(on, c, "/" + name + "_none")
          .within("/" + name + "_none")
          .body("{\"aliases\":{\"" + name + "_nothing\":{}}}")
          // The server says more of an index than it takes when one is made.
          .restore({"aliases", "mappings"})
          .data_count(near_url(c) + "/" + name + "_none/_count", "/count")
          .after(defaults);
  }
};

}  // namespace

wright::File config_file(wright::Configure& on, const Config& c, const std::string& path) {
  return on.file(path).mode(c.flavor == "opensearch" ? 0640 : 0660).owner(files_owner(c), c.flavor);
}

wright::Directory config_directory(wright::Configure& on, const Config& c, const std::string& path) {
  return on.directory(path).mode(c.flavor == "opensearch" ? 0750 : 02750).owner(files_owner(c), c.flavor);
}

wright::HttpObject rest_object(wright::Configure& on, const Config& c, const std::string& path) {
  auto made = on.http(near_url(c) + path).unit(c.flavor).wait(c.start_timeout_s);
  if (!c.password.empty()) made.auth(c.user, c.password);
  // What all nodes hold together is not taken away by one that leaves them.
  if (!c.seeds.empty()) made.member_url(near_url(c) + "/");
  return is_https(c) ? made.trust("any") : made;
}

}  // namespace elasticsearch

using ElasticsearchPlugin = elasticsearch::Elasticsearch;
WRIGHT_PLUGIN(ElasticsearchPlugin)

#include <algorithm>
#include <wright/apt_source.hpp>
#include <wright/own_name.hpp>

#include "parts.hpp"

namespace graylog {
namespace {

constexpr std::int64_t mebibyte = 1048576;

struct Graylog : wright::Plugin {
  static constexpr auto about = wright::about("graylog", "1.0.0", "Log server: inputs, streams, alerts and dashboards");
  using Config = graylog::Config;
  static constexpr auto options = config_options;

  void install(wright::Install& on, const Config& c) {
    if (!c.java.empty()) on.package(c.java);
    if (!c.tls.certificate.empty()) on.package("openssl");
    auto package = on.package("graylog-server");
    if (!c.version.empty()) package.version(c.version);
    wright::apt_source(on, c.source, package);
  }

  void configure(wright::Configure& on, const Config& c) {
    if (!check(on, c)) return;
    const auto all = with_packs(c);
    const auto memory = on.fact("memory.total_bytes").integer() / mebibyte;
    const auto heap = c.heap_mb > 0
                          ? c.heap_mb
                          : static_cast<std::uint32_t>(std::clamp<std::int64_t>(memory / 4, least_heap_mb, 2048));
    auto conf = on.file("/etc/graylog/server/server.conf")
                    .mode(0640)
                    .owner("root", "graylog")
                    .content(server_conf(all, release_on(on, c)));
    auto defaults = on.file("/etc/default/graylog-server").mode(0644).content(default_file(all, heap));
    auto service = on.service("graylog-server")
                       .enabled()
                       .running()
                       .stable(0)
                       .timeout(c.start_timeout_s)
                       .restart_on(conf, defaults);
    if (c.journal.directory != "/var/lib/graylog-server/journal")
      service.after(on.directory(c.journal.directory).mode(0755).owner("graylog", "graylog").data());
    if (c.own_name) wright::declare_own_name(on, service);
    // What all nodes share is declared once.
    if (c.leader) declare_objects(on, all, service);
    declare_certificates(on, all, service);
    on.export_value("url", url_at(c, far_address(on, c.bind)));
    on.export_value("address", far_address(on, c.bind));
    on.export_value("port", c.port);
    on.export_value("log_file", "/var/log/graylog-server/server.log");
    for (const auto& input : all.inputs)
      if (const std::string name = word_of(input.name); !name.empty() && input.port != 0)
        on.export_value("inputs." + name, wright::format("{}:{}", bracketed(far_address(on, input.bind)), input.port));
  }

  void verify(wright::Verify& on, const Config& c) {
    if (c.search.empty()) return;  // configure has said so
    const Config all = with_packs(c);
    const std::string url = near_url(c);
    const auto basic = [&](const std::string& password) {
      return wright::Secret("Basic " + wright::base64(c.root_user + ":" + password));
    };
    on.http(url + "/api/system/lbstatus")
        .trust("any")
        .contains("ALIVE")
        .named("graylog says that it is alive")
        .ready()
        .deadline(c.start_timeout_s);
    on.http(url + "/api/system")
        .trust("any")
        .header("Authorization", basic(c.root_password.reveal()))
        .header("Accept", "application/json")
        .contains("\"is_processing\":true")
        .named(wright::format("{} logs in, and messages are processed", c.root_user))
        .deadline(10);
    on.http(url + "/api/system")
        .trust("any")
        .header("Authorization", basic(c.root_password.reveal() + "x"))
        .status(401)
        .named("a wrong password is refused")
        .deadline(10);
    on.http(url + "/").trust("any").contains("<title>Graylog").named("the web interface answers").deadline(10);
    on.check_command({"/bin/bash", "-s"})
        .input(proof(all))
        .named(wright::format("each of {} inputs runs, and a message to it is found; journal and disk have room",
                              all.inputs.size()))
        .deadline(30);
  }
};

}  // namespace
}  // namespace graylog

using GraylogPlugin = graylog::Graylog;
WRIGHT_PLUGIN(GraylogPlugin)

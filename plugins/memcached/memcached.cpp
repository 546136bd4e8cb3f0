#include <algorithm>
#include <cctype>
#include <string>
#include <vector>
#include <wright/plugin.hpp>

#include "templates/memcached.hpp"

namespace {

struct Memcached : wright::Plugin {
  static constexpr auto about = wright::about("memcached", "1.0.0", "In-memory key-value cache");

  struct Config {
    std::vector<std::string> listen = {"127.0.0.1"};
    std::uint16_t port = 11211;
    std::uint16_t udp_port = 0;
    std::uint32_t memory_mb = 64;
    double memory_share = 0;
    std::uint32_t connections = 1024;
    std::uint32_t threads = 4;
    std::uint32_t item_size_kb = 1024;
    std::string user = "memcache";
    std::string logfile = "/var/log/memcached.log";
    std::uint32_t verbosity = 0;
    std::string socket;
    std::string socket_mode = "0770";
    std::vector<std::string> extra;
  };
  static constexpr auto options = wright::options(
      wright::option("listen", &Config::listen, "Numeric addresses to listen on."),
      wright::option("port", &Config::port, "TCP port.").range(1, 65535),
      wright::option("udp_port", &Config::udp_port, "UDP port; 0 turns UDP off, as it should be on any network."),
      wright::option("memory_mb", &Config::memory_mb, "Cache size in MiB.").range(8, 1048576),
      wright::option("memory_share", &Config::memory_share,
                     "Cache size as a share of the host's memory, such as 0.3; 0 uses memory_mb.")
          .range(0, 0.9),
      wright::option("connections", &Config::connections, "Most connections at the same time.").range(1, 1000000),
      wright::option("threads", &Config::threads, "Worker threads.").range(1, 128),
      wright::option("item_size_kb", &Config::item_size_kb, "Largest item in KiB.").range(1, 1048576),
      wright::option("user", &Config::user, "Account it runs as."),
      wright::option("logfile", &Config::logfile, "Log file of the daemon's own messages."),
      wright::option("verbosity", &Config::verbosity, "0 errors, 1 warnings, 2 commands, 3 internals.").range(0, 3),
      wright::option("socket", &Config::socket, "Absolute path of a unix socket; it then listens on nothing else."),
      wright::option("socket_mode", &Config::socket_mode, "Mode of the unix socket, in octal."),
      wright::option("extra", &Config::extra, "More lines for memcached.conf, such as \"-o modern\"."));

  static bool is_line(const std::string& text) {
    return std::none_of(text.begin(), text.end(), [](unsigned char c) { return std::iscntrl(c) != 0; });
  }

  static void check(wright::Configure& on, const Config& c) {
    if (!c.socket.empty() && c.socket[0] != '/') on.error("socket", "must be an absolute path");
    if (c.logfile.empty() || c.logfile[0] != '/') on.error("logfile", "must be an absolute path");
    if (c.socket.empty() && c.listen.empty()) on.error("listen", "names no address, and no socket is given");
    if (c.socket_mode.find_first_not_of("01234567") != std::string::npos || c.socket_mode.empty())
      on.error("socket_mode", "must be octal digits, such as 0770");
    for (std::size_t i = 0; i < c.extra.size(); ++i)
      if (!is_line(c.extra[i])) on.error(wright::format("extra[{}]", i), "must be one line without control characters");
    for (std::size_t i = 0; i < c.listen.size(); ++i)
      if (c.listen[i].empty() || c.listen[i].find_first_not_of("0123456789abcdefABCDEF.:") != std::string::npos)
        on.error(wright::format("listen[{}]", i), "must be a numeric address, such as 127.0.0.1");
    for (const std::string* text : {&c.user, &c.logfile, &c.socket})
      if (!is_line(*text)) on.error("", "user, logfile and socket must not hold control characters");
  }

  static std::uint64_t memory_mb(wright::Configure& on, const Config& c) {
    if (c.memory_share <= 0) return c.memory_mb;
    const auto total = static_cast<double>(on.fact("memory.total_bytes").integer());
    return std::max<std::uint64_t>(8, static_cast<std::uint64_t>(total * c.memory_share / (1 << 20)));
  }

  static std::string more_lines(const Config& c) {
    std::string out;
    if (!c.socket.empty()) {
      out += "-s " + c.socket + "\n-a " + c.socket_mode + "\n";
    } else {
      for (const auto& address : c.listen) out += "-l " + address + "\n";
      out += wright::format("-p {}\n-U {}\n", c.port, c.udp_port);
    }
    if (c.verbosity > 0) out += "-" + std::string(c.verbosity, 'v') + "\n";
    for (const auto& line : c.extra) out += line + "\n";
    if (!out.empty()) out.pop_back();
    return out;
  }

  /// A wildcard address is asked for on loopback.
  static std::string probe_address(const Config& c) {
    if (c.listen[0] == "0.0.0.0") return "127.0.0.1";
    return c.listen[0] == "::" ? "::1" : c.listen[0];
  }

  void install(wright::Install& on, const Config&) { on.package("memcached"); }

  void configure(wright::Configure& on, const Config& c) {
    check(on, c);
    auto conf =
        on.file("/etc/memcached.conf")
            .mode(0644)
            .content(wright::render(templates::memcached_conf, {{"logfile", c.logfile},
                                                                {"memory_mb", wright::format("{}", memory_mb(on, c))},
                                                                {"user", c.user},
                                                                {"connections", wright::format("{}", c.connections)},
                                                                {"threads", wright::format("{}", c.threads)},
                                                                {"item_size", wright::format("{}k", c.item_size_kb)},
                                                                {"more", more_lines(c)}}));
    on.service("memcached").enabled().running().restart_on(conf);
    if (!c.socket.empty())
      on.export_value("address", c.socket);
    else if (!c.listen.empty())
      on.export_value("address", wright::format("{}:{}", probe_address(c), c.port));
  }

  void verify(wright::Verify& on, const Config& c) {
    if (c.socket.empty() && c.listen.empty()) return;  // configure has said so
    auto probe = [&] { return c.socket.empty() ? on.tcp(probe_address(c), c.port) : on.socket(c.socket); };
    probe().named("memcached answers version").send("version\r\n").expect("VERSION ").ready();
    probe()
        .named("memcached stores and returns a value")
        .send("set wright_verify 0 30 5\r\nproof\r\nget wright_verify\r\ndelete wright_verify\r\n")
        .expect("proof\r\nEND\r\nDELETED");
  }
};

}  // namespace

WRIGHT_PLUGIN(Memcached)

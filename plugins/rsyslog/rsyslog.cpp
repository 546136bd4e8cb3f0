#include <charconv>
#include <cstdint>
#include <set>
#include <string>
#include <vector>
#include <wright/check.hpp>
#include <wright/plugin.hpp>
#include <wright/shell.hpp>

#include "templates/rsyslog.hpp"

namespace {

constexpr const char* state_folder = "/var/lib/rsyslog";
/// Messages for which a MiB of the queue counts: of 4 KiB as rsyslog stores them, which takes 1.3 KiB for a line.
constexpr std::uint64_t messages_per_mb = 256;
/// Room above the marks. A reader of the journal goes on with one message a second there.
constexpr std::uint64_t room_above = 200000;

struct LogFile {
  std::string path;
  std::string tag;

  static constexpr auto options = wright::options(
      wright::option("path", &LogFile::path, "Its absolute path; its name may hold a \"*\".").required(),
      wright::option("tag", &LogFile::tag, "What its lines are known by at the receiver: their application_name.")
          .required());
};

struct Receiver {
  std::string host;
  std::uint16_t port = 0;
};

/// "HOST:PORT" or "[ADDRESS]:PORT"; port 0 when it is neither.
Receiver receiver_in(const std::string& text) {
  Receiver out;
  const auto colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0) return out;
  out.host = text.substr(0, colon);
  if (out.host.front() == '[' && out.host.back() == ']') out.host = out.host.substr(1, out.host.size() - 2);
  if (out.host.empty() || out.host.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                                     "0123456789.:-_") != std::string::npos)
    return {};
  const char* end = text.data() + text.size();
  const auto [stop, problem] = std::from_chars(text.data() + colon + 1, end, out.port);
  return problem == std::errc() && stop == end ? out : Receiver();
}

bool is_tag(const std::string& text) {
  return !text.empty() && text.size() <= 48 &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") ==
             std::string::npos;
}

struct Rsyslog : wright::Plugin {
  static constexpr auto about = wright::about("rsyslog", "1.0.0", "Forwards the journal and log files");

  struct Config {
    std::string forward;
    std::string protocol = "tcp";
    std::vector<LogFile> files;
    std::uint32_t queue_mb = 256;
    std::string version;
  };
  static constexpr auto options = wright::options(
      wright::option("forward", &Config::forward,
                     "Who gets the messages, as RFC 5424: HOST:PORT, such as \"${graylog.inputs.syslog}\".")
          .required(),
      wright::option("protocol", &Config::protocol,
                     "\"tcp\", by which what the receiver does not take waits; or \"udp\", by which it is lost.")
          .choices("tcp", "udp"),
      wright::option("files", &Config::files, "Log files that are not in the journal."),
      wright::option(
          "queue_mb", &Config::queue_mb,
          "Disk for what waits while the receiver is away, in MiB, for 256 messages each: twice as much at most, "
          "and a third with lines of a usual length. What has no room waits where it is read.")
          .range(1, 1048576),
      wright::option("version", &Config::version, "Package version; empty: the one that is there, or the newest."));

  static bool check(wright::Configure& on, const Config& c) {
    bool good = true;
    const auto refuse = [&](const std::string& option, const std::string& why) {
      on.error(option, why);
      good = false;
    };
    if (receiver_in(c.forward).port == 0) refuse("forward", "must be HOST:PORT, such as logs.example.org:1514");
    std::set<std::string> paths;
    for (std::size_t i = 0; i < c.files.size(); ++i) {
      const auto& file = c.files[i];
      if (!wright::is_absolute_path(file.path) || file.path.find_first_of("\"\\$ ") != std::string::npos)
        refuse(wright::format("files[{}].path", i),
               "must be an absolute path without quotes, blanks, \"$\" and \"\\\"");
      if (!is_tag(file.tag))
        refuse(wright::format("files[{}].tag", i), "must be 1 to 48 letters, digits, \".\", \"-\" and \"_\"");
      if (!paths.insert(file.path).second) refuse(wright::format("files[{}].path", i), "is there twice");
    }
    return good;
  }

  static std::string inputs(const Config& c) {
    if (c.files.empty()) return {};
    std::string out = "module(load=\"imfile\")\n";
    for (const auto& file : c.files)
      out += wright::format(
          // Lines that it has read and not handed on are lost with a kill, as it writes down how far it has read.
          "input(type=\"imfile\" file=\"{}\" tag=\"{}\" freshStartTail=\"on\" reopenOnTruncate=\"on\" "
          "persistStateInterval=\"1\" maxSubmitAtOnce=\"1\")\n",
          file.path, file.tag);
    return out;
  }

  void install(wright::Install& on, const Config& c) {
    auto package = on.package("rsyslog");
    if (!c.version.empty()) package.version(c.version);
  }

  void configure(wright::Configure& on, const Config& c) {
    if (!check(on, c)) return;
    const Receiver to = receiver_in(c.forward);
    auto state = on.directory(state_folder).mode(0700).data();
    auto conf = on.file("/etc/rsyslog.conf")
                    .mode(0644)
                    .content(wright::render(templates::rsyslog_conf,
                                            {{"state", state_folder},
                                             {"files", inputs(c)},
                                             {"host", to.host},
                                             {"port", wright::format("{}", to.port)},
                                             {"protocol", c.protocol},
                                             {"framing", c.protocol == "tcp" ? " TCP_Framing=\"octet-counted\"" : ""},
                                             {"mark", wright::format("{}", c.queue_mb * messages_per_mb)},
                                             {"size", wright::format("{}", c.queue_mb * messages_per_mb + room_above)},
                                             {"most_mb", wright::format("{}", std::uint64_t{c.queue_mb} * 2)}}))
                    .validate({"/usr/sbin/rsyslogd", "-N1", "-f", "{}"});
    conf.after(state);
    auto unit = on.file("/etc/systemd/system/rsyslog.service").mode(0644).content(templates::rsyslog_service);
    on.service("rsyslog").enabled().running().restart_on(conf).restart_on(unit);
    on.export_value("queue", state_folder);
  }

  void verify(wright::Verify& on, const Config& c) {
    const Receiver to = receiver_in(c.forward);
    if (to.port == 0) return;  // configure has said so
    const std::string connected =
        c.protocol == "tcp" ? wright::format("ss -Htnp state established dport = :{} | grep -q rsyslogd", to.port)
                            : std::string("true");
    const std::string shell = wright::render(
        templates::forwarded, {{"state", state_folder}, {"connected", connected}, {"target", c.forward}});
    on.check_command({"/bin/sh", "-s"})
        .input(shell)
        .contains("forwarded")
        .named("what is logged reaches " + c.forward)
        .deadline(15);
  }
};

}  // namespace

WRIGHT_PLUGIN(Rsyslog)

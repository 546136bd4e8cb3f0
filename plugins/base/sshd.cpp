#include <algorithm>
#include <wright/check.hpp>

#include "parts.hpp"
#include "sshd_keywords.hpp"
#include "sshd_listening.hpp"
#include "sshd_login.hpp"

namespace base {
namespace {

constexpr const char* drop_in = "/etc/ssh/sshd_config.d/60-wright.conf";
constexpr const char* socket_link = "/etc/systemd/system/sockets.target.wants/ssh.socket";

/// What sshd makes of our lines, read before all others, must be among what it makes of all files: of most keywords the
/// first one counts. sshd compares, as it writes "2m" as 120 and "prohibit-password" as "without-password". The lines
/// are given, as sshd passes over an Include of a file that is not there.
constexpr const char* comparing = R"(
own=$(printf '%s\nInclude /etc/ssh/sshd_config\n' "$1" | /usr/sbin/sshd -T -f /dev/stdin | grep "^$2 ") || exit 1
live=$(/usr/sbin/sshd -T | grep "^$2 ") || exit 1
! printf '%s\n' "$own" | grep -vxF -e "$live"
)";

bool is_usable(const std::string& value) {
  const auto words = words_of(value);
  return wright::is_line(value) && value.find_first_of("\"'\\#") == std::string::npos &&
         std::none_of(words.begin(), words.end(), [](const std::string& word) { return word.empty(); });
}

bool check(wright::Configure& on, const std::map<std::string, std::string>& sshd) {
  bool good = true;
  for (const auto& [keyword, value] : sshd) {
    const std::string option = "sshd." + keyword;
    if (keyword == "Match" || keyword == "Include") {
      on.error(option, "cannot be set here: it reaches beyond what wright writes and proves",
               "a file of your own in /etc/ssh/sshd_config.d may have it");
    } else if (keyword == "Subsystem") {
      on.error(option, "cannot be set here: before OpenSSH 9.5, sshd refuses a Subsystem that another file has already",
               "Debian's /etc/ssh/sshd_config has one for sftp: set it there");
    } else if (!is_sshd_keyword(keyword)) {
      const std::string nearest = nearest_sshd_keyword(keyword);
      on.error(option, "must be a keyword of sshd_config(5)" +
                           (nearest.empty() ? std::string() : "; did you mean " + nearest + "?"));
    } else if (!is_usable(value)) {
      on.error(option, "must be words with single spaces between them, without quotes, backslashes and \"#\"");
    } else {
      continue;
    }
    good = false;
  }
  return good;
}

void check_listening(wright::Configure& on, const std::map<std::string, std::string>& sshd) {
  for (const auto& keyword : sshd_listening(sshd).wrong)
    on.error("sshd." + keyword, keyword == "Port" ? "must be ports from 1 to 65535"
                                                  : "must be numeric addresses, each with or without a port");
  for (const char* keyword : {"Port", "ListenAddress", "AddressFamily"})
    if (sshd.contains(keyword) && on.fact(std::string("path.exists:") + socket_link).boolean_or(false))
      on.error(
          std::string("sshd.") + keyword, "is not supported where systemd listens for sshd, as on this host",
          "ssh.socket is enabled, as on Ubuntu from 22.10 on: leave the option out, or let sshd listen itself, with "
          "ssh.socket disabled and ssh.service enabled");
}

std::string text_of(const std::map<std::string, std::string>& sshd) {
  std::string text(written_by);
  for (const auto& [keyword, value] : sshd) {
    if (!is_repeated_keyword(keyword)) {
      text += keyword + " " + value + "\n";
      continue;
    }
    for (const auto& word : words_of(value)) text += keyword + " " + word + "\n";
  }
  return text;
}

/// Where the host itself reaches what listens there.
std::string reached_at(const std::string& address) {
  if (address == "0.0.0.0") return "127.0.0.1";
  return address == "::" ? "::1" : address;
}

}  // namespace

void configure_sshd(wright::Configure& on, const std::map<std::string, std::string>& sshd) {
  if (sshd.empty()) return;
  if (on.fact("dpkg.version:openssh-server").absent())
    on.error("sshd", "the host has no sshd", "install openssh-server first");
  if (!check(on, sshd)) return;
  check_listening(on, sshd);
  check_sshd_login(on, sshd);
  auto file =
      on.file(drop_in).mode(0644).content(text_of(sshd)).validate({"/usr/sbin/sshd", "-t"}).validate_tree("/etc/ssh");
  // A reload keeps the connections that there are, so that wright's own is there to undo it.
  on.service("ssh").reload_on(file);
}

void verify_sshd(wright::Verify& on, const std::map<std::string, std::string>& sshd) {
  if (sshd.empty()) return;
  const std::string text = text_of(sshd);
  for (const auto& [keyword, value] : sshd) {
    const std::string shown = shown_keyword(keyword);
    if (!shown.empty())
      on.check_command({"/bin/sh", "-c", comparing, "sh", text, shown}).named("sshd has " + keyword + " " + value);
  }
  const auto listening = sshd_listening(sshd);
  auto places = listening.places;
  if (places.empty() && !listening.ports.empty())
    places.push_back(
        {sshd.contains("AddressFamily") && lower_case(sshd.at("AddressFamily")) == "inet6" ? "::1" : "127.0.0.1", {}});
  for (const auto& place : places) {
    auto ports = listening.ports;
    if (place.port) ports = {*place.port};
    for (const auto port : ports)
      on.tcp(reached_at(place.address), port)
          .expect("SSH-2.0-")
          .named(wright::format("sshd answers at {}:{}", place.address, port));
  }
  if (!incoming(on).user.empty()) on.login();
}

}  // namespace base

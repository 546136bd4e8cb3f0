#include "sshd_login.hpp"

#include <algorithm>

#include "network.hpp"
#include "sshd_keywords.hpp"
#include "sshd_listening.hpp"

namespace base {
namespace {

/// With "*" and "?", as sshd compares.
bool fits(std::string_view pattern, std::string_view text) {
  if (pattern.empty()) return text.empty();
  if (pattern[0] == '*') {
    for (std::size_t skipped = 0; skipped <= text.size(); ++skipped)
      if (fits(pattern.substr(1), text.substr(skipped))) return true;
    return false;
  }
  return !text.empty() && (pattern[0] == '?' || pattern[0] == text[0]) && fits(pattern.substr(1), text.substr(1));
}

/// Whether "USER" or "USER@HOST" of AllowUsers or DenyUsers is about wright. `unknown`: when that cannot be told.
bool names(const std::string& word, const Incoming& wright, bool unknown) {
  const auto at = word.rfind('@');
  if (!fits(word.substr(0, at), wright.user)) return false;
  if (at == std::string::npos) return true;
  if (wright.client.empty()) return unknown;
  const std::string host = word.substr(at + 1);
  const auto network = parse_network(host);
  const auto client = parse_network(wright.client);
  if (network && client) return is_within(*client, *network);
  return fits(host, wright.client);
}

/// Of keywords with a choice of values; names of users and of ways to log in are compared as they are written.
bool is(const std::vector<std::string>& words, std::string_view value) { return lower_case(words.front()) == value; }

class Checking {
 public:
  Checking(wright::Configure& on, const std::map<std::string, std::string>& sshd, const Incoming& wright)
      : on_(on), sshd_(sshd), wright_(wright) {}

  void users() {
    each("AllowUsers", [&](const std::vector<std::string>& words) {
      if (std::none_of(words.begin(), words.end(), [&](const auto& word) { return names(word, wright_, false); }))
        refuse("AllowUsers", "it comes in as " + who());
    });
    each("DenyUsers", [&](const std::vector<std::string>& words) {
      if (std::any_of(words.begin(), words.end(), [&](const auto& word) { return names(word, wright_, true); }))
        refuse("DenyUsers", "it comes in as " + who());
    });
    each("PermitRootLogin", [&](const std::vector<std::string>& words) {
      if (wright_.user == "root" && (is(words, "no") || is(words, "forced-commands-only")))
        refuse("PermitRootLogin",
               "it comes in as root: give the host another `user`, who may use sudo without a password");
    });
  }

  void methods() {
    each("PubkeyAuthentication", [&](const std::vector<std::string>& words) {
      if (is(words, "no")) refuse("PubkeyAuthentication", "it comes in with a key");
    });
    each("AuthenticationMethods", [&](const std::vector<std::string>& words) {
      if (std::none_of(words.begin(), words.end(),
                       [](const auto& word) { return word == "publickey" || word == "any"; }))
        refuse("AuthenticationMethods", "it comes in with a key alone: \"publickey\" must be one of them");
    });
  }

  void session() {
    for (const char* keyword : {"ForceCommand", "ChrootDirectory"})
      each(keyword, [&](const std::vector<std::string>& words) {
        if (!is(words, "none")) refuse(keyword, "its agent could not be started, as this holds for everybody");
      });
    each("MaxSessions", [&](const std::vector<std::string>& words) {
      if (words.front().find_first_not_of('0') == std::string::npos)
        refuse("MaxSessions", "its agent could not be started");
    });
  }

  void place() {
    const auto listening = sshd_listening(sshd_);
    const std::string port = wright::format("it comes in by port {}", wright_.port);
    if (!listening.ports.empty() && !has(listening.ports))
      refuse("Port", port + ", which must stay one of them until the host's `port` is another");
    const auto& places = listening.places;
    const auto reached = [&](const SshdListening::Place& one) {
      return is_ours(one.address) && (!one.port || *one.port == wright_.port);
    };
    if (!places.empty() && std::none_of(places.begin(), places.end(), reached))
      refuse("ListenAddress", port + (wright_.server.empty() ? std::string() : " at " + wright_.server));
    each("AddressFamily", [&](const std::vector<std::string>& words) {
      const auto server = parse_network(wright_.server);
      if (server && ((is(words, "inet") && server->six) || (is(words, "inet6") && !server->six)))
        refuse("AddressFamily", "it comes in at " + wright_.server);
    });
  }

 private:
  template <class Judge>
  void each(const char* keyword, Judge judge) {
    if (const auto found = sshd_.find(keyword); found != sshd_.end()) judge(words_of(found->second));
  }

  void refuse(const std::string& keyword, const std::string& why) {
    on_.error("sshd." + keyword, "would lock wright out", why);
  }

  [[nodiscard]] std::string who() const {
    return wright_.user + (wright_.client.empty() ? std::string() : " from " + wright_.client);
  }

  [[nodiscard]] bool has(const std::vector<std::uint16_t>& ports) const {
    return std::find(ports.begin(), ports.end(), wright_.port) != ports.end();
  }

  /// Also when it is not known where wright comes in.
  [[nodiscard]] bool is_ours(const std::string& address) const {
    const auto listened = parse_network(address);
    const auto server = parse_network(wright_.server);
    if (!listened || !server) return true;
    if (address == "::" || address == "0.0.0.0") return listened->six == server->six;
    return is_within(*server, *listened);
  }

  wright::Configure& on_;
  const std::map<std::string, std::string>& sshd_;
  const Incoming& wright_;
};

}  // namespace

Incoming incoming(const wright::Phase& on) {
  on.need({"ssh.user", "ssh.port", "ssh.client", "ssh.server", "ssh.server_port"});
  Incoming out;
  out.user = on.fact("ssh.user").text_or("");
  if (out.user.empty()) return out;
  out.client = on.fact("ssh.client").text_or("");
  out.server = on.fact("ssh.server").text_or("");
  // Another one where a port of a router leads to the host's.
  out.port = static_cast<std::uint16_t>(on.fact("ssh.server_port").integer_or(on.fact("ssh.port").integer_or(22)));
  return out;
}

void check_sshd_login(wright::Configure& on, const std::map<std::string, std::string>& sshd) {
  const Incoming wright = incoming(on);
  if (wright.user.empty()) return;
  Checking checking(on, sshd, wright);
  checking.users();
  checking.methods();
  checking.session();
  checking.place();
}

}  // namespace base

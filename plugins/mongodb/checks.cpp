#include <algorithm>
#include <set>
#include <wright/address.hpp>
#include <wright/apt_source.hpp>
#include <wright/check.hpp>

#include "parts.hpp"

namespace mongodb {
namespace {

bool is_printable_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

/// As it stands in mongod.conf, unquoted.
bool is_plain_path(const std::string& path) {
  return wright::is_absolute_path(path) && path.find_first_of(" :#\"'{}[],&*!|>%@`") == std::string::npos;
}

class Check {
 public:
  Check(wright::Configure& on, const Config& c) : on_(on), c_(c) {}

  bool passes(std::int64_t memory_mb) {
    network();
    if (memory_mb > 0 && cache_of(c_, memory_mb) > memory_mb * 8 / 10)
      bad(c_.cache_mb > 0 ? "cache_mb" : "cache_share",
          wright::format("asks for {} MiB, and the host has {} MiB of memory: at most 80 % of it",
                         cache_of(c_, memory_mb), memory_mb));
    if (!wright::is_word(c_.package)) bad("package", "must be the name of a package");
    if (!c_.version.empty() && !wright::is_word(c_.version)) bad("version", "must be a version, such as 6.0.5");
    good_ = wright::check_apt_source(on_, c_.source) && good_;
    account("admin_user", c_.admin_user, "admin_password", c_.admin_password);
    users();
    for (const auto& [option, path] : {std::pair{"data_path", &c_.data_path}, {"log_path", &c_.log_path}})
      if (!is_plain_path(*path)) bad(option, "must be an absolute path without \"..\", spaces and punctuation");
    tls();
    replica_set();
    for (std::size_t i = 0; i < c_.extra.size(); ++i)
      if (!wright::is_line(c_.extra[i]) || c_.extra[i].find(": ") == std::string::npos)
        bad(wright::format("extra[{}]", i), "must be one line SECTION.NAME: VALUE");
      else
        extra(wright::format("extra[{}]", i), c_.extra[i].substr(0, c_.extra[i].find(": ")));
    return good_;
  }

 private:
  void bad(std::string_view option, std::string_view what) {
    on_.error(option, what);
    good_ = false;
  }

  void network() {
    bool near = false;
    for (std::size_t i = 0; i < c_.bind.size(); ++i) {
      const auto& one = c_.bind[i];
      near = near || one == "127.0.0.1" || one == "0.0.0.0";
      if (one.empty() || one.find_first_not_of("0123456789abcdefABCDEF.:") != std::string::npos)
        bad(wright::format("bind[{}]", i), "must be a numeric address, such as 127.0.0.1");
    }
    if (!near) bad("bind", "must hold 127.0.0.1 or 0.0.0.0: accounts are made from the host itself");
  }

  void account(const std::string& name_option, const std::string& name, const std::string& password_option,
               const wright::Secret& password) {
    if (name.empty() || !wright::is_line(name) || !is_printable_ascii(name))
      bad(name_option, "must be printable ASCII");
    if (password.empty()) bad(password_option, "must not be empty");
    if (!is_printable_ascii(password.reveal())) bad(password_option, "must be printable ASCII");
  }

  void users() {
    std::set<std::string> seen = {"admin." + c_.admin_user};
    for (std::size_t i = 0; i < c_.users.size(); ++i) {
      const User& user = c_.users[i];
      const std::string place = wright::format("users[{}]", i);
      account(place + ".name", user.name, place + ".password", user.password);
      if (!is_database(user.database))
        bad(place + ".database", "must be a name without dots, slashes, spaces and \"$\"");
      if (!seen.insert(user.database + "." + user.name).second) bad(place + ".name", "is another one's already");
      for (std::size_t r = 0; r < user.roles.size(); ++r) {
        const auto& role = user.roles[r];
        const auto at = role.find('@');
        if (!wright::is_word(role) || at == 0 || (at != std::string::npos && !is_database(role.substr(at + 1))))
          bad(wright::format("{}.roles[{}]", place, r), "must be ROLE or ROLE@DATABASE");
      }
    }
  }

  static bool is_database(const std::string& name) {
    return wright::is_word(name) && name.size() < 64 && name.find_first_of("./\\\"$*<>:|?@") == std::string::npos;
  }

  void tls() {
    const Tls& t = c_.tls;
    if (t.mode != "off" && t.certificate.empty()) bad("tls.certificate", "is needed with tls.mode");
    if ((t.mode == "prefer" || t.mode == "require") && c_.replica_set.members.size() > 1 && t.ca.empty())
      bad("tls.ca", "is needed: the members of replica_set check each other's certificate");
    for (const auto& [option, path] : {std::pair{"tls.certificate", &t.certificate}, {"tls.ca", &t.ca}})
      if (!path->empty() && !is_plain_path(*path))
        bad(option, "must be an absolute path without \"..\", spaces and punctuation");
  }

  void replica_set() {
    const ReplicaSet& r = c_.replica_set;
    const auto is_plain = [](std::string_view text, std::string_view more) {
      return !text.empty() && std::all_of(text.begin(), text.end(), [&](unsigned char ch) {
        return std::isalnum(ch) != 0 || more.find(static_cast<char>(ch)) != std::string_view::npos;
      });
    };
    if (r.name.empty()) {
      if (!r.members.empty() || !r.key.empty() || r.oplog_mb > 0)
        bad("replica_set.name", "is needed with members, a key or oplog_mb");
      return;
    }
    if (!is_plain(r.name, "_-")) bad("replica_set.name", "must be letters, digits, \"_\" and \"-\"");
    const std::string& key = r.key.reveal();
    // Base64 is what the server reads it as.
    if (!is_plain(key, "+/=") || key.size() < 6 || key.size() > 1024)
      bad("replica_set.key", "must be 6 to 1024 letters and digits");
    members();
  }

  void members() {
    const auto& all = c_.replica_set.members;
    std::set<std::string> seen;
    bool good = true;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const std::string place = wright::format("replica_set.members[{}]", i);
      if (!is_address_and_port(all[i])) {
        bad(place, "must be ADDRESS:PORT with a numeric address, such as 192.0.2.10:27017 or [2001:db8::10]:27017");
        good = false;
      }
      if (!seen.insert(all[i]).second) bad(place, "is there twice");
    }
    if (all.size() > 1 && !is_reachable(c_))
      bad("bind", "must hold an address that the other members of replica_set reach");
    if (!all.empty() && good && own_members(on_, c_).size() != 1)
      bad("replica_set.members",
          wright::format("must hold this host exactly once, by a numeric address that it has, and "
                         "port {}",
                         c_.port));
  }

  static bool is_address_and_port(const std::string& member) {
    const auto colon = member.rfind(':');
    if (colon == std::string::npos) return false;
    const std::string port = member.substr(colon + 1);
    if (port.empty() || port.size() > 5 || port.find_first_not_of("0123456789") != std::string::npos) return false;
    const std::string address = address_of(member);
    return member.starts_with('[') ? wright::is_ipv6(address) : wright::is_ipv4(address);
  }

  void extra(const std::string& place, const std::string& name) {
    for (std::string_view own : {"net.port",
                                 "net.bindIp",
                                 "net.ipv6",
                                 "net.maxIncomingConnections",
                                 "net.unixDomainSocket.enabled",
                                 "net.tls.mode",
                                 "net.tls.certificateKeyFile",
                                 "net.tls.CAFile",
                                 "net.tls.allowConnectionsWithoutCertificates",
                                 "storage.dbPath",
                                 "storage.wiredTiger.engineConfig.cacheSizeGB",
                                 "security.authorization",
                                 "security.keyFile",
                                 "systemLog.path",
                                 "systemLog.destination",
                                 "systemLog.logAppend",
                                 "systemLog.logRotate",
                                 "processManagement.timeZoneInfo",
                                 "replication.replSetName",
                                 "replication.oplogSizeMB"})
      if (name == own) bad(place, wright::format("{} has an option of its own, or must stay", own));
  }

  wright::Configure& on_;
  const Config& c_;
  bool good_ = true;
};

constexpr std::int64_t least_room = std::int64_t{1} << 30;

bool host_has_room(wright::Configure& on, const Config& c) {
  wright::Claims claims(on);
  for (const auto& address : c.bind) claims.port("port", "tcp", address, c.port, {"mongod.service"});
  claims.disk("data_path", c.data_path, least_room, 100, "a new server needs 1 GiB");
  return claims.hold();
}

}  // namespace

bool check(wright::Configure& on, const Config& c, std::int64_t memory_mb) {
  return Check(on, c).passes(memory_mb) && host_has_room(on, c);
}

}  // namespace mongodb

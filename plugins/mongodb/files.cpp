#include <algorithm>

#include "parts.hpp"

namespace mongodb {
namespace {

constexpr const char* note = "# Written by wright. The next apply replaces hand edits.\n";
constexpr std::int64_t smallest_cache_mb = 256;

}  // namespace

std::int64_t cache_of(const Config& c, std::int64_t memory_mb) {
  if (c.cache_mb > 0) return c.cache_mb;
  return std::max(smallest_cache_mb, static_cast<std::int64_t>(static_cast<double>(memory_mb) * c.cache_share));
}

std::string settings_file(const Config& c, std::int64_t memory_mb) {
  std::string addresses;
  bool is_ipv6 = false;
  for (const auto& one : c.bind) {
    addresses += (addresses.empty() ? "" : ",") + one;
    is_ipv6 = is_ipv6 || one.find(':') != std::string::npos;
  }
  const std::int64_t cache = cache_of(c, memory_mb);
  std::string out = note;
  out += wright::format("storage.dbPath: {}\n", c.data_path);
  // In GiB with a fraction, as the server reads it.
  out += wright::format("storage.wiredTiger.engineConfig.cacheSizeGB: {}.{}{}\n", cache / 1024,
                        cache % 1024 * 10 / 1024, cache % 1024 * 100 / 1024 % 10);
  out += wright::format("systemLog.destination: file\nsystemLog.path: {}\nsystemLog.logAppend: true\n", c.log_path);
  out += "systemLog.logRotate: reopen\n";
  out +=
      wright::format("net.bindIp: \"{}\"\nnet.port: {}\nnet.ipv6: {}\n", addresses, c.port, is_ipv6 ? "true" : "false");
  out += wright::format("net.maxIncomingConnections: {}\n", c.max_connections);
  out += "net.unixDomainSocket.enabled: false\n";
  if (c.tls.mode != "off") {
    out += wright::format("net.tls.mode: {}TLS\nnet.tls.certificateKeyFile: {}\n", c.tls.mode, c.tls.certificate);
    if (!c.tls.ca.empty())
      out += wright::format("net.tls.CAFile: {}\nnet.tls.allowConnectionsWithoutCertificates: true\n", c.tls.ca);
  }
  if (!c.replica_set.name.empty())
    out += wright::format("replication.replSetName: {}\nsecurity.keyFile: {}\n", c.replica_set.name, key_path);
  if (c.replica_set.oplog_mb > 0) out += wright::format("replication.oplogSizeMB: {}\n", c.replica_set.oplog_mb);
  out += "processManagement.timeZoneInfo: /usr/share/zoneinfo\nsecurity.authorization: enabled\n";
  for (const auto& line : c.extra) out += line + "\n";
  return out;
}

std::string drop_in(const Config& c) {
  return wright::format("{}[Service]\nLimitNOFILE={}\nTimeoutStartSec={}\nRestart=on-failure\nRestartSec=5\n", note,
                        c.open_files, c.start_timeout_s);
}

std::string rotation_file(const Config& c) {
  return wright::format(
      "{}{} {{\n  daily\n  rotate {}\n  compress\n  delaycompress\n  missingok\n  notifempty\n  create 0640 mongodb "
      "mongodb\n  sharedscripts\n  postrotate\n    /bin/systemctl kill --signal=USR1 --kill-who=main mongod.service "
      "2>/dev/null || true\n  endscript\n}}\n",
      note, c.log_path, c.log_keep);
}

std::string huge_pages_unit() {
  const auto echo = [](const char* value) {
    return wright::format("/bin/sh -c 'echo {} >/sys/kernel/mm/transparent_hugepage/enabled'", value);
  };
  return wright::format(
      "{}[Unit]\nDescription=Turn transparent huge pages off for MongoDB\nDefaultDependencies=no\nAfter=sysinit.target "
      "local-fs.target\nBefore=mongod.service\n\n[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart={}\n"
      "ExecStop={}\n\n[Install]\nWantedBy=multi-user.target\n",
      note, echo("never"), echo("madvise"));
}

std::vector<std::string> members_of(const Config& c) {
  if (!c.replica_set.members.empty()) return c.replica_set.members;
  return {wright::format("127.0.0.1:{}", c.port)};
}

std::string address_of(const std::string& member) {
  const std::string address = member.substr(0, member.rfind(':'));
  return address.starts_with('[') && address.ends_with(']') ? address.substr(1, address.size() - 2) : address;
}

std::vector<std::string> own_members(const wright::Phase& on, const Config& c) {
  const auto facts = on.fact("addresses");
  auto here = facts.absent() ? std::vector<std::string>() : facts.texts();
  here.push_back(on.address());
  if (c.replica_set.members.size() == 1) here.emplace_back("127.0.0.1");
  std::vector<std::string> out;
  for (const auto& member : c.replica_set.members)
    if (member.ends_with(wright::format(":{}", c.port)) &&
        std::find(here.begin(), here.end(), address_of(member)) != here.end())
      out.push_back(member);
  return out;
}

bool is_reachable(const Config& c) {
  return std::any_of(c.bind.begin(), c.bind.end(),
                     [](const std::string& address) { return !address.starts_with("127.") && address != "::1"; });
}

std::vector<std::string> roles_of(const User& user) {
  std::vector<std::string> out;
  for (const auto& role : user.roles)
    out.push_back(role.find('@') == std::string::npos ? role + "@" + user.database : role);
  if (out.empty()) out.push_back("readWrite@" + user.database);
  return out;
}

}  // namespace mongodb

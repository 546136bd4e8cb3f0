#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <wright/check.hpp>

#include "options.hpp"

namespace postgresql {
namespace {

/// Of context "postmaster" in pg_settings of PostgreSQL 13 to 17.
constexpr std::array starting = {
    "archive_mode",
    "autovacuum_freeze_max_age",
    "autovacuum_max_workers",
    "autovacuum_multixact_freeze_max_age",
    "autovacuum_worker_slots",
    "bonjour",
    "bonjour_name",
    "cluster_name",
    "commit_timestamp_buffers",
    "data_sync_retry",
    "debug_io_direct",
    "dynamic_shared_memory_type",
    "event_source",
    "external_pid_file",
    "hot_standby",
    "huge_page_size",
    "huge_pages",
    "ident_file",
    "ignore_invalid_pages",
    "jit_provider",
    "listen_addresses",
    "logging_collector",
    "max_connections",
    "max_files_per_process",
    "max_locks_per_transaction",
    "max_logical_replication_workers",
    "max_pred_locks_per_transaction",
    "max_prepared_transactions",
    "max_replication_slots",
    "max_wal_senders",
    "max_worker_processes",
    "min_dynamic_shared_memory",
    "multixact_member_buffers",
    "multixact_offset_buffers",
    "notify_buffers",
    "old_snapshot_threshold",
    "pg_stat_statements.max",
    "port",
    "recovery_target",
    "recovery_target_action",
    "recovery_target_inclusive",
    "recovery_target_lsn",
    "recovery_target_name",
    "recovery_target_time",
    "recovery_target_timeline",
    "recovery_target_xid",
    "reserved_connections",
    "serializable_buffers",
    "shared_buffers",
    "shared_memory_type",
    "shared_preload_libraries",
    "subtransaction_buffers",
    "superuser_reserved_connections",
    "track_activity_query_size",
    "track_commit_timestamp",
    "transaction_buffers",
    "unix_socket_directories",
    "unix_socket_group",
    "unix_socket_permissions",
    "wal_buffers",
    "wal_decode_buffer_size",
    "wal_level",
    "wal_log_hints",
};

constexpr std::int64_t mib = 1 << 20;

std::string megabytes(double bytes, std::int64_t least, std::int64_t most) {
  const auto whole = static_cast<std::int64_t>(bytes / static_cast<double>(16 * mib)) * 16;
  return wright::format("{}MB", std::clamp(whole, least, most));
}

std::string quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("''") : c == '\\' ? std::string("\\\\") : std::string(1, c);
  return out + "'";
}

/// Words that mean more than a name lose that in quotes.
std::string hba_word(std::string_view name, std::initializer_list<std::string_view> words) {
  const bool plain = std::find(words.begin(), words.end(), name) != words.end();
  return plain ? std::string(name) : "\"" + std::string(name) + "\"";
}

std::string hba_address(const std::string& address) {
  if (address == "samehost" || address == "samenet" || address == "all") return address;
  if (address.find('/') != std::string::npos) return address;
  return address + (address.find(':') == std::string::npos ? "/32" : "/128");
}

}  // namespace

Server server_of(const wright::Phase& on, const Config& c) {
  std::string version = c.version;
  if (version.empty()) {
    // Lists of packages are looked at only for what is not there yet.
    const auto installed = on.fact("dpkg.version:postgresql");
    version = installed.absent() ? on.fact("apt.candidate:postgresql").text_or("") : installed.text();
    version = version.substr(0, version.find_first_not_of("0123456789"));
  }
  return {version, "postgresql@" + version + "-main", "/usr/lib/postgresql/" + version + "/bin",
          "/etc/postgresql/" + version + "/main"};
}

Settings settings_of(const Config& c, std::int64_t memory_bytes) {
  const auto memory = static_cast<double>(memory_bytes);
  const double buffers = memory * c.memory_percent / 100;
  std::string listen;
  for (const auto& address : c.listen) listen += (listen.empty() ? "" : ", ") + address;
  std::map<std::string, std::string> all = {
      {"listen_addresses", listen},
      {"port", wright::format("{}", c.port)},
      {"max_connections", wright::format("{}", c.max_connections)},
      {"shared_buffers", megabytes(buffers, 16, 65536)},
      {"effective_cache_size", megabytes(buffers * 2.5, 64, 1 << 20)},
      {"maintenance_work_mem", megabytes(buffers / 5, 16, 2048)},
      {"work_mem",
       wright::format("{}kB", std::max<std::int64_t>(
                                  static_cast<std::int64_t>(buffers / (4.0 * c.max_connections) / 1024), 1024))},
      {"password_encryption", "scram-sha-256"},
      {"log_connections", "off"},
      {"log_line_prefix", "%m [%p] %q%u@%d "},
      {"log_lock_waits", "on"},
  };
  if (c.log == "syslog") {
    all["log_destination"] = "syslog";
    all["syslog_ident"] = "postgresql";
    all["log_line_prefix"] = "%q%u@%d ";
  }
  for (const auto& [name, value] : c.settings) all[name] = value;
  Settings out;
  out.start = "# Written by wright: a change restarts the server. Hand edits are replaced by the next apply.\n";
  out.reload = "# Written by wright: a change reloads the server. Hand edits are replaced by the next apply.\n";
  for (const auto& [name, value] : all)
    (std::find(starting.begin(), starting.end(), name) != starting.end() ? out.start : out.reload) +=
        name + " = " + quoted(value) + "\n";
  return out;
}

bool asks_password(const Config& c, const std::string& role, const std::string& database, const std::string& address) {
  if (c.host_access) return true;
  const std::set<std::string> here = {"all", "samehost", "samenet", address, address + "/32", address + "/128"};
  // The first line that fits decides; of one that cannot be judged here nothing is said.
  for (const auto& access : c.access) {
    const bool other_role = access.role != "all" && access.role != role;
    const bool other_database = access.database == "replication" ||
                                (access.database == "sameuser" && database != role) ||
                                (access.database != "all" && access.database != "sameuser" &&
                                 access.database != "samerole" && access.database != database);
    if (other_role || other_database || access.addresses == std::vector<std::string>{"local"}) continue;
    const bool sure = access.database != "samerole" && access.method_options.empty() &&
                      std::any_of(access.addresses.begin(), access.addresses.end(),
                                  [&](const auto& one) { return here.count(one) != 0; });
    return sure && (access.method == "scram-sha-256" || access.method == "md5");
  }
  return false;
}

std::string access_file(const Config& c) {
  std::string out =
      "# Written by wright. Hand edits are reported by `wright plan` and replaced by the next apply.\n"
      "# TYPE DATABASE USER ADDRESS METHOD\n"
      "local all postgres peer\n"
      "local replication postgres peer\n";
  if (c.host_access)
    out +=
        "local all all peer\n"
        "host all all 127.0.0.1/32 scram-sha-256\n"
        "host all all ::1/128 scram-sha-256\n"
        "host all all samehost scram-sha-256\n";
  for (const auto& access : c.access)
    for (const auto& address : access.addresses) {
      const bool local = address == "local";
      out += wright::format("{} {} {} {}{}",
                            local        ? "local"
                            : access.tls ? "hostssl"
                                         : "host",
                            hba_word(access.database, {"all", "replication", "sameuser", "samerole"}),
                            hba_word(access.role, {"all"}), local ? "" : hba_address(address) + " ", access.method);
      for (const auto& [name, value] : access.method_options) out += wright::format(" {}=\"{}\"", name, value);
      out += "\n";
    }
  return out;
}

}  // namespace postgresql

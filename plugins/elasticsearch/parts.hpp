#pragma once

#include "options.hpp"

namespace elasticsearch {

/// What is installed, or will be.
struct Release {
  bool opensearch = false;
  int major = 0;  ///< 0 when nothing says it
  int minor = 0;

  /// Elasticsearch of that version or later, or any OpenSearch, which began as 7.10.
  [[nodiscard]] bool is_from(int wanted_major, int wanted_minor) const {
    return opensearch || reaches(wanted_major, wanted_minor);
  }
  [[nodiscard]] bool is_opensearch_from(int wanted_major, int wanted_minor) const {
    return opensearch && reaches(wanted_major, wanted_minor);
  }

 private:
  [[nodiscard]] bool reaches(int wanted_major, int wanted_minor) const {
    return major > wanted_major || (major == wanted_major && minor >= wanted_minor);
  }
};

/// Of the options or, when they leave it open, of what the host's apt would install.
Release release_of(const wright::Phase& on, const Config& c);

/// True when all options make sense; else every problem was told.
bool check(wright::Configure& on, const Config& c, const Release& release);
/// The part of it about accounts and TLS.
bool check_security(wright::Configure& on, const Config& c, const Release& release);
/// One or more letters, digits and characters of `more`.
bool is_plain(std::string_view text, std::string_view more);
/// Its capital letters small, those of ASCII.
std::string lower(std::string text);

/// elasticsearch.yml or opensearch.yml.
std::string settings_file(const Config& c, const Release& release, const std::string& host);

/// Whether the package's jvm.options is left alone and a file of ours stands beside it.
bool has_jvm_folder(const Release& release);
/// The file of ours or, where there is only one, all of it.
std::string jvm_file(const Config& c, const Release& release, std::int64_t memory_bytes);
std::int64_t heap_mb(const Config& c, std::int64_t memory_bytes);
/// 17 of openjdk-17-jre-headless; 0 when the name does not tell.
int java_version(const std::string& package);
/// JAVA_HOME of a package such as openjdk-17-jre-headless; empty when the name does not tell.
std::string java_home(const std::string& package, const std::string& arch);

/// True for OpenSearch with accounts, which are its security plugin's. That one speaks TLS on both layers.
inline bool is_guarded_opensearch(const Config& c) { return c.flavor == "opensearch" && !c.password.empty(); }
/// Of files in /etc. With OpenSearch's packages, all are the server's own: each upgrade of theirs makes them so again.
inline const char* files_owner(const Config& c) { return c.flavor == "opensearch" ? "opensearch" : "root"; }
/// With owner and mode as the package's own have them, and read by the server's group.
wright::File config_file(wright::Configure& on, const Config& c, const std::string& path);
wright::Directory config_directory(wright::Configure& on, const Config& c, const std::string& path);
/// What the server keeps at a path of REST, seen by the administrator.
wright::HttpObject rest_object(wright::Configure& on, const Config& c, const std::string& path);

/// Elasticsearch's administrator, users and roles, in files that need no running server; a changed password needs no
/// restart.
void declare_accounts(wright::Configure& on, const Config& c, const wright::Service& service);
/// OpenSearch's, which it keeps in an index. Returns the unit that gives them to it when they have changed.
wright::Service declare_opensearch_accounts(wright::Configure& on, const Config& c, const wright::Service& service);
/// Whose certificate counts as that administrator's, whatever its password.
inline constexpr const char* admin_subject = "CN=wright-admin";
/// Where its key is. Outside of /etc/opensearch, which programs of the server's group may be allowed to read.
inline constexpr const char* accounts_folder = "/etc/opensearch-accounts";
/// Value of the header Authorization.
wright::Secret login(const std::string& user, const std::string& password);
inline bool is_tls(const Tls& tls) { return !tls.certificate.empty() || !tls.key.empty(); }
inline bool is_https(const Config& c) { return is_tls(c.tls) || is_guarded_opensearch(c); }
/// Certificates and keys of REST, between nodes and, of OpenSearch, of its administrator, where there are any.
void declare_tls(wright::Configure& on, const Config& c, const wright::Service& service);
/// Where the server finds them: tls_file(c, "http", "crt"); "crt", "key" or "ca" of "http", "transport" or "admin".
std::string tls_file(const Config& c, std::string_view layer, std::string_view what);
void declare_server_plugins(wright::Configure& on, const Config& c, const wright::Service& service);
void export_values(wright::Configure& on, const Config& c, const Release& release);

std::string data_path(const Config& c);
std::string log_path(const Config& c);
/// http://127.0.0.1:9200, or https, as this host reaches it.
std::string near_url(const Config& c);
std::string near_address(const Config& c);
std::string url_of(const Config& c, const std::string& address);
/// As it stands before a port: [::1], and others as they are.
std::string before_port(const std::string& address);
bool is_loopback(std::string_view address);
/// 0.0.0.0 or ::
bool is_any(std::string_view address);

}  // namespace elasticsearch

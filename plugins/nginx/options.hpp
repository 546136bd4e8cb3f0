#pragma once

#include <string>
#include <vector>
#include <wright/plugin.hpp>

#include "site_options.hpp"

namespace nginx {

struct Source {
  std::string uri;
  std::string suite = "bookworm";
  std::string component = "nginx";
  std::string key;
  static constexpr auto options = wright::options(
      wright::option(
          "uri", &Source::uri,
          "Base address of an apt repository that has the package nginx, that of nginx.org or a mirror of it; "
          "the host's own sources when empty."),
      wright::option("suite", &Source::suite, "Its suite."),
      wright::option("component", &Source::component, "Its component."),
      wright::option("key", &Source::key, "The key that it is signed with, ASCII-armored: the text itself."));
};

struct Config {
  std::vector<Site> sites;
  std::string version;
  Source source;
  std::string user = "www-data";
  std::string worker_processes = "auto";
  std::uint32_t worker_connections = 1024;
  std::uint32_t worker_rlimit_nofile = 8192;
  bool multi_accept = false;
  std::uint32_t keepalive_timeout_s = 65;
  std::uint32_t keepalive_requests = 1000;
  bool server_tokens = false;
  bool ipv6 = true;
  bool gzip = true;
  std::uint32_t gzip_level = 5;
  std::vector<std::string> gzip_types = {
      "text/plain",      "text/css",     "text/xml", "application/json", "application/javascript",
      "application/xml", "image/svg+xml"};
  std::string client_max_body_size = "1m";
  std::vector<std::string> tls_protocols = {"TLSv1.2", "TLSv1.3"};
  std::string tls_ciphers =
      "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
      "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
  std::string tls_curves = "X25519:prime256v1:secp384r1";
  std::uint32_t tls_session_cache_mb = 10;
  bool ocsp_stapling = false;
  std::vector<std::string> real_ip_from;
  std::string real_ip_header = "X-Forwarded-For";
  bool real_ip_recursive = false;
  std::string log_to = "files";
  std::string access_log = "/var/log/nginx/access.log";
  std::string error_log = "/var/log/nginx/error.log";
  std::string error_level = "error";
  std::string log_format = "extended";
  std::uint32_t access_log_buffer_kb = 0;
  std::uint32_t access_log_flush_s = 5;
  std::string syslog_access = "127.0.0.1:12301";
  std::string syslog_error = "127.0.0.1:12302";
  bool close_unknown_hosts = true;
  std::uint16_t status_port = 0;
  bool keep_default_site = false;
  std::vector<std::string> extra;
  std::vector<std::string> extra_main;
};

inline constexpr auto config_options = wright::options(
    wright::option("sites", &Config::sites, "The sites it serves."),
    wright::option("version", &Config::version, "Exactly this version of the package, such as 1.26.2-1~bookworm."),
    wright::option("source", &Config::source, "Where the package comes from."),
    wright::option("user", &Config::user, "Account of the worker processes."),
    wright::option("worker_processes", &Config::worker_processes, "A number, or \"auto\" for one a CPU."),
    wright::option("worker_connections", &Config::worker_connections, "Connections for each worker.")
        .range(16, 1000000),
    wright::option("worker_rlimit_nofile", &Config::worker_rlimit_nofile, "Open files for each worker.")
        .range(64, 1048576),
    wright::option("multi_accept", &Config::multi_accept, "A worker takes all waiting connections at once."),
    wright::option("keepalive_timeout_s", &Config::keepalive_timeout_s,
                   "Idle client connections are closed after so many seconds."),
    wright::option("keepalive_requests", &Config::keepalive_requests, "Requests on one client connection.").min(1),
    wright::option("server_tokens", &Config::server_tokens, "Tells its version in answers."),
    wright::option("ipv6", &Config::ipv6, "Listens on IPv6 too, where the host has it."),
    wright::option("gzip", &Config::gzip, "Compresses answers."),
    wright::option("gzip_level", &Config::gzip_level, "Compression level.").range(1, 9),
    wright::option("gzip_types", &Config::gzip_types, "What is compressed besides text/html."),
    wright::option("client_max_body_size", &Config::client_max_body_size, "Largest request body, such as 10m."),
    wright::option("tls_protocols", &Config::tls_protocols, "TLS versions."),
    wright::option("tls_ciphers", &Config::tls_ciphers, "Ciphers of TLS 1.2, in OpenSSL's form."),
    wright::option("tls_curves", &Config::tls_curves, "Groups of the key exchange, in OpenSSL's form."),
    wright::option("tls_session_cache_mb", &Config::tls_session_cache_mb, "Shared session cache in MiB.")
        .range(1, 1024),
    wright::option("ocsp_stapling", &Config::ocsp_stapling,
                   "Staples OCSP answers (certificates of an authority only)."),
    wright::option("real_ip_from", &Config::real_ip_from, "Proxies whose word about the client's address is believed."),
    wright::option("real_ip_header", &Config::real_ip_header, "The header in which they say it."),
    wright::option("real_ip_recursive", &Config::real_ip_recursive,
                   "The last address in it that is none of real_ip_from is the client's: for proxies behind proxies."),
    wright::option("log_to", &Config::log_to, "Where logs go.").choices("files", "syslog"),
    wright::option("access_log", &Config::access_log, "For log_to = \"files\"."),
    wright::option("error_log", &Config::error_log, "For log_to = \"files\"."),
    wright::option("error_level", &Config::error_level, "Least level of the error log.")
        .choices("debug", "info", "notice", "warn", "error", "crit"),
    wright::option("log_format", &Config::log_format,
                   "Of access logs: \"combined\", or \"extended\" by what Graylog's extractors read besides.")
        .choices("extended", "combined"),
    wright::option("access_log_buffer_kb", &Config::access_log_buffer_kb,
                   "Access logs in files are written in pieces of so many KiB; 0 writes each line at once.")
        .max(65536),
    wright::option("access_log_flush_s", &Config::access_log_flush_s,
                   "With a buffer: no line waits longer than so many seconds.")
        .range(1, 3600),
    wright::option("syslog_access", &Config::syslog_access,
                   "For log_to = \"syslog\": address:port of the access log, over UDP."),
    wright::option("syslog_error", &Config::syslog_error,
                   "For log_to = \"syslog\": address:port of the error log, over UDP."),
    wright::option("close_unknown_hosts", &Config::close_unknown_hosts,
                   "Closes connections that ask for no site of ours."),
    wright::option("status_port", &Config::status_port, "Port of stub_status on 127.0.0.1; 0 for none."),
    wright::option("keep_default_site", &Config::keep_default_site, "Leaves Debian's default site enabled."),
    wright::option("extra", &Config::extra,
                   "More nginx directives for the http block, each complete with its semicolon."),
    wright::option("extra_main", &Config::extra_main, "More nginx directives outside of every block."));

}  // namespace nginx

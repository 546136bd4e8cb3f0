#pragma once

#include <map>
#include <string>
#include <vector>
#include <wright/plugin.hpp>

namespace nginx {

struct Page {
  std::string name;
  std::string content;
  static constexpr auto options = wright::options(
      wright::option("name", &Page::name, "File name below the site's root, such as index.html.").required(),
      wright::option("content", &Page::content, "What the file holds.").required());
};

struct Static {
  std::string path;
  std::string directory;
  std::string expires;
  static constexpr auto options = wright::options(
      wright::option("path", &Static::path, "URL prefix, such as /static/.").required(),
      wright::option("directory", &Static::directory, "Absolute folder that is served there.").required(),
      wright::option("expires", &Static::expires, "Lifetime for caches, such as 30d; none when empty."));
};

struct Location {
  std::string path;
  std::string proxy;
  std::vector<std::string> allow;
  std::vector<std::string> deny;
  std::vector<std::string> extra;
  static constexpr auto options = wright::options(
      wright::option("path", &Location::path, "URL prefix, or with \"= \" or \"~ \" as in nginx.").required(),
      wright::option("proxy", &Location::proxy, "Where requests go, such as http://127.0.0.1:9000; empty for none."),
      wright::option("allow", &Location::allow, "Addresses or networks let in; all others are then denied."),
      wright::option("deny", &Location::deny, "Addresses or networks kept out."),
      wright::option("extra", &Location::extra, "More nginx directives, each complete with its semicolon."));
};

struct Site {
  std::string name;
  std::vector<std::string> server_names;
  std::uint16_t http_port = 80;
  std::uint16_t https_port = 443;
  std::string tls = "self-signed";
  std::string certificate;
  std::string certificate_key;
  std::uint32_t certificate_days = 825;
  bool redirect = true;
  bool http2 = true;
  std::uint32_t hsts_seconds = 0;
  bool hsts_subdomains = false;
  bool hsts_preload = false;
  std::string root;
  std::string index = "index.html";
  std::vector<Page> pages;
  std::vector<Static> static_;
  std::vector<Location> locations;
  std::vector<std::string> upstream;
  std::string upstream_strategy = "round_robin";
  std::uint32_t upstream_keepalive = 0;
  std::uint32_t proxy_timeout_s = 60;
  std::string client_max_body_size;
  bool maintenance = false;
  std::string maintenance_page = "<!doctype html><title>Maintenance</title><h1>Back soon</h1>\n";
  std::string error_page_folder;
  std::map<std::string, std::string> headers;
  bool security_headers = true;
  std::vector<std::string> allow;
  std::vector<std::string> deny;
  std::string acme_folder;
  std::string access_log;
  std::string verify_path = "/";
  std::uint32_t verify_status = 200;
  std::string verify_contains;
  std::vector<std::string> extra;
  static constexpr auto options = wright::options(
      wright::option("name", &Site::name, "Names its file in sites-available.").required(),
      wright::option("server_names", &Site::server_names, "Host names it answers to.").required(),
      wright::option("http_port", &Site::http_port, "Port of plain HTTP; 0 for none."),
      wright::option("https_port", &Site::https_port, "Port of HTTPS.").range(1, 65535),
      wright::option("tls", &Site::tls, "Where its certificate comes from.").choices("self-signed", "files", "off"),
      wright::option("certificate", &Site::certificate, "For tls = \"files\": absolute path of the chain on the host."),
      wright::option("certificate_key", &Site::certificate_key,
                     "For tls = \"files\": absolute path of its key on the host."),
      wright::option("certificate_days", &Site::certificate_days, "For tls = \"self-signed\": validity in days.")
          .range(2, 3650),
      wright::option("redirect", &Site::redirect, "Plain HTTP is redirected to HTTPS."),
      wright::option("http2", &Site::http2, "HTTP/2 over TLS."),
      wright::option("hsts_seconds", &Site::hsts_seconds, "Strict-Transport-Security age; 0 sends none."),
      wright::option("hsts_subdomains", &Site::hsts_subdomains, "It holds for subdomains too."),
      wright::option("hsts_preload", &Site::hsts_preload, "It asks for the browsers' preload lists."),
      wright::option("root", &Site::root, "Absolute folder of its files; /var/www/NAME when pages are given."),
      wright::option("index", &Site::index, "File served for a folder."),
      wright::option("pages", &Site::pages, "Small files that wright writes below root."),
      wright::option("static", &Site::static_, "Folders served below a URL prefix."),
      wright::option("locations", &Site::locations, "More locations."),
      wright::option("upstream", &Site::upstream,
                     "Application servers: \"unix:/path\" or \"127.0.0.1:8000\", with nginx's server parameters."),
      wright::option("upstream_strategy", &Site::upstream_strategy, "How requests are spread.")
          .choices("round_robin", "least_conn", "ip_hash"),
      wright::option("upstream_keepalive", &Site::upstream_keepalive,
                     "Idle connections kept to the upstream for each worker."),
      wright::option("proxy_timeout_s", &Site::proxy_timeout_s, "How long the upstream may take to answer, in seconds.")
          .range(1, 86400),
      wright::option("client_max_body_size", &Site::client_max_body_size,
                     "Largest request body, such as 4g; the server's when empty."),
      wright::option("maintenance", &Site::maintenance,
                     "Answers 503 with maintenance_page. Touching /etc/nginx/maintenance/NAME.on does it by hand."),
      wright::option("maintenance_page", &Site::maintenance_page, "HTML of that page."),
      wright::option("error_page_folder", &Site::error_page_folder,
                     "Absolute folder whose 500.html is shown for 500, 502 and 504."),
      wright::option("headers", &Site::headers, "More response headers."),
      wright::option("security_headers", &Site::security_headers,
                     "X-Content-Type-Options, X-Frame-Options and Referrer-Policy."),
      wright::option("allow", &Site::allow, "Addresses or networks let in; all others are then denied."),
      wright::option("deny", &Site::deny, "Addresses or networks kept out."),
      wright::option("acme_folder", &Site::acme_folder,
                     "Absolute folder that serves /.well-known/acme-challenge/ over plain HTTP."),
      wright::option("access_log", &Site::access_log, "Its own access log; the server's when empty."),
      wright::option("verify_path", &Site::verify_path, "What `wright verify` asks for."),
      wright::option("verify_status", &Site::verify_status, "The status it expects.").range(100, 599),
      wright::option("verify_contains", &Site::verify_contains, "Text that the answer must hold."),
      wright::option("extra", &Site::extra,
                     "More nginx directives for the server block, each complete with its semicolon."));
};

struct Config {
  std::vector<Site> sites;
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
  std::string log_to = "files";
  std::string access_log = "/var/log/nginx/access.log";
  std::string error_log = "/var/log/nginx/error.log";
  std::string error_level = "error";
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
    wright::option("log_to", &Config::log_to, "Where logs go.").choices("files", "syslog"),
    wright::option("access_log", &Config::access_log, "For log_to = \"files\"."),
    wright::option("error_log", &Config::error_log, "For log_to = \"files\"."),
    wright::option("error_level", &Config::error_level, "Least level of the error log.")
        .choices("debug", "info", "notice", "warn", "error", "crit"),
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

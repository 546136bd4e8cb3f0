#include "config.hpp"
#include "syntax.hpp"

namespace nginx {
namespace {

void tls(Text& out, const Config& c) {
  out.directive("ssl_protocols", c.tls_protocols);
  out.directive("ssl_ciphers", c.tls_ciphers);
  out.directive("ssl_ecdh_curve", c.tls_curves);
  out.directive("ssl_prefer_server_ciphers", "off");
  out.line(wright::format("ssl_session_cache shared:wright:{}m;", c.tls_session_cache_mb));
  out.directive("ssl_session_timeout", "1d");
  out.directive("ssl_session_tickets", "off");
  if (c.ocsp_stapling) {
    out.directive("ssl_stapling", "on");
    out.directive("ssl_stapling_verify", "on");
  }
}

}  // namespace

std::string main_config(const Config& c) {
  Text out;
  out.directive("user", c.user);
  out.directive("worker_processes", c.worker_processes);
  out.line(wright::format("worker_rlimit_nofile {};", c.worker_rlimit_nofile));
  out.directive("pid", "/run/nginx.pid");
  out.line("include /etc/nginx/modules-enabled/*.conf;");
  for (const auto& line : c.extra_main) out.line(line);
  out.open("events");
  out.line(wright::format("worker_connections {};", c.worker_connections));
  out.directive("multi_accept", c.multi_accept ? "on" : "off");
  out.close();
  out.open("http");
  out.directive("include", "/etc/nginx/mime.types");
  out.directive("default_type", "application/octet-stream");
  out.directive("sendfile", "on");
  out.directive("tcp_nopush", "on");
  out.directive("types_hash_max_size", "2048");
  out.directive("server_names_hash_bucket_size", "128");
  out.line(wright::format("keepalive_timeout {};", c.keepalive_timeout_s));
  out.line(wright::format("keepalive_requests {};", c.keepalive_requests));
  out.directive("server_tokens", c.server_tokens ? "on" : "off");
  out.directive("client_max_body_size", c.client_max_body_size);
  declare_logs(out, c);
  tls(out, c);
  out.directive("gzip", c.gzip ? "on" : "off");
  if (c.gzip) {
    out.line(wright::format("gzip_comp_level {};", c.gzip_level));
    if (!c.gzip_types.empty()) out.directive("gzip_types", c.gzip_types);
    out.directive("gzip_vary", "on");
    out.directive("gzip_proxied", "any");
  }
  for (const auto& proxy : c.real_ip_from) out.directive("set_real_ip_from", proxy);
  if (!c.real_ip_from.empty()) out.directive("real_ip_header", c.real_ip_header);
  if (!c.real_ip_from.empty() && c.real_ip_recursive) out.line("real_ip_recursive on;");
  for (const auto& line : c.extra) out.line(line);
  if (c.status_port != 0) {
    out.open("server");
    out.line(wright::format("listen 127.0.0.1:{};", c.status_port));
    out.open("location = /nginx_status");
    out.directive("stub_status", std::vector<std::string>{});
    out.directive("access_log", "off");
    out.close();
    out.close();
  }
  out.line("include /etc/nginx/conf.d/*.conf;");
  out.line("include /etc/nginx/sites-enabled/*;");
  out.close();
  return out.text();
}

}  // namespace nginx

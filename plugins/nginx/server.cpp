#include "config.hpp"
#include "syntax.hpp"

namespace nginx {
namespace {

std::string switch_path(const Site& s) { return "/etc/nginx/maintenance/" + s.name + ".on"; }

void listen(Text& out, const Site& s, std::uint16_t port, std::string_view more, const Host& host) {
  for (const auto& place : listen_places(s, port, host))
    out.line(wright::format("listen {}{}{};", place, more, s.default_server ? " default_server" : ""));
}

/// Where a request over plain HTTP belongs.
std::string over_tls(const Site& s) {
  return s.https_port == 443 ? "https://$host$request_uri"
                             : wright::format("https://$host:{}$request_uri", s.https_port);
}

/// Pages that nginx itself sends with an error, and what an authority asks for: everybody may have them.
void open_to_all(Text& out, const Site& s) {
  if (!s.users.empty()) out.line("auth_basic off;");
  if (!s.allow.empty() || !s.deny.empty()) out.line("allow all;");
}

void response_headers(Text& out, const Site& s) {
  auto header = [&](const std::string& name, const std::string& value) {
    out.directive("add_header", {name, value, "always"});
  };
  if (s.security_headers) {
    header("X-Content-Type-Options", "nosniff");
    header("X-Frame-Options", "SAMEORIGIN");
    header("Referrer-Policy", "strict-origin-when-cross-origin");
  }
  if (has_tls(s) && s.hsts_seconds != 0)
    header("Strict-Transport-Security",
           wright::format("max-age={}{}{}", s.hsts_seconds, s.hsts_subdomains ? "; includeSubDomains" : "",
                          s.hsts_preload ? "; preload" : ""));
  for (const auto& [name, value] : s.headers) header(name, value);
}

void proxy_headers(Text& out, const Site& s) {
  out.line("proxy_set_header Host $http_host;");
  out.line("proxy_set_header X-Real-IP $remote_addr;");
  out.line("proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;");
  out.line("proxy_set_header X-Forwarded-Proto $scheme;");
  out.line("proxy_redirect off;");
  out.line("proxy_http_version 1.1;");
  if (s.upstream_keepalive != 0) out.line("proxy_set_header Connection \"\";");
  out.line(wright::format("proxy_read_timeout {};", s.proxy_timeout_s));
}

void acme(Text& out, const Site& s) {
  if (s.acme_folder.empty()) return;
  out.open("location /.well-known/acme-challenge/");
  open_to_all(out, s);
  out.directive("root", s.acme_folder);
  out.close();
}

void maintenance(Text& out, const Site& s) {
  out.line("error_page 503 /wright-maintenance.html;");
  out.open("location = /wright-maintenance.html");
  out.line("internal;");
  open_to_all(out, s);
  out.directive("alias", "/etc/nginx/maintenance/" + s.name + ".html");
  out.close();
  // An "if" that only sets or returns is safe in a server block. It is asked for each request, so touching the file is
  // enough, and for the page itself again: that must not be answered with another 503.
  out.line("set $wright_maintenance \"\";");
  out.open("if (-f " + switch_path(s) + ")");
  out.line("set $wright_maintenance on;");
  out.close();
  out.open("if ($uri = /wright-maintenance.html)");
  out.line("set $wright_maintenance \"\";");
  out.close();
  out.open("if ($wright_maintenance)");
  out.line("return 503;");
  out.close();
}

/// What directory does not have is asked for in fallback. That has an address of its own, as nginx takes no alias
/// where it could be named.
void static_folder(Text& out, const Static& folder, std::size_t number) {
  auto location = [&](const std::string& path, const std::string& directory) {
    out.open("location " + path);
    out.directive("alias", directory + (directory.ends_with('/') ? "" : "/"));
    if (!folder.expires.empty()) out.directive("expires", folder.expires);
  };
  location(quoted(folder.path), folder.directory);
  const std::string earlier = wright::format("/wright-fallback/{}", number);
  if (!folder.fallback.empty()) {
    out.line("error_page 404 = " + earlier + "$uri;");
    out.line("recursive_error_pages on;");
    out.line("log_not_found off;");
  }
  out.close();
  if (folder.fallback.empty()) return;
  location("^~ " + quoted(earlier + folder.path), folder.fallback);
  out.line("internal;");
  out.close();
}

void locations(Text& out, const Site& s) {
  for (std::size_t i = 0; i < s.static_.size(); ++i) static_folder(out, s.static_[i], i);
  for (const auto& location : s.locations) {
    out.open("location " + location.path);
    declare_networks(out, location.allow, location.deny);
    if (!location.proxy.empty()) {
      proxy_headers(out, s);
      out.directive("proxy_pass", location.proxy);
    }
    for (const auto& line : location.extra) out.line(line);
    out.close();
  }
}

void error_pages(Text& out, const Site& s) {
  for (std::size_t i = 0; i < s.error_pages.size(); ++i) {
    // nginx goes by the name's ending for the type of what it sends.
    const std::string page = wright::format("/wright-error-{}.html", i);
    std::string statuses;
    for (const auto status : s.error_pages[i].status) statuses += wright::format("{} ", status);
    out.line("error_page " + statuses + page + ";");
    out.open("location = " + page);
    out.line("internal;");
    open_to_all(out, s);
    out.directive("alias", s.error_pages[i].file);
    out.close();
  }
  if (!s.error_page_folder.empty()) {
    out.directive("error_page", {"500", "502", "504", "/500.html"});
    out.open("location = /500.html");
    out.line("internal;");
    open_to_all(out, s);
    out.directive("root", s.error_page_folder);
    out.close();
  }
}

void redirect_rules(Text& out, const Site& s) {
  for (const auto& rule : s.redirects) {
    const std::size_t space = rule.from.find(' ');
    const bool exact = space == std::string::npos;
    out.open("location " +
             (exact ? "= " + quoted(rule.from) : rule.from.substr(0, space + 1) + quoted(rule.from.substr(space + 1))));
    out.line(wright::format("return {} {};", rule.code, quoted(rule.to)));
    out.close();
  }
}

void application(Text& out, const Site& s) {
  const std::string root = root_of(s);
  if (s.upstream.empty()) {
    out.open("location /");
    out.line(root.empty() ? "return 404;" : "try_files $uri $uri/ =404;");
    out.close();
    return;
  }
  if (!root.empty()) {
    out.open("location /");
    out.line("try_files $uri @upstream;");
    out.close();
  }
  out.open(root.empty() ? "location /" : "location @upstream");
  proxy_headers(out, s);
  out.line("proxy_pass http://wright_" + s.name + ";");
  out.close();
}

void upstream(Text& out, const Site& s) {
  if (s.upstream.empty()) return;
  out.open("upstream wright_" + s.name);
  if (s.upstream_strategy != "round_robin") out.directive(s.upstream_strategy, std::vector<std::string>{});
  for (const auto& server : s.upstream)
    out.line("server " + server + (server.find(' ') == std::string::npos ? " fail_timeout=0;" : ";"));
  if (s.upstream_keepalive != 0) out.line(wright::format("keepalive {};", s.upstream_keepalive));
  out.close();
}

}  // namespace

namespace {

/// A name of its own for what comes from the site file: when tls changes, nothing that goes away has the path of what
/// comes.
std::string tls_path(const Site& s, std::string_view ending) {
  return "/etc/nginx/tls/" + s.name + (s.tls == "pem" ? ".given" : "") + std::string(ending);
}

}  // namespace

std::string certificate_path(const Site& s) { return s.tls == "files" ? s.certificate : tls_path(s, ".pem"); }
std::string key_path(const Site& s) { return s.tls == "files" ? s.certificate_key : tls_path(s, ".key"); }
std::string root_of(const Site& s) { return s.root.empty() && !s.pages.empty() ? "/var/www/" + s.name : s.root; }

std::string server_config(const Config& c, const Site& s, const Host& host) {
  Text out;
  upstream(out, s);
  const bool redirects = has_tls(s) && s.redirect && s.http_port != 0;
  if (redirects) {
    out.open("server");
    listen(out, s, s.http_port, "", host);
    out.directive("server_name", s.server_names);
    acme(out, s);
    out.open("location /");
    out.line("return 301 " + over_tls(s) + ";");
    out.close();
    out.close();
  }
  out.open("server");
  if (!redirects && s.http_port != 0) listen(out, s, s.http_port, "", host);
  if (has_tls(s)) {
    listen(out, s, s.https_port, s.http2 && !host.http2_directive ? " ssl http2" : " ssl", host);
    if (s.http2 && host.http2_directive) out.line("http2 on;");
    out.directive("ssl_certificate", certificate_path(s));
    out.directive("ssl_certificate_key", key_path(s));
    out.line("error_page 497 =301 " + over_tls(s) + ";");
  }
  out.directive("server_name", s.server_names);
  if (!root_of(s).empty()) {
    out.directive("root", root_of(s));
    out.directive("index", s.index);
  }
  if (!s.client_max_body_size.empty()) out.directive("client_max_body_size", s.client_max_body_size);
  declare_logs(out, c, s);
  declare_access(out, s);
  response_headers(out, s);
  if (!redirects) acme(out, s);
  maintenance(out, s);
  error_pages(out, s);
  redirect_rules(out, s);
  locations(out, s);
  application(out, s);
  for (const auto& line : s.extra) out.line(line);
  out.close();
  return out.text();
}

}  // namespace nginx

#pragma once

#include <map>
#include <string>
#include <vector>
#include <wright/certificate_subject.hpp>
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
  std::string fallback;
  std::string expires;
  std::string verify;
  static constexpr auto options = wright::options(
      wright::option("path", &Static::path, "URL prefix, such as /static/.").required(),
      wright::option("directory", &Static::directory, "Absolute folder that is served there.").required(),
      wright::option(
          "fallback", &Static::fallback,
          "Absolute folder that is asked for what directory does not have, such as that of the release before."),
      wright::option("expires", &Static::expires, "Lifetime for caches, such as 30d; none when empty."),
      wright::option("verify", &Static::verify,
                     "A file below path, such as css/page.css, that `wright verify` asks for; none when empty."));
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

struct User {
  std::string name;
  wright::Secret password;
  static constexpr auto options =
      wright::options(wright::option("name", &User::name, "What the visitor logs in as.").required(),
                      wright::option("password", &User::password, "And the password.").required());
};

struct ErrorPage {
  std::vector<std::uint16_t> status;
  std::string file;
  static constexpr auto options = wright::options(
      wright::option("status", &ErrorPage::status, "The statuses, such as [404]; 503 has maintenance_page.")
          .range(400, 599)
          .required(),
      wright::option("file", &ErrorPage::file, "Absolute path of the HTML file on the host.").required());
};

struct Redirect {
  std::string from;
  std::string to;
  std::uint16_t code = 301;
  static constexpr auto options = wright::options(
      wright::option(
          "from", &Redirect::from,
          "Path, exactly; all below it with \"^~ \" in front, a regular expression with \"~ \", as in nginx.")
          .required(),
      wright::option("to", &Redirect::to, "Where to; nginx's variables may be in it, such as /new$is_args$args.")
          .required(),
      wright::option("code", &Redirect::code, "Status of the answer: 301, 302, 303, 307 or 308.").range(301, 308));
};

struct Site {
  std::string name;
  std::vector<std::string> server_names;
  std::vector<std::string> listen;
  std::uint16_t http_port = 80;
  std::uint16_t https_port = 443;
  std::string tls = "self-signed";
  std::string certificate;
  std::string certificate_key;
  std::string certificate_pem;
  wright::Secret certificate_key_pem;
  std::string certificate_key_type = "ecdsa-p256";
  std::uint32_t certificate_days = 825;
  wright::CertificateSubject certificate_subject;
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
  std::vector<User> users;
  std::string satisfy = "all";
  std::vector<Redirect> redirects;
  std::vector<ErrorPage> error_pages;
  bool default_server = false;
  std::string acme_folder;
  std::string access_log;
  std::string error_log;
  std::string verify_path = "/";
  std::uint32_t verify_status = 200;
  std::string verify_contains;
  std::string verify_trust = "auto";
  std::vector<std::string> extra;
  static constexpr auto options = wright::options(
      wright::option("name", &Site::name, "Names its file in sites-available.").required(),
      wright::option("server_names", &Site::server_names, "Host names it answers to.").required(),
      wright::option("listen", &Site::listen, "Numeric addresses it listens on; all of the host when empty."),
      wright::option("http_port", &Site::http_port, "Port of plain HTTP; 0 for none."),
      wright::option("https_port", &Site::https_port, "Port of HTTPS.").range(1, 65535),
      wright::option("tls", &Site::tls, "Where its certificate comes from.")
          .choices("self-signed", "files", "pem", "off"),
      wright::option("certificate", &Site::certificate, "For tls = \"files\": absolute path of the chain on the host."),
      wright::option("certificate_key", &Site::certificate_key,
                     "For tls = \"files\": absolute path of its key on the host."),
      wright::option("certificate_pem", &Site::certificate_pem,
                     "For tls = \"pem\": the text of the chain, in PEM; the host gets it from here."),
      wright::option("certificate_key_pem", &Site::certificate_key_pem,
                     "For tls = \"pem\": the text of its key. Root alone may read it on the host."),
      wright::option("certificate_key_type", &Site::certificate_key_type, "For tls = \"self-signed\": its key.")
          .choices("ecdsa-p256", "rsa-2048", "rsa-4096"),
      wright::option("certificate_days", &Site::certificate_days, "For tls = \"self-signed\": validity in days.")
          .range(2, 3650),
      wright::option("certificate_subject", &Site::certificate_subject,
                     "For tls = \"self-signed\": what it says of its owner."),
      wright::option("redirect", &Site::redirect,
                     "Plain HTTP on http_port is redirected to HTTPS. On https_port it always is."),
      wright::option("http2", &Site::http2, "HTTP/2 over TLS; before nginx 1.25.1 the same for all sites at a port."),
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
      wright::option("users", &Site::users,
                     "Who is let in, by name and password (basic authentication); all when empty."),
      wright::option("satisfy", &Site::satisfy, "With users and allow: both must let a visitor in, or any of them.")
          .choices("all", "any"),
      wright::option("redirects", &Site::redirects, "Paths that are redirected."),
      wright::option("error_pages", &Site::error_pages,
                     "Pages for statuses that nginx itself answers with; an application's own stay as they are."),
      wright::option("default_server", &Site::default_server,
                     "It also answers those that ask for no site of ours, at its ports."),
      wright::option("acme_folder", &Site::acme_folder,
                     "Absolute folder that serves /.well-known/acme-challenge/ over plain HTTP."),
      wright::option("access_log", &Site::access_log,
                     "Absolute path of an access log of its own, or \"off\"; the server's when empty."),
      wright::option("error_log", &Site::error_log,
                     "Absolute path of an error log of its own; the server's when empty."),
      wright::option("verify_path", &Site::verify_path, "What `wright verify` asks for."),
      wright::option("verify_status", &Site::verify_status, "The status it expects.").range(100, 599),
      wright::option("verify_contains", &Site::verify_contains, "Text that the answer must hold."),
      wright::option(
          "verify_trust", &Site::verify_trust,
          "Whose certificate is good: \"system\" the one of an authority that the host knows, \"any\" every one, "
          "\"auto\" any for self-signed alone.")
          .choices("auto", "system", "any"),
      wright::option("extra", &Site::extra,
                     "More nginx directives for the server block, each complete with its semicolon."));
};

}  // namespace nginx

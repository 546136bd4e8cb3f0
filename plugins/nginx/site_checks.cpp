#include <wright/check.hpp>

#include "checks.hpp"
#include "syntax.hpp"

namespace nginx {
namespace {

void check_names(Problems& on, const std::string& at, const Site& s) {
  if (s.name.empty() || s.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-") != std::string::npos)
    on.bad(at + "name", "must be lower-case letters, digits, \"_\" and \"-\": it names a file");
  if (s.server_names.empty()) on.bad(at + "server_names", "names no host; \"_\" would be any");
  for (std::size_t i = 0; i < s.server_names.size(); ++i)
    if (s.server_names[i].empty() || s.server_names[i].find_first_of(" \t\r\n;{}\"'\\$") != std::string::npos)
      on.bad(wright::format("{}server_names[{}]", at, i), "is not a host name");
}

void check_listening(Problems& on, const std::string& at, const Site& s) {
  if (s.tls == "off" && s.http_port == 0)
    on.bad(at + "http_port", "is 0 and tls is off: the site would listen nowhere");
  for (std::size_t i = 0; i < s.listen.size(); ++i) {
    const std::string& address = s.listen[i];
    const std::string key = wright::format("{}listen[{}]", at, i);
    const bool six = address.find(':') != std::string::npos;
    if (address.find_first_not_of(six ? "0123456789abcdefABCDEF:." : "0123456789.") != std::string::npos ||
        (!six && address.find('.') == std::string::npos))
      on.bad(key, "must be a numeric address, such as 192.0.2.10");
    else if (address == "0.0.0.0" || address == "::")
      on.bad(key, "means all addresses: leave listen out for that");
  }
}

void check_certificate(Problems& on, const std::string& at, const Site& s) {
  const bool files = !s.certificate.empty() || !s.certificate_key.empty();
  const bool texts = !s.certificate_pem.empty() || !s.certificate_key_pem.empty();
  if (s.tls == "files" && (s.certificate.empty() || s.certificate_key.empty()))
    on.bad(at + "tls", "\"files\" needs certificate and certificate_key");
  if (s.tls != "files" && files) on.bad(at + "certificate", "is used with tls = \"files\" only");
  if (s.tls != "pem" && texts) on.bad(at + "certificate_pem", "is used with tls = \"pem\" only");
  if (s.tls != "self-signed" && !s.certificate_subject.empty())
    on.bad(at + "certificate_subject", "is used with tls = \"self-signed\" only");
  wright::check_certificate_subject(s.certificate_subject, at + "certificate_subject",
                                    [&](const std::string& key, const std::string& what) { on.bad(key, what); });
  if (s.tls != "pem") return;
  if (s.certificate_pem.empty() || s.certificate_key_pem.empty())
    on.bad(at + "tls", "\"pem\" needs certificate_pem and certificate_key_pem, both");
  if (!s.certificate_pem.empty() && s.certificate_pem.find("-----BEGIN CERTIFICATE-----") == std::string::npos)
    on.bad(at + "certificate_pem", "must be the text of a certificate, with -----BEGIN CERTIFICATE-----");
  if (!s.certificate_key_pem.empty() && s.certificate_key_pem.reveal().find("PRIVATE KEY-----") == std::string::npos)
    on.bad(at + "certificate_key_pem", "must be the text of a private key, with -----BEGIN PRIVATE KEY-----");
}

void check_users(Problems& on, const std::string& at, const Site& s) {
  for (std::size_t i = 0; i < s.users.size(); ++i) {
    const std::string key = wright::format("{}users[{}].", at, i);
    const std::string& name = s.users[i].name;
    if (name.empty() || !wright::is_line(name) || name.find(':') != std::string::npos)
      on.bad(key + "name", "must be one line without \":\"");
    const std::string& password = s.users[i].password.reveal();
    if (password.empty() || password.size() > 256 || !wright::is_line(password))
      on.bad(key + "password", "must be one line of 1 to 256 characters");
  }
  if (s.satisfy == "any" && (s.users.empty() || s.allow.empty()))
    on.bad(at + "satisfy", "\"any\" needs users and allow: with one of them alone there is nothing to choose");
}

void check_answers(Problems& on, const std::string& at, const Site& s) {
  for (std::size_t i = 0; i < s.redirects.size(); ++i) {
    const Redirect& rule = s.redirects[i];
    const std::string key = wright::format("{}redirects[{}].", at, i);
    const std::size_t space = rule.from.find(' ');
    const std::string how = rule.from.substr(0, space == std::string::npos ? 0 : space);
    if (!wright::is_line(rule.from) ||
        !(how.empty() ? rule.from.starts_with('/') : how == "^~" || how == "~" || how == "~*"))
      on.bad(key + "from", "must begin with \"/\", or with \"^~ \", \"~ \" or \"~* \" as in nginx");
    if (rule.to.empty() || !wright::is_line(rule.to)) on.bad(key + "to", "must be one line");
    if (rule.code > 303 && rule.code < 307) on.bad(key + "code", "must be 301, 302, 303, 307 or 308");
  }
  for (std::size_t i = 0; i < s.error_pages.size(); ++i) {
    const std::string key = wright::format("{}error_pages[{}].", at, i);
    if (s.error_pages[i].status.empty()) on.bad(key + "status", "names no status");
    for (const auto status : s.error_pages[i].status)
      if (status == 497 || status == 499 || status == 503)
        on.bad(key + "status", wright::format("{} is not for a page of yours: 503 is maintenance_page, 497 a redirect, "
                                              "499 has nobody to see it",
                                              status));
    if (s.error_pages[i].file.empty()) on.bad(key + "file", "is empty");
    on.absolute(key + "file", s.error_pages[i].file);
  }
}

/// "/static" would be the beginning of "/static-private/" and of "/static../" too.
void check_static(Problems& on, const std::string& at, const Static& folder) {
  if (!folder.path.starts_with('/') || !folder.path.ends_with('/') || !wright::is_line(folder.path))
    on.bad(at + "path",
           "must begin and end with \"/\": without the last one it is the beginning of other paths, and nginx would "
           "serve what lies beside the folder");
  on.absolute(at + "directory", folder.directory);
  on.absolute(at + "fallback", folder.fallback);
  if (!folder.expires.empty() && !wright::is_line(folder.expires)) on.bad(at + "expires", "must be one line");
  if (!folder.verify.empty() && (!wright::is_word(folder.verify) || folder.verify[0] == '/'))
    on.bad(at + "verify", "must be a path below that of the folder, as a URL has it, such as css/page.css");
}

}  // namespace

void check_site(Problems& on, const std::string& at, const Site& s) {
  check_names(on, at, s);
  check_listening(on, at, s);
  check_certificate(on, at, s);
  check_users(on, at, s);
  check_answers(on, at, s);
  for (const auto& [key, path] : {std::pair{"certificate", s.certificate},
                                  {"certificate_key", s.certificate_key},
                                  {"root", s.root},
                                  {"error_page_folder", s.error_page_folder},
                                  {"acme_folder", s.acme_folder},
                                  {"access_log", s.access_log == "off" ? "" : s.access_log},
                                  {"error_log", s.error_log}})
    on.absolute(at + key, path);
  for (std::size_t i = 0; i < s.static_.size(); ++i)
    check_static(on, wright::format("{}static[{}].", at, i), s.static_[i]);
  for (std::size_t i = 0; i < s.pages.size(); ++i)
    if (s.pages[i].name.empty() || s.pages[i].name.find_first_of("/\\\"'; \n") != std::string::npos ||
        s.pages[i].name[0] == '.')
      on.bad(wright::format("{}pages[{}].name", at, i), "must be a plain file name");
  on.directives(at + "extra", s.extra);
  for (std::size_t i = 0; i < s.locations.size(); ++i)
    on.directives(wright::format("{}locations[{}].extra", at, i), s.locations[i].extra);
  for (const auto& [name, value] : s.headers)
    if (!is_header_name(name) || !wright::is_line(value))
      on.bad(at + "headers", "\"" + (wright::is_line(name) ? name : std::string("?")) +
                                 "\" is no name of a header, or its value is not one line");
  on.lines(at + "upstream", s.upstream);
}

}  // namespace nginx

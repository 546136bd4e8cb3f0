#include <cctype>
#include <wright/json.hpp>

#include "parts.hpp"

namespace graylog {
namespace {

using wright::json_quoted;

std::string class_of(const Input& i) {
  if (!i.java_class.empty()) return i.java_class;
  if (i.type == "gelf-udp") return "org.graylog2.inputs.gelf.udp.GELFUDPInput";
  if (i.type == "gelf-tcp") return "org.graylog2.inputs.gelf.tcp.GELFTCPInput";
  if (i.type == "gelf-http") return "org.graylog2.inputs.gelf.http.GELFHttpInput";
  if (i.type == "syslog-udp") return "org.graylog2.inputs.syslog.udp.SyslogUDPInput";
  if (i.type == "syslog-tcp") return "org.graylog2.inputs.syslog.tcp.SyslogTCPInput";
  if (i.type == "raw-udp") return "org.graylog2.inputs.raw.udp.RawUDPInput";
  return "org.graylog2.inputs.raw.tcp.RawTCPInput";
}

std::string configuration(const Input& i) {
  std::vector<std::string> parts;
  if (i.port != 0) {
    parts.push_back("\"bind_address\":" + json_quoted(i.bind));
    parts.push_back(wright::format("\"port\":{}", i.port));
  }
  if (i.java_class.empty()) {
    if (is_udp(i)) parts.emplace_back(R"("recv_buffer_size":1048576)");
    if (i.type == "gelf-tcp") parts.emplace_back(R"("use_null_delimiter":true,"max_message_size":2097152)");
    if (i.type.starts_with("gelf")) parts.emplace_back(R"("decompress_size_limit":8388608)");
  }
  if (!i.tls.certificate.empty())
    parts.push_back(wright::format(R"("tls_enable":true,"tls_cert_file":{},"tls_key_file":{},"tls_client_auth":"{}")",
                                   json_quoted(i.tls.certificate), json_quoted(i.tls.key),
                                   i.tls.clients.empty() ? "disabled" : "required"));
  if (!i.tls.clients.empty()) parts.push_back("\"tls_client_auth_cert_file\":" + json_quoted(i.tls.clients));
  // Of the object that the option is, what is between its braces.
  const auto open = i.settings.find('{') + 1;
  const std::string more = i.settings.substr(open, i.settings.rfind('}') - open);
  if (more.find_first_not_of(" \t\r\n") != std::string::npos) parts.push_back(more);
  std::string out;
  for (const auto& part : parts) out += (out.empty() ? "" : ",") + part;
  return "{" + out + "}";
}

std::string own_certificate(const Input& i) { return "/etc/graylog/server/input-" + word_of(i.name); }

bool is_everywhere(const std::string& bind) { return bind == "0.0.0.0" || bind == "::"; }

}  // namespace

bool is_udp(const Input& i) { return i.type.ends_with("-udp"); }

std::string word_of(const std::string& name) {
  std::string out;
  for (const char c : name) {
    const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0;
    if (plain || (!out.empty() && out.back() != '_'))
      out += plain ? static_cast<char>(std::tolower(static_cast<unsigned char>(c))) : '_';
  }
  while (!out.empty() && out.back() == '_') out.pop_back();
  return out;
}

std::string input_object(const Input& i) {
  const std::string where = i.node.empty() ? R"("global":true)" : R"("global":false,"node":)" + json_quoted(i.node);
  return wright::format(R"({{"title":{},"type":{},{},"configuration":{}}})", json_quoted(i.name),
                        json_quoted(class_of(i)), where, configuration(i));
}

void use_own_certificates(Config& c) {
  for (auto& i : c.inputs) {
    if (!i.tls.self_signed) continue;
    i.tls.certificate = own_certificate(i) + ".pem";
    i.tls.key = own_certificate(i) + ".key";
  }
}

void declare_certificates(wright::Configure& on, const Config& all, const wright::Service& service) {
  for (const auto& i : all.inputs) {
    if (!i.tls.self_signed) continue;
    std::vector<std::string> names = {on.address()};
    if (!is_everywhere(i.bind) && i.bind != on.address()) names.push_back(i.bind);
    auto certificate = on.certificate(i.tls.certificate)
                           .key(i.tls.key)
                           .common_name(on.address())
                           .names(names)
                           .key_type("rsa-2048")  // what every Graylog can read
                           .owner("root", "graylog")
                           .key_mode(0640);
    wright::put_certificate_subject(certificate, i.tls.subject);
    service.restart_on(certificate);
  }
}

std::string far_address(const wright::Phase& on, const std::string& bind) {
  return is_everywhere(bind) ? on.address() : bind;
}

}  // namespace graylog

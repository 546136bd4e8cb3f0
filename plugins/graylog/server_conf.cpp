#include <charconv>
#include <wright/digest.hpp>

#include "parts.hpp"

namespace graylog {
namespace {

/// A value as java.util.Properties reads it: a backslash begins an escape, and bytes above 127 are Latin-1.
std::string escaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x80) {
      if (byte == '\\' || (byte == ' ' && i == 0)) out += '\\';
      out += text[i];
      continue;
    }
    const int more = byte >= 0xF0 ? 3 : byte >= 0xE0 ? 2 : 1;
    std::uint32_t point = byte & (0x3FU >> static_cast<unsigned>(more));
    for (int k = 0; k < more && i + 1 < text.size(); ++k)
      point = point << 6U | (static_cast<unsigned char>(text[++i]) & 0x3FU);
    auto unit = [&](std::uint32_t half) {
      out += "\\u" + wright::hex(std::string{static_cast<char>(half >> 8U), static_cast<char>(half)});
    };
    if (point >= 0x10000) unit(0xD800 + ((point - 0x10000) >> 10U));
    unit(point >= 0x10000 ? 0xDC00 + ((point - 0x10000) & 0x3FFU) : point);
  }
  return out;
}

class Lines {
 public:
  void add(std::string_view name, std::string_view value) {
    text_ += std::string(name) + " = " + escaped(value) + "\n";
  }
  void add(std::string_view name, const char* value) { add(name, std::string_view(value)); }
  void add(std::string_view name, const std::string& value) { add(name, std::string_view(value)); }
  void add(std::string_view name, bool yes) { add(name, yes ? "true" : "false"); }
  template <std::integral T>
  void add(std::string_view name, T number) {
    add(name, wright::format("{}", number));
  }
  void raw(std::string_view line) { text_ += std::string(line) + "\n"; }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_ = "# Written by wright. The next apply replaces hand edits.\n";
};

std::string joined(const std::vector<std::string>& items) {
  std::string out;
  for (const auto& item : items) out += (out.empty() ? "" : ", ") + item;
  return out;
}

void web(Lines& out, const Config& c) {
  out.add("http_bind_address", wright::format("{}:{}", bracketed(c.bind), c.port));
  if (!c.external_uri.empty()) out.add("http_external_uri", c.external_uri);
  if (!c.publish_uri.empty()) out.add("http_publish_uri", c.publish_uri);
  if (!c.proxy_uri.empty()) out.add("http_proxy_uri", c.proxy_uri.reveal());
  out.add("trusted_proxies", joined(c.trusted_proxies));
  out.add("http_enable_tls", !c.tls.certificate.empty());
  if (c.tls.certificate.empty()) return;
  out.add("http_tls_cert_file", c.tls.certificate);
  out.add("http_tls_key_file", c.tls.key);
  if (!c.tls.key_password.empty()) out.add("http_tls_key_password", c.tls.key_password.reveal());
}

void indices(Lines& out, const Config& c) {
  std::string hosts;
  for (const auto& url : c.search) hosts += (hosts.empty() ? "" : ",") + url.reveal();
  out.add("elasticsearch_hosts", hosts);
  out.add("elasticsearch_connect_timeout", wright::format("{}s", c.search_connect_s));
  out.add("elasticsearch_socket_timeout", wright::format("{}s", c.search_answer_s));
  out.add("elasticsearch_max_retries", c.search_retries);
  // The first start makes the default index set of these; later it is changed through REST.
  const Index& i = c.index;
  out.add("elasticsearch_index_prefix", i.prefix);
  out.add("elasticsearch_shards", i.shards);
  out.add("elasticsearch_replicas", i.replicas);
  out.add("rotation_strategy", i.rotation);
  out.add("elasticsearch_max_docs_per_index", i.max_docs);
  out.add("elasticsearch_max_size_per_index", i.max_mb * 1024 * 1024);
  out.add("elasticsearch_max_time_per_index", i.max_age);
  out.add("elasticsearch_max_number_of_indices", i.keep);
  // A first start knows only two of them.
  out.add("retention_strategy", i.retention == "none" ? "delete" : i.retention.c_str());
}

void processing(Lines& out, const Config& c) {
  out.add("inputbuffer_processors", c.input_processors);
  out.add("inputbuffer_ring_size", c.input_ring_size);
  out.add("inputbuffer_wait_strategy", c.wait_strategy);
  out.add("processor_wait_strategy", c.wait_strategy);
  out.add("processbuffer_processors", c.process_processors);
  out.add("outputbuffer_processors", c.output_processors);
  out.add("output_batch_size", c.output_batch);
  out.add("ring_size", c.ring_size);
  out.add("message_journal_enabled", c.journal.enabled);
  out.add("message_journal_dir", c.journal.directory);
  out.add("message_journal_max_size", wright::format("{}mb", c.journal.max_mb));
  out.add("message_journal_max_age", c.journal.max_age);
}

void email(Lines& out, const Config& c) {
  const Email& e = c.email;
  out.add("transport_email_enabled", !e.host.empty());
  if (e.host.empty()) return;
  out.add("transport_email_hostname", e.host);
  out.add("transport_email_port", e.port);
  out.add("transport_email_use_auth", !e.user.empty());
  out.add("transport_email_use_tls", e.starttls && !e.tls);
  out.add("transport_email_use_ssl", e.tls);
  if (!e.user.empty()) out.add("transport_email_auth_username", e.user);
  if (!e.user.empty()) out.add("transport_email_auth_password", e.password.reveal());
  if (!e.from.empty()) out.add("transport_email_from_email", e.from);
  const std::string url = e.web_url.empty() ? c.external_uri : e.web_url;
  if (!url.empty()) out.add("transport_email_web_interface_url", url);
}

}  // namespace

int release_in(std::string_view text) {
  // An epoch is no part of it.
  if (const auto colon = text.find(':'); colon != std::string_view::npos) text.remove_prefix(colon + 1);
  int major = 0;
  int minor = 0;
  const char* const end = text.data() + text.size();
  const auto [dot, error] = std::from_chars(text.data(), end, major);
  if (error != std::errc()) return 0;
  if (dot != end && *dot == '.') std::from_chars(dot + 1, end, minor);
  return 100 * major + minor;
}

wright::Secret server_conf(const Config& c, int release) {
  Lines out;
  // A name that a release does not know is passed over: where nothing tells the release, both are there.
  if (release < 402) out.add("is_master", c.leader);
  if (release == 0 || release >= 402) out.add("is_leader", c.leader);
  out.add("versionchecks", c.version_checks);
  if (release == 0 || release >= 501) out.add("telemetry_enabled", c.telemetry);
  out.add("node_id_file", "/etc/graylog/server/node-id");
  out.add("password_secret", c.password_secret.reveal());
  out.add("root_username", c.root_user);
  out.add("root_password_sha2", wright::hex(wright::sha256(c.root_password.reveal())));
  out.add("root_email", c.root_email);
  out.add("root_timezone", c.timezone);
  out.add("bin_dir", "/usr/share/graylog-server/bin");
  out.add("data_dir", "/var/lib/graylog-server");
  out.add("plugin_dir", "/usr/share/graylog-server/plugin");
  web(out, c);
  out.add("mongodb_uri", c.mongodb_uri.reveal());
  indices(out, c);
  processing(out, c);
  email(out, c);
  for (const auto& line : c.extra) out.raw(line);
  return wright::Secret(out.text());
}

std::string default_file(const Config& c, std::uint32_t heap_mb) {
  const bool is_ipv4 = c.bind.find(':') == std::string::npos;
  std::string options =
      wright::format("-Xms{}m -Xmx{}m -server -XX:+UseG1GC -XX:-OmitStackTraceInFastThrow", heap_mb, heap_mb);
  // Java 9 and later; Java 8 does not know it.
  if (c.java.find("-8-") == std::string::npos) options += " --add-opens=java.base/java.lang=ALL-UNNAMED";
  for (const auto& one : c.jvm_options) options += " " + one;
  if (is_ipv4) options += " -Djava.net.preferIPv4Stack=true";
  return "# Written by wright. The next apply replaces hand edits.\n" +
         std::string(c.java.empty() ? "" : "JAVA=/usr/bin/java\n") + "GRAYLOG_SERVER_JAVA_OPTS=\"" + options +
         "\"\nGRAYLOG_SERVER_ARGS=\"\"\nGRAYLOG_COMMAND_WRAPPER=\"\"\n";
}

std::string bracketed(const std::string& address) {
  return address.find(':') == std::string::npos ? address : "[" + address + "]";
}

std::string near_address(const std::string& bind) {
  if (bind == "0.0.0.0") return "127.0.0.1";
  if (bind == "::") return "::1";
  return bind;
}

std::string url_at(const Config& c, const std::string& address) {
  return wright::format("{}://{}:{}", c.tls.certificate.empty() ? "http" : "https", bracketed(address), c.port);
}

std::string near_url(const Config& c) { return url_at(c, near_address(c.bind)); }

}  // namespace graylog

#include <algorithm>
#include <set>
#include <wright/apt_source.hpp>
#include <wright/check.hpp>

#include "parts.hpp"

namespace graylog {
namespace {

bool is_address(const std::string& text) {
  return !text.empty() && text.find_first_not_of("0123456789abcdefABCDEF.:") == std::string::npos;
}

/// A number and one of the units: 12h.
bool is_age(const std::string& text) {
  return text.size() > 1 && std::string_view("smhd").find(text.back()) != std::string_view::npos &&
         text.find_first_not_of("0123456789") == text.size() - 1;
}

bool is_json_object(const std::string& text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  const auto last = text.find_last_not_of(" \t\r\n");
  return first != std::string::npos && text[first] == '{' && text[last] == '}' && first != last;
}

/// Also the empty text, which names none.
bool is_class(const std::string& text) {
  return std::all_of(text.begin(), text.end(),
                     [](unsigned char c) { return std::isalnum(c) != 0 || c == '.' || c == '_' || c == '$'; });
}

class Check {
 public:
  Check(wright::Configure& on, const Config& c) : on_(on), c_(c) {}

  bool passes() {
    good_ = wright::check_apt_source(on_, c_.source);
    server();
    tls("tls", c_.tls.certificate, c_.tls.key);
    search();
    age("journal.max_age", c_.journal.max_age);
    age("index.max_age", c_.index.max_age);
    if (!wright::is_absolute_path(c_.journal.directory)) bad("journal.directory", "must be an absolute path");
    if (!c_.email.host.empty() && c_.email.from.empty()) bad("email.from", "is needed with email.host");
    for (std::size_t i = 0; i < c_.extra.size(); ++i)
      if (!wright::is_line(c_.extra[i])) bad(wright::format("extra[{}]", i), "must be one line");
    inputs();
    once("rules", c_.rules), once("streams", c_.streams), once("notifications", c_.notifications);
    once("alerts", c_.alerts), once("dashboards", c_.dashboards);
    rules();
    alerts();
    widgets();
    return good_;
  }

 private:
  void bad(std::string_view option, std::string_view what, std::string_view next = {}) {
    on_.error(option, what, next);
    good_ = false;
  }
  void age(std::string_view option, const std::string& text) {
    if (!is_age(text)) bad(option, "must be a number and one of s, m, h, d, such as 12h");
  }
  void tls(const std::string& place, const std::string& certificate, const std::string& key) {
    for (const auto& [name, path] : {std::pair{".certificate", &certificate}, {".key", &key}})
      if (!path->empty() && !wright::is_absolute_path(*path))
        bad(place + name, "must be an absolute path without \"..\"");
    if (certificate.empty() != key.empty()) bad(place, "certificate and key need each other");
  }

  void server() {
    if (c_.password_secret.reveal().size() < 16) bad("password_secret", "must have at least 16 characters");
    if (c_.root_password.empty()) bad("root_password", "must not be empty");
    for (const auto& [name, secret] : {std::pair{"password_secret", &c_.password_secret},
                                       {"mongodb_uri", &c_.mongodb_uri},
                                       {"email.password", &c_.email.password},
                                       {"tls.key_password", &c_.tls.key_password}})
      if (!wright::is_line(secret->reveal())) bad(name, "must be one line");
    for (const auto& [name, text] : {std::pair{"external_uri", &c_.external_uri},
                                     {"publish_uri", &c_.publish_uri},
                                     {"timezone", &c_.timezone},
                                     {"root_user", &c_.root_user},
                                     {"root_email", &c_.root_email},
                                     {"email.host", &c_.email.host},
                                     {"email.user", &c_.email.user},
                                     {"email.from", &c_.email.from},
                                     {"email.web_url", &c_.email.web_url},
                                     {"version", &c_.version}})
      if (!wright::is_line(*text)) bad(name, "must be one line");
    if (c_.root_user.empty() || c_.root_user.find(':') != std::string::npos)
      bad("root_user", "must be a name without a colon");
    if (!is_address(c_.bind)) bad("bind", "must be a numeric address, such as 127.0.0.1");
    uri("external_uri", c_.external_uri);
    uri("publish_uri", c_.publish_uri);
    if (!c_.proxy_uri.empty() && !(wright::is_word(c_.proxy_uri.reveal()) && c_.proxy_uri.reveal().starts_with("http")))
      bad("proxy_uri", "must be one URL that begins with http:// or https://");
    const std::string& mongodb = c_.mongodb_uri.reveal();
    if (!mongodb.starts_with("mongodb://") && !mongodb.starts_with("mongodb+srv://"))
      bad("mongodb_uri", "must begin with mongodb:// or mongodb+srv://, such as ${mongodb.graylog.url}");
    for (const auto& [name, size] : {std::pair{"ring_size", c_.ring_size}, {"input_ring_size", c_.input_ring_size}})
      if ((size & (size - 1)) != 0) bad(name, "must be a power of two");
    const int release = release_on(on_, c_);
    if (release != 0 && release < 303) bad("version", "is older than 3.3, which this plugin knows");
    heap();
  }

  void heap() {
    const auto memory = on_.fact("memory.total_bytes").integer() / 1048576;
    if (c_.heap_mb > 0 && c_.heap_mb >= memory)
      bad("heap_mb", wright::format("is more than the host's memory of {} MiB", memory),
          "leave room for the search server, MongoDB and the file cache");
    else if (c_.heap_mb > 0 && c_.heap_mb < least_heap_mb)
      bad("heap_mb", wright::format("is less than the {} MiB that Graylog needs", least_heap_mb));
    else if (c_.heap_mb == 0 && memory < 2 * least_heap_mb)
      bad("heap_mb",
          wright::format(
              "cannot be had of the host's memory of {} MiB: Graylog needs {} MiB of heap and as much besides", memory,
              least_heap_mb),
          "put it on a host with more memory");
    for (std::size_t i = 0; i < c_.jvm_options.size(); ++i)
      if (!c_.jvm_options[i].starts_with('-') || !wright::is_word(c_.jvm_options[i]) ||
          c_.jvm_options[i].find_first_of("\"\\$`") != std::string::npos)
        bad(wright::format("jvm_options[{}]", i), "must be one option, such as -XX:MaxGCPauseMillis=200");
  }

  void uri(std::string_view option, const std::string& text) {
    if (!text.empty() && (!text.starts_with("http") || text.back() != '/'))
      bad(option, "must begin with http:// or https:// and end with a slash");
  }

  void search() {
    if (c_.search.empty()) bad("search", "names no server");
    for (std::size_t i = 0; i < c_.search.size(); ++i) {
      const std::string& url = c_.search[i].reveal();
      if (!url.starts_with("http://") && !url.starts_with("https://"))
        bad(wright::format("search[{}]", i), "must begin with http:// or https://");
      if (!wright::is_word(url) || url.find(',') != std::string::npos)
        bad(wright::format("search[{}]", i), "must be one URL without spaces and commas");
    }
  }

  template <class Named>
  void once(const std::string& list, const std::vector<Named>& all) {
    std::set<std::string> seen;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const std::string place = wright::format("{}[{}].name", list, i);
      const std::string& name = all[i].name;
      if (name.empty() || !wright::is_line(name)) bad(place, "must be a name without control characters");
      if (!seen.insert(name).second) bad(place, "\"" + name + "\" stands here twice");
    }
  }

  void inputs() {
    once("inputs", c_.inputs);
    std::map<std::string, std::string> taken;
    const Config all = with_packs(c_);
    for (const auto& i : all.inputs) {
      if (!i.java_class.empty()) continue;
      const std::string port = wright::format("{} {}", i.port, is_udp(i) ? "udp" : "tcp");
      if (const auto [other, is_new] = taken.emplace(port, i.name); !is_new && other->second != i.name)
        bad("inputs", wright::format("\"{}\" and \"{}\" both listen at {}", other->second, i.name, port));
      if (port == wright::format("{} tcp", c_.port)) bad("inputs", "\"" + i.name + "\" has the web interface's port");
    }
    for (std::size_t n = 0; n < c_.inputs.size(); ++n) input(wright::format("inputs[{}]", n), c_.inputs[n]);
  }

  void input(const std::string& place, const Input& i) {
    if (!is_address(i.bind)) bad(place + ".bind", "must be a numeric address, such as 0.0.0.0");
    if (i.port == 0 && i.java_class.empty()) bad(place + ".port", "must be from 1 to 65535 without class");
    if (!is_class(i.java_class)) bad(place + ".class", "must be the full name of a Java class");
    if (!wright::is_line(i.node) || i.node.find(' ') != std::string::npos)
      bad(place + ".node", "must be the id of a node, the text of its file node-id");
    tls(place + ".tls", i.tls.certificate, i.tls.key);
    if (i.tls.self_signed && !i.tls.certificate.empty())
      bad(place + ".tls", "has a certificate and is self_signed: one of them is too many");
    if (!i.tls.self_signed && !i.tls.subject.empty()) bad(place + ".tls.subject", "needs self_signed");
    wright::check_certificate_subject(i.tls.subject, place + ".tls.subject",
                                      [&](const std::string& key, const std::string& what) { bad(key, what); });
    if (i.tls.self_signed && word_of(i.name).empty())
      bad(place + ".name", "must have a letter or digit, as its certificate is named after it");
    const bool is_tls = i.tls.self_signed || !i.tls.certificate.empty();
    if (is_tls && i.java_class.empty() && is_udp(i)) bad(place + ".tls", "needs a type of TCP");
    if (!i.tls.clients.empty() && !is_tls) bad(place + ".tls.clients", "needs a certificate, or self_signed");
    if (!is_json_object(i.settings))
      bad(place + ".settings", "must be a JSON object, such as '{\"force_rdns\": true}'");
    for (const auto& [field, value] : i.fields)
      if (!wright::is_variable_name(field))
        bad(place + ".fields", "\"" + field + "\" must be letters, digits and \"_\"");
  }

  void rules() {
    for (std::size_t i = 0; i < c_.rules.size(); ++i)
      if (c_.rules[i].name.starts_with("wright: "))
        bad(wright::format("rules[{}].name", i), "must not begin with \"wright: \", as those that wright makes do");
  }

  void alerts() {
    for (std::size_t i = 0; i < c_.alerts.size(); ++i)
      for (const auto& name : c_.alerts[i].notify)
        if (std::none_of(c_.notifications.begin(), c_.notifications.end(),
                         [&](const auto& n) { return n.name == name; }))
          bad(wright::format("alerts[{}].notify", i), "\"" + name + "\" is not one of notifications");
    for (std::size_t i = 0; i < c_.notifications.size(); ++i) {
      const Notification& n = c_.notifications[i];
      if (n.to.empty() == n.url.empty()) bad(wright::format("notifications[{}]", i), "needs either to or url");
      if (!n.to.empty() && c_.email.host.empty())
        bad(wright::format("notifications[{}].to", i), "needs email.host, through which it is sent");
    }
  }

  void widgets() {
    for (std::size_t d = 0; d < c_.dashboards.size(); ++d)
      for (std::size_t w = 0; w < c_.dashboards[d].widgets.size(); ++w) {
        const Widget& one = c_.dashboards[d].widgets[w];
        const bool wants = one.show != "count" && one.show != "histogram" && one.show != "messages";
        if (wants && one.field.empty())
          bad(wright::format("dashboards[{}].widgets[{}].field", d, w), "is needed for \"" + one.show + "\"");
      }
  }

  wright::Configure& on_;
  const Config& c_;
  bool good_ = true;
};

}  // namespace

bool check(wright::Configure& on, const Config& c) {
  return Check(on, c).passes() && fits_partners(on, c) && host_has_room(on, with_packs(c));
}

}  // namespace graylog

#include <algorithm>
#include <wright/json.hpp>

#include "parts.hpp"

namespace graylog {
namespace {

Input input(const std::string& name, const std::string& type, std::uint16_t port,
            std::map<std::string, std::string> fields) {
  Input out;
  out.name = name;
  out.type = type;
  out.port = port;
  out.fields = std::move(fields);
  return out;
}

Stream stream(const std::string& name, const std::string& description, const std::string& when) {
  return {name, description, when, false};
}

Widget widget(const std::string& title, const std::string& show, const std::string& query,
              const std::string& field = {}) {
  return {title, show, field, query, 15};
}

/// A rule that takes fields out of the message, where the whole pattern is in it.
Rule extraction(const std::string& name, std::uint32_t stage, const std::string& with_field, const std::string& pattern,
                const std::vector<std::string>& fields, const std::vector<std::string>& more = {}) {
  const std::string call = "regex(" + wright::json_quoted(pattern) + ", to_string($message.message)";
  Rule out;
  out.name = name;
  out.stage = stage;
  out.when = "has_field(\"" + with_field + "\") && " + call + ").matches == true";
  out.then = {"let found = " + call + ", " + wright::json_list(fields) + ");", "set_fields(found);"};
  out.then.insert(out.then.end(), more.begin(), more.end());
  return out;
}

std::string number(const std::string& field, const char* convert = "to_long") {
  return "set_field(\"" + field + "\", " + convert + "(found[\"" + field + "\"]));";
}

/// What was found by these names, with the text between them.
std::string joined(const std::vector<std::string>& fields, const std::string& between) {
  std::string out;
  for (const auto& field : fields) {
    const std::string one = "to_string(found[\"" + field + "\"])";
    if (!out.empty() && !between.empty()) out = "concat(" + out + ", " + wright::json_quoted(between) + ")";
    out = out.empty() ? one : "concat(" + out + ", " + one + ")";
  }
  return out;
}

std::string status_is(const std::string& field, const std::string& condition) {
  std::string out = "has_field(\"" + field + "\")";
  return out + " && to_long($message." + field + ") " + condition;
}

void nginx(Config& out) {
  out.inputs.push_back(
      input("nginx access_log", "syslog-udp", 12301, {{"from_nginx", "true"}, {"nginx_access", "true"}}));
  out.inputs.push_back(
      input("nginx error_log", "syslog-udp", 12302, {{"from_nginx", "true"}, {"nginx_error", "true"}}));
  // The format that the plugin nginx writes.
  out.rules.push_back(extraction(
      "nginx access", 1, "nginx_access",
      R"re((\S+) - (.*?) \[([^\]]+)\] "([^" ]*) ?([^" ]*) ?([^"]*)" (\d{3}) (\d+) "([^"]*)" "([^"]*)" "([^"]*)" )re"
      R"re(msec=(\d+)\.(\d{3}) connection=(\d+) requests=(\d+) seconds=([0-9.]+))re",
      {"remote_addr", "remote_user", "time_local", "request_verb", "request_path", "http_version", "response_status",
       "body_bytes_sent", "http_referer", "http_user_agent", "http_x_forwarded_for", "seconds", "milliseconds",
       "connection_id", "connection_requests", "response_time"},
      {number("response_status"), number("body_bytes_sent"), number("connection_id"), number("connection_requests"),
       number("response_time", "to_double"),
       // Syslog's own time has neither zone nor fractions of a second.
       "set_field(\"timestamp\", parse_unix_milliseconds(to_long(" + joined({"seconds", "milliseconds"}, "") + ")));",
       "remove_field(\"seconds\");", "remove_field(\"milliseconds\");",
       "set_field(\"full_message\", to_string($message.message));",
       "set_field(\"message\", " + joined({"request_verb", "request_path", "response_status"}, " ") + ");"}));
  out.rules.push_back(extraction("nginx error", 1, "nginx_error", R"re(\[([a-z]+)\] (\d+)#)re",
                                 {"error_level", "worker_pid"}, {number("worker_pid")}));
  out.rules.push_back(extraction("nginx error of a client", 1, "nginx_error", R"re(client: ([^,]+), server: ([^,]*))re",
                                 {"remote_addr", "server_name"}));
  out.rules.push_back(extraction("nginx error of a request", 1, "nginx_error", R"re(request: "(\S+) (\S+) ([^"]*)")re",
                                 {"request_verb", "request_path", "http_version"}));
  const std::string status = "response_status";
  out.streams.push_back(stream("nginx", "Everything that nginx logs", "has_field(\"from_nginx\")"));
  out.streams.push_back(stream("nginx requests", "Its access log", "has_field(\"nginx_access\")"));
  out.streams.push_back(stream("nginx errors", "Its error log", "has_field(\"nginx_error\")"));
  out.streams.push_back(stream("nginx 4XX", "Requests with a client's error",
                               status_is(status, ">= 400") + " && " + "to_long($message.response_status) < 500"));
  out.streams.push_back(stream("nginx 404", "Requests for what is not there", status_is(status, "== 404")));
  out.streams.push_back(stream("nginx 5XX", "Requests with a server's error", status_is(status, ">= 500")));
  const std::string access = "nginx_access:true";
  out.dashboards.push_back(
      {"nginx overview",
       "Requests, errors, response times",
       86400,
       {widget("Requests", "count", access), widget("Errors of nginx", "count", "nginx_error:true"),
        widget("Requests over time", "histogram", access),
        widget("Response time over time", "average_over_time", access, "response_time"),
        widget("Status", "pie", access, "response_status"), widget("Verbs", "pie", access, "request_verb"),
        widget("Most asked for", "top", access, "request_path"), widget("Clients", "top", access, "remote_addr"),
        widget("Server errors", "messages", "response_status:>=500")}});
}

void django(Config& out) {
  out.inputs.push_back(input("Django", "gelf-udp", 12201, {{"from_django", "true"}}));
  out.streams.push_back(stream("django", "Everything that Django logs", "has_field(\"from_django\")"));
  const std::string from = "has_field(\"from_django\") && ";
  out.streams.push_back(stream("django 4XX", "Requests with a client's error",
                               from + status_is("status_code", ">= 400") + " && to_long($message.status_code) < 500"));
  out.streams.push_back(
      stream("django 404", "Requests for what is not there", from + status_is("status_code", "== 404")));
  const std::string query = "from_django:true";
  out.dashboards.push_back(
      {"Django overview",
       "What Django logs",
       86400,
       {widget("Messages", "count", query), widget("Messages over time", "histogram", query),
        widget("Status", "pie", query, "status_code"), widget("Last messages", "messages", query)}});
}

void gunicorn(Config& out) {
  out.inputs.push_back(input("gunicorn", "syslog-udp", 12303, {{"from_gunicorn", "true"}}));
  out.streams.push_back(stream("gunicorn", "Everything that gunicorn logs", "has_field(\"from_gunicorn\")"));
  const std::string query = "from_gunicorn:true";
  out.dashboards.push_back(
      {"Gunicorn overview",
       "What gunicorn logs",
       86400,
       {widget("Messages over time", "histogram", query), widget("Last messages", "messages", query)}});
}

void syslog(Config& out) {
  out.inputs.push_back(input("syslog", "syslog-tcp", 1514, {{"from_syslog", "true"}}));
  const std::string from = "has_field(\"from_syslog\")";
  out.streams.push_back(stream("system", "Journals of the hosts", from));
  // A program of the journal is known by its unit, as the plugin rsyslog tells it; a log file by its tag.
  for (const char* service : {"celery", "postgresql", "rabbitmq", "supervisor"})
    out.streams.push_back(stream(service, "What it logs to the journal or to its file",
                                 from + " && (starts_with(to_string($message.unit), \"" + service +
                                     "\") || to_string($message.application_name) == \"" + service + "\")"));
  out.streams.push_back(
      stream("system errors", "What is wrong by their own word", from + " && to_long($message.level, 7) <= 3"));
  const std::string query = "from_syslog:true";
  out.dashboards.push_back(
      {"System overview",
       "What hosts and services log",
       86400,
       {widget("Messages over time", "histogram", query), widget("Programs", "top", query, "application_name"),
        widget("Hosts", "top", query, "source"), widget("Errors", "messages", query + " AND level:<=3")}});
}

void gelf(Config& out) { out.inputs.push_back(input("GELF over TCP", "gelf-tcp", 12201, {{"from_gelf", "true"}})); }

/// Adds to `mine` what `theirs` has by other names, before it.
template <class Named>
void merge(std::vector<Named>& mine, std::vector<Named> theirs) {
  std::erase_if(theirs, [&](const Named& one) {
    return std::any_of(mine.begin(), mine.end(), [&](const Named& other) { return other.name == one.name; });
  });
  mine.insert(mine.begin(), theirs.begin(), theirs.end());
}

}  // namespace

Config with_packs(const Config& c) {
  Config packs;
  for (const auto& name : c.packs) {
    if (name == "nginx") nginx(packs);
    if (name == "django") django(packs);
    if (name == "gunicorn") gunicorn(packs);
    if (name == "syslog") syslog(packs);
    if (name == "gelf") gelf(packs);
  }
  Config out = c;
  merge(out.inputs, packs.inputs);
  merge(out.rules, packs.rules);
  merge(out.streams, packs.streams);
  merge(out.dashboards, packs.dashboards);
  use_own_certificates(out);
  return out;
}

}  // namespace graylog

#include <wright/json.hpp>

#include "parts.hpp"

namespace graylog {
namespace {

using wright::json_quoted;

constexpr std::string_view all_messages = "000000000000000000000001";
constexpr std::string_view rotation = "org.graylog2.indexer.rotation.strategies.";
constexpr std::string_view retention = "org.graylog2.indexer.retention.strategies.";

std::string_view truth(bool yes) { return yes ? "true" : "false"; }

/// "1d" as ISO 8601 has it: P1D.
std::string period(const std::string& age) {
  const char unit = static_cast<char>(std::toupper(static_cast<unsigned char>(age.back())));
  return std::string(unit == 'D' ? "P" : "PT") + age.substr(0, age.size() - 1) + unit;
}

std::string index_set(const Index& i) {
  std::string kind = "MessageCountRotationStrategy";
  std::string limit = wright::format("\"max_docs_per_index\":{}", i.max_docs);
  if (i.rotation == "size")
    kind = "SizeBasedRotationStrategy", limit = wright::format("\"max_size\":{}", i.max_mb * 1048576);
  if (i.rotation == "time")
    kind = "TimeBasedRotationStrategy", limit = "\"rotation_period\":\"" + period(i.max_age) + "\"";
  const std::string end = i.retention == "close"    ? "ClosingRetentionStrategy"
                          : i.retention == "delete" ? "DeletionRetentionStrategy"
                                                    : "NoopRetentionStrategy";
  return wright::format(R"({{"shards":{},"replicas":{},"rotation_strategy_class":"{}{}","rotation_strategy":)"
                        R"({{"type":"{}{}Config",{}}},"retention_strategy_class":"{}{}","retention_strategy":)"
                        R"({{"type":"{}{}Config","max_number_of_indices":{}}})",
                        i.shards, i.replicas, rotation, kind, rotation, kind, limit, retention, end, retention, end,
                        i.keep);
}

class Objects {
 public:
  Objects(wright::Configure& on, const Config& c, const wright::Service& service)
      : on_(on), c_(c), service_(service), api_(near_url(c) + "/api/") {}

  void declare() {
    indices();
    auto pipeline = pipeline_of_stages();
    for (const auto& input : c_.inputs) this->input(input);
    for (const auto& stream : c_.streams) this->stream(stream, pipeline);
    for (const auto& one : c_.notifications) notification(one);
    for (const auto& one : c_.alerts) alert(one);
    for (const auto& one : c_.dashboards) dashboard(one);
  }

 private:
  wright::HttpObject object(const std::string& path) {
    return on_.http(api_ + path)
        .auth(c_.root_user, c_.root_password)
        .header("X-Requested-By", "wright")
        .trust("any")
        .unit("graylog-server")
        .wait(c_.start_timeout_s)
        .after(service_);
  }
  wright::HttpObject titled(const std::string& path, const std::string& title, std::string_view within) {
    return object(path + "#" + title).find("title", title).within(within);
  }

  void indices() {
    const std::string wanted = index_set(c_.index);
    object("system/indices/index_sets#default")
        .find("default", "true")
        .within("/index_sets")
        .body(wanted + "}")
        .send(wanted +
              R"(,"title":"Default index set","description":"The Graylog default index set","writable":true,)"
              R"("index_analyzer":"standard","index_optimization_max_num_segments":1,)"
              R"("index_optimization_disabled":false,"field_type_refresh_interval":5000,"index_prefix":)" +
              json_quoted(c_.index.prefix) + "}");
    writable("index", "default", "true").after("http:" + api_ + "system/indices/index_sets#default");
    if (c_.alerts.empty()) return;
    writable("events", "index_prefix", "gl-events");
    writable("system", "index_prefix", "gl-system-events");
  }

  /// A message that comes before the alias of an index set makes an index in its place, and the set never works again.
  /// Graylog makes the alias by itself, but up to ten seconds after it says that it is alive.
  wright::HttpObject writable(const std::string& word, std::string_view field, std::string_view value) {
    return object(deflector(word))
        .id(word, api_ + "system/indices/index_sets", "/index_sets", field, value)
        .find("is_up", "true")
        .single()
        .body("{}")
        .make_url(api_ + deflector(word) + "/cycle")
        .stays();
  }
  static std::string deflector(const std::string& word) { return "system/deflector/{" + word + "}"; }

  void input(const Input& i) {
    titled("system/inputs", i.name, "/inputs")
        .after("http:" + api_ + deflector("index"))
        .read_as("configuration", "attributes")
        .restore({"title", "type", "global", "node", "configuration"})
        .body(input_object(i));
  }

  wright::HttpObject rule(const std::string& name, const std::string& when, const std::string& then) {
    const std::string source = "rule " + json_quoted(name) + "\nwhen\n  " + when + "\nthen\n" + then + "end";
    return titled("system/pipelines/rule", name, "")
        .restore({"title", "description", "source"})
        .body(wright::format(R"({{"title":{},"description":"Made by wright.","source":{}}})", json_quoted(name),
                             json_quoted(source)));
  }

  /// Everything that messages go through: fields of inputs, rules by their stages, then the choice of streams.
  wright::HttpObject pipeline_of_stages() {
    std::map<std::uint32_t, std::vector<std::string>> stages;
    std::vector<wright::HttpObject> rules;
    // A pipeline ends after a stage of which no rule was for the message.
    rules.push_back(rule("wright: go on", "true", ""));
    for (const auto& i : c_.inputs) {
      if (i.fields.empty()) continue;
      std::string then;
      for (const auto& [field, value] : i.fields)
        then += "  set_field(" + json_quoted(field) + ", " + json_quoted(value) + ");\n";
      const std::string name = "wright: fields of " + i.name;
      rules.push_back(rule(name, "from_input(name: " + json_quoted(i.name) + ")", then));
      stages[0].push_back(name);
    }
    for (const auto& r : c_.rules) {
      std::string then;
      for (const auto& statement : r.then) then += "  " + statement + "\n";
      rules.push_back(rule(r.name, r.when, then));
      stages[r.stage].push_back(r.name);
    }
    for (const auto& s : c_.streams) {
      const std::string name = "wright: stream " + s.name;
      rules.push_back(rule(name, s.when,
                           wright::format("  route_to_stream(name: {}, remove_from_default: {});\n",
                                          json_quoted(s.name), truth(s.only)))
                          .after(on_stream(s)));
      stages[100].push_back(name);
    }
    std::string source = "pipeline \"wright\"\n";
    for (const auto& [number, names] : stages) {
      source += wright::format("stage {} match either\n  rule \"wright: go on\";\n", number);
      for (const auto& name : names) source += "  rule " + json_quoted(name) + ";\n";
    }
    auto pipeline =
        titled("system/pipelines/pipeline", "wright", "")
            .restore({"title", "description", "source"})
            .body(R"({"title":"wright","description":"Made by wright.","source":)" + json_quoted(source + "end") + "}");
    for (const auto& one : rules) pipeline.after(one);
    const std::string connect = api_ + "system/pipelines/connections/to_pipeline";
    object("system/pipelines/connections#wright")
        .find("stream_id", all_messages)
        .find("pipeline_ids", "{pipeline}")
        .id("pipeline", api_ + "system/pipelines/pipeline", "", "title", "wright")
        .body("{}")
        .send(wright::format(R"({{"pipeline_id":"{{pipeline}}","stream_ids":["{}"]}})", all_messages))
        .make_url(connect)
        .remove_url(connect, R"({"pipeline_id":"{pipeline}","stream_ids":[]})")
        .after(pipeline);
    return pipeline;
  }

  /// The stream itself, once.
  wright::HttpObject on_stream(const Stream& s) {
    const std::string wanted = wright::format(R"({{"title":{},"description":{},"matching_type":"AND",)"
                                              R"("remove_matches_from_default_stream":{},"index_set_id":"{{index}}")",
                                              json_quoted(s.name), json_quoted(s.description), truth(s.only));
    return titled("streams", s.name, "/streams")
        .id("index", api_ + "system/indices/index_sets", "/index_sets", "default", "true")
        .restore(
            {"title", "description", "matching_type", "remove_matches_from_default_stream", "index_set_id", "rules"})
        .body(wanted + "}")
        .send(wanted + ",\"rules\":[]}");
  }

  void stream(const Stream& s, const wright::HttpObject& pipeline) {
    // Made stopped; begins when everything that fills it is there.
    object("streams#" + s.name + " runs")
        .find("title", s.name)
        .find("disabled", "false")
        .within("/streams")
        .id("stream", api_ + "streams", "/streams", "title", s.name)
        .body("{}")
        .make_url(api_ + "streams/{stream}/resume")
        .remove_url(api_ + "streams/{stream}/pause")
        .after(pipeline);
  }

  void notification(const Notification& n) {
    std::string to = R"({"type":"http-notification-v1","url":)" + json_quoted(n.url) + "}";
    if (n.url.empty())
      to = wright::format(R"({{"type":"email-notification-v1","sender":{},"subject":{},"email_recipients":{},)"
                          R"("user_recipients":[],"body_template":{}}})",
                          json_quoted(n.sender.empty() ? c_.email.from : n.sender), json_quoted(n.subject),
                          wright::json_list(n.to),
                          json_quoted("${event_definition_title}\n${event_definition_description}\n\n"
                                      "${event.timestamp}  ${event.message}\n${foreach backlog message}\n"
                                      "${message}\n${end}\n"));
    titled("events/notifications?per_page=500", n.name, "/notifications")
        .puts_id()
        .body(wright::format(R"({{"title":{},"description":"","config":{}}})", json_quoted(n.name), to));
  }

  void alert(const Alert& a) {
    std::string told;
    for (std::size_t i = 0; i < a.notify.size(); ++i)
      told +=
          wright::format(R"({}{{"notification_id":"{{n{}}}","notification_parameters":null}})", i == 0 ? "" : ",", i);
    const int priority = a.priority == "low" ? 1 : a.priority == "normal" ? 2 : 3;
    auto one = titled("events/definitions?per_page=500", a.name, "/event_definitions")
                   .puts_id()
                   .restore({"title", "description", "priority", "alert", "config", "field_spec", "key_spec",
                             "notification_settings", "notifications", "storage"})
                   .body(wright::format(
                       R"({{"title":{},"description":{},"priority":{},"alert":true,"config":{{"type":"aggregation-v1",)"
                       R"("query":{},"query_parameters":[],"streams":[],"group_by":[],"series":[{{"id":"count",)"
                       R"("function":"count","field":null}}],"conditions":{{"expression":{{"expr":">","left":)"
                       R"({{"expr":"number-ref","ref":"count"}},"right":{{"expr":"number","value":{}.0}}}}}},)"
                       R"("search_within_ms":{},"execute_every_ms":{}}},"field_spec":{{}},"key_spec":[],)"
                       R"("notification_settings":{{"grace_period_ms":{},"backlog_size":5}},"notifications":[{}]}})",
                       json_quoted(a.name), json_quoted(a.description), priority, json_quoted(a.query), a.more_than,
                       1000ULL * a.within_s, 1000ULL * a.every_s, 1000ULL * a.grace_s, told))
                   .after("http:" + api_ + deflector("events"))
                   .after("http:" + api_ + deflector("system"));
    for (std::size_t i = 0; i < a.notify.size(); ++i)
      one.id(wright::format("n{}", i), api_ + "events/notifications?per_page=500", "/notifications", "title",
             a.notify[i])
          .after("http:" + api_ + "events/notifications?per_page=500#" + a.notify[i]);
  }

  void dashboard(const Dashboard& d) {
    const DashboardParts parts = dashboard_parts(d, c_.root_user);
    auto search = object("views/search/" + parts.search_id)
                      .body("{\"id\":\"" + parts.search_id + "\"}")
                      .send(parts.search)
                      .make_url(api_ + "views/search")
                      .stays();
    titled("views?per_page=500", d.name, "/views")
        .unordered({"widgets"})
        .body(parts.view)
        .send(parts.sent)
        .after(search);
  }

  wright::Configure& on_;
  const Config& c_;
  const wright::Service& service_;
  const std::string api_;
};

}  // namespace

void declare_objects(wright::Configure& on, const Config& c, const wright::Service& service) {
  Objects(on, c, service).declare();
}

}  // namespace graylog

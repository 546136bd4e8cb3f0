#include <wright/digest.hpp>
#include <wright/json.hpp>

#include "parts.hpp"

namespace graylog {
namespace {

using wright::json_quoted;

/// A UUID that is the same for the same thing each time.
std::string uuid_of(const std::string& text) {
  const std::string digits = wright::hex(wright::sha256(text));
  return digits.substr(0, 8) + "-" + digits.substr(8, 4) + "-4" + digits.substr(13, 3) + "-a" + digits.substr(17, 3) +
         "-" + digits.substr(20, 12);
}

bool is_average(const Widget& w) { return w.show.starts_with("average"); }
bool is_over_time(const Widget& w) { return w.show == "histogram" || w.show == "average_over_time"; }
bool is_by_value(const Widget& w) { return w.show == "top" || w.show == "pie"; }

constexpr std::string_view most_first = R"re({"type":"series","field":"count()","direction":"Descending"})re";

std::string function(const Widget& w) { return is_average(w) ? "avg(" + w.field + ")" : "count()"; }

std::string range(const Dashboard& d) { return wright::format(R"({{"type":"relative","range":{}}})", d.range_s); }

std::string query(const std::string& text) {
  return R"({"type":"elasticsearch","query_string":)" + json_quoted(text) + "}";
}

/// What the search server is asked for one widget.
std::string search_type(const Dashboard& d, const Widget& w, const std::string& id) {
  const std::string head = wright::format(R"({{"timerange":{},"query":{},"streams":[],"id":"{}","filter":null,)",
                                          range(d), query(w.query), id);
  if (w.show == "messages")
    return head + R"("name":null,"type":"messages","limit":150,"offset":0,"decorators":[],)"
                  R"("sort":[{"field":"timestamp","order":"DESC"}]})";
  std::string groups;
  std::string sort;
  if (is_over_time(w)) groups = R"({"type":"time","field":"timestamp","interval":{"type":"auto","scaling":1.0}})";
  if (is_by_value(w)) {
    groups = wright::format(R"({{"type":"values","field":{},"limit":{}}})", json_quoted(w.field), w.limit);
    sort = most_first;
  }
  return head + wright::format(R"("name":"chart","type":"pivot","rollup":true,"column_groups":[],"row_groups":[{}],)"
                               R"("sort":[{}],"series":[{{"type":"{}","id":{},"field":{}}}]}})",
                               groups, sort, is_average(w) ? "avg" : "count", json_quoted(function(w)),
                               is_average(w) ? json_quoted(w.field) : "null");
}

/// What the widget looks like.
std::string widget(const Dashboard& d, const Widget& w, const std::string& id) {
  const std::string head =
      wright::format(R"({{"id":"{}","type":"{}","filter":null,"timerange":{},"query":{},"streams":[],)", id,
                     w.show == "messages" ? "messages" : "aggregation", range(d), query(w.query));
  if (w.show == "messages")
    return head + R"("config":{"fields":["timestamp","source","message"],"show_message_row":true,"decorators":[],)"
                  R"("sort":[{"type":"pivot","field":"timestamp","direction":"Descending"}]}})";
  std::string pivots;
  std::string sort;
  std::string look = "numeric";
  if (is_over_time(w)) {
    pivots = R"({"field":"timestamp","type":"time","config":{"interval":{"type":"auto","scaling":1.0}}})";
    look = is_average(w) ? "line" : "bar";
  }
  if (is_by_value(w)) {
    pivots = wright::format(R"({{"field":{},"type":"values","config":{{"limit":{}}}}})", json_quoted(w.field), w.limit);
    sort = most_first;
    look = w.show == "pie" ? "pie" : "table";
  }
  return head +
         wright::format(R"("config":{{"row_pivots":[{}],"column_pivots":[],"series":[{{"config":{{"name":null}},)"
                        R"("function":{}}}],"sort":[{}],"visualization":"{}","rollup":true,)"
                        R"("event_annotation":false}}}})",
                        pivots, json_quoted(function(w)), sort, look);
}

}  // namespace

DashboardParts dashboard_parts(const Dashboard& d, const std::string& owner) {
  const std::string query_id = uuid_of(d.name);
  std::string types;
  std::string widgets;
  std::string titles;
  std::string mapping;
  std::string positions;
  for (std::size_t i = 0; i < d.widgets.size(); ++i) {
    const Widget& w = d.widgets[i];
    const std::string comma = i == 0 ? "" : ",";
    const std::string id = uuid_of(wright::format("{} widget {}", d.name, i));
    const std::string type_id = uuid_of(wright::format("{} search {}", d.name, i));
    types += comma + search_type(d, w, type_id);
    widgets += comma + widget(d, w, id);
    titles += wright::format("{}\"{}\":{}", comma, id, json_quoted(w.title));
    mapping += wright::format("{}\"{}\":[\"{}\"]", comma, id, type_id);
    positions +=
        wright::format(R"({}"{}":{{"col":{},"row":{},"height":4,"width":6}})", comma, id, i % 2 * 6 + 1, i / 2 * 4 + 1);
  }
  const std::string queries = wright::format(R"([{{"id":"{}","timerange":{},"query":{},"search_types":[{}]}}])",
                                             query_id, range(d), query(""), types);
  DashboardParts out;
  out.search_id = wright::hex(wright::sha256(queries + titles + positions)).substr(0, 24);
  out.search = wright::format(R"({{"id":"{}","queries":{},"parameters":[]}})", out.search_id, queries);
  out.view = wright::format(
      R"({{"type":"DASHBOARD","title":{},"summary":{},"search_id":"{}",)"
      R"("state":{{"{}":{{"titles":{{"widget":{{{}}}}},"widgets":[{}],"widget_mapping":{{{}}},)"
      R"("positions":{{{}}},"formatting":{{"highlighting":[]}},"display_mode_settings":{{"positions":{{}}}}}}}}}})",
      json_quoted(d.name), json_quoted(d.summary), out.search_id, query_id, titles, widgets, mapping, positions);
  out.sent = out.view.substr(0, out.view.size() - 1) + R"(,"description":"Made by wright.","properties":[],"owner":)" +
             json_quoted(owner) + "}";
  return out;
}

}  // namespace graylog

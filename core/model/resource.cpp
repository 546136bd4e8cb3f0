#include "model/resource.hpp"

#include "model/reading.hpp"

namespace wright {
namespace {

Value ids_to_value(const std::vector<ResourceId>& ids) {
  Value::List out;
  for (const auto& id : ids) out.emplace_back(to_string(id));
  return out;
}

std::vector<ResourceId> ids_from(Reading& in, std::string_view key) {
  std::vector<ResourceId> out;
  for (const auto& text : in.strings(key)) {
    auto id = parse_resource_id(text);
    if (id)
      out.push_back(*id);
    else
      in.problem(key, "\"" + text + "\" is not kind:name");
  }
  return out;
}

}  // namespace

std::string to_string(const ResourceId& id) { return id.kind + ":" + id.name; }

Result<ResourceId> parse_resource_id(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon + 1 == text.size())
    return failure(std::string(text), "is not the name of a resource: kind:name was expected, such as file:/etc/hosts");
  return ResourceId{std::string(text.substr(0, colon)), std::string(text.substr(colon + 1))};
}

Value to_value(const Resource& r) {
  return Value::Map{{"id", to_string(r.id)},
                    {"phase", r.phase},
                    {"components", r.components},
                    {"attributes", r.attributes},
                    {"after", ids_to_value(r.after)},
                    {"restart_on", ids_to_value(r.restart_on)},
                    {"reload_on", ids_to_value(r.reload_on)}};
}

Result<Resource> resource_from(const Value& value) {
  Reading in(value, "resource");
  Resource r;
  if (auto id = parse_resource_id(in.text("id")))
    r.id = *id;
  else
    in.problem("id", "is not kind:name");
  r.phase = in.text("phase");
  r.components = in.strings("components");
  r.attributes = in.map("attributes");
  r.after = ids_from(in, "after");
  r.restart_on = ids_from(in, "restart_on");
  r.reload_on = ids_from(in, "reload_on");
  return in.finish(std::move(r));
}

Value to_value(const Probe& p) {
  return Value::Map{{"kind", p.kind},
                    {"name", p.name},
                    {"component", p.component},
                    {"ready", p.ready},
                    {"from", p.from},
                    {"deadline_ms", p.deadline_ms},
                    {"attributes", p.attributes}};
}

Result<Probe> probe_from(const Value& value) {
  Reading in(value, "probe");
  Probe p;
  p.kind = in.text("kind");
  p.name = in.text("name");
  p.component = in.text("component");
  p.ready = in.boolean("ready");
  p.from = in.text("from");
  p.deadline_ms = in.integer("deadline_ms");
  p.attributes = in.map("attributes");
  return in.finish(std::move(p));
}

}  // namespace wright

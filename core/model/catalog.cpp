#include "model/catalog.hpp"

#include "model/lists.hpp"
#include "model/reading.hpp"

namespace wright {
namespace {

Value tokens_to_value(const std::map<std::string, std::vector<std::string>, std::less<>>& joining) {
  Value::Map out;
  for (const auto& [id, tokens] : joining) out[id] = Value(tokens);
  return out;
}

}  // namespace

Value to_value(const CatalogComponent& c) {
  return Value::Map{{"name", c.name},
                    {"plugin", c.plugin},
                    {"requires", c.requires_},
                    {"waits_for", c.waits_for},
                    {"rollback", list_to_value(c.rollback)}};
}

Result<CatalogComponent> catalog_component_from(const Value& value) {
  Reading in(value, "component");
  CatalogComponent c;
  c.name = in.text("name");
  c.plugin = in.text("plugin");
  c.requires_ = in.strings("requires");
  c.waits_for = in.strings("waits_for");
  c.rollback = in.list<Resource>("rollback", resource_from);
  return in.finish(std::move(c));
}

Value to_value(const Catalog& c) {
  return Value::Map{{"site", c.site},
                    {"host", c.host},
                    {"components", list_to_value(c.components)},
                    {"known_components", c.known_components},
                    {"everything", c.everything},
                    {"resources", list_to_value(c.resources)},
                    {"probes", list_to_value(c.probes)},
                    {"joining", tokens_to_value(c.joining)},
                    {"joined", c.joined}};
}

Result<Catalog> catalog_from(const Value& value) {
  Reading in(value, "catalog");
  Catalog c;
  c.site = in.text("site");
  c.host = in.text("host");
  c.components = in.list<CatalogComponent>("components", catalog_component_from);
  c.known_components = in.strings("known_components");
  c.everything = in.boolean("everything");
  c.resources = in.list<Resource>("resources", resource_from);
  c.probes = in.list<Probe>("probes", probe_from);
  for (const auto& [id, tokens] : in.map("joining")) c.joining[id] = tokens.strings();
  c.joined = in.strings("joined");
  return in.finish(std::move(c));
}

}  // namespace wright

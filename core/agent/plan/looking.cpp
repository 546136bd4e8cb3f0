#include "agent/plan/looking.hpp"

#include <algorithm>
#include <map>

#include "base/sha256.hpp"
#include "model/encoding.hpp"

namespace wright::agent {
namespace {

Value whole(const Observed& observed) { return Value::Map{{"exists", observed.exists}, {"state", observed.state}}; }

}  // namespace

Result<std::vector<Item>> look_at_all(const std::vector<const Resource*>& resources, const Means& means,
                                      Context& context) {
  std::vector<Item> items(resources.size());
  std::map<std::string, std::vector<std::size_t>> by_kind;
  for (std::size_t i = 0; i < resources.size(); ++i) {
    items[i].resource = resources[i];
    by_kind[resources[i]->id.kind].push_back(i);
  }
  Diagnostics problems;
  for (const auto& [name, places] : by_kind) {
    Kind* kind = means.kind(name);
    if (kind == nullptr) {
      problems.add({Severity::error,
                    Fault::bad_plugin,
                    to_string(resources[places.front()]->id),
                    "this agent knows no kind of resource named \"" + name + "\"",
                    {},
                    {}});
      continue;
    }
    std::vector<const Resource*> of_kind;
    for (const std::size_t place : places) of_kind.push_back(resources[place]);
    auto seen = kind->look(of_kind, context);
    if (!seen) {
      problems.add(seen.error());
      continue;
    }
    if (seen->size() != places.size()) {
      problems.add(Diagnostic{
          Severity::error, Fault::failed, name, "looking gave another number of states than was asked for", {}, {}});
      continue;
    }
    for (std::size_t n = 0; n < places.size(); ++n) {
      Item& item = items[places[n]];
      item.observed = std::move((*seen)[n]);
      item.difference = kind->compare(*item.resource, item.observed);
    }
  }
  if (problems.has_errors()) return failure(problems);
  return items;
}

std::string digest_for_the_journal(const Observed& observed) { return sha256_hex(to_cbor(whole(observed))); }

std::string digest_for_the_plan(const Observed& observed, const Context& context) {
  return context.digest_of(whole(observed));
}

bool starts_or_stops(const Item& service) {
  if (service.difference.action == Action::create) return true;
  return std::any_of(service.difference.attributes.begin(), service.difference.attributes.end(),
                     [](const AttributeChange& a) { return a.name == "running"; });
}

}  // namespace wright::agent

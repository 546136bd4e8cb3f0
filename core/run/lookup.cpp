#include "run/lookup.hpp"

#include <algorithm>

#include "base/nearest.hpp"

namespace wright {
namespace {

const Value nothing;

tl::unexpected<Diagnostics> unresolved(const Reference& reference, std::string what, std::string next = {}) {
  return failure({Severity::error, Fault::bad_site, {}, reference.text + ": " + std::move(what), {}, std::move(next)});
}

Result<Value> fact(const Site& site, const Sources& sources, const std::string& host, const Reference& reference) {
  const SiteHost* known = site.host(host);
  if (known == nullptr) return unresolved(reference, "there is no host \"" + host + "\"");
  const auto facts = sources.facts.find(host);
  if (facts == sources.facts.end()) {
    if (reference.path == "address") return facts_of(*known, {})["address"];
    return unresolved(reference, "the host \"" + host + "\" was not reached");
  }
  const Value& value = at_path(facts->second, reference.path);
  if (value.is_null())
    return unresolved(reference, "the host \"" + host + "\" has no fact \"" + reference.path + "\"",
                      suggestion(reference.path, paths_of(facts->second)));
  return value;
}

Result<Value> facts_of_others(const Site& site, const Sources& sources, const Reference& reference) {
  if (site.host(reference.owner) != nullptr) return fact(site, sources, reference.owner, reference);
  const auto members = site.hosts_in_group(reference.owner);
  if (members.empty()) return unresolved(reference, "there is no host or group \"" + reference.owner + "\"");
  Value::List list;
  for (const auto& member : members) {
    auto one = fact(site, sources, member, reference);
    if (!one) return one;
    list.push_back(std::move(*one));
  }
  return Value(std::move(list));
}

Result<Value> component_export(const Site& site, const Instance& instance, const ExportsByComponent& exports,
                               const Reference& reference) {
  const SiteComponent* owner = site.component(reference.owner);
  if (owner == nullptr) return unresolved(reference, "there is no component \"" + reference.owner + "\"");
  const std::string host = export_host(*owner, instance.host->name);
  const auto component = exports.find(owner->name);
  if (component == exports.end() || !component->second.contains(host))
    return unresolved(reference, "the host \"" + host + "\", where \"" + owner->name + "\" is, was not reached");
  const Value::Map& table = component->second.find(host)->second;
  const Value& value = at_path(table, reference.path);
  if (!value.is_null()) return value;
  const auto known = paths_of(table);
  return unresolved(reference, "\"" + owner->name + "\" exports no \"" + reference.path + "\"",
                    known.empty() ? "it exports nothing" : suggestion(reference.path, known));
}

}  // namespace

const Value& at_path(const Value::Map& table, std::string_view path) {
  if (const auto whole = table.find(path); whole != table.end()) return whole->second;
  const Value::Map* at = &table;
  while (true) {
    const std::size_t dot = path.find('.');
    const auto found = at->find(path.substr(0, dot));
    if (found == at->end()) return nothing;
    if (dot == std::string_view::npos) return found->second;
    at = found->second.as_map();
    if (at == nullptr) return nothing;
    path.remove_prefix(dot + 1);
  }
}

std::vector<std::string> paths_of(const Value::Map& table, const std::string& prefix) {
  std::vector<std::string> out;
  for (const auto& [key, value] : table) {
    if (const auto* inner = value.as_map()) {
      for (auto& path : paths_of(*inner, prefix + key + ".")) out.push_back(std::move(path));
    } else {
      out.push_back(prefix + key);
    }
  }
  return out;
}

std::string export_host(const SiteComponent& owner, const std::string& host) {
  const bool here = std::find(owner.hosts.begin(), owner.hosts.end(), host) != owner.hosts.end();
  return here || owner.hosts.empty() ? host : owner.hosts.front();
}

Lookup lookup_for(const Site& site, const Instance& instance, const Sources& sources,
                  const ExportsByComponent& exports) {
  return [&, instance](const Reference& reference) -> Result<Value> {
    switch (reference.kind) {
      case Reference::Kind::secret: {
        const auto secret = sources.secrets.find(reference.path);
        if (secret == sources.secrets.end()) return unresolved(reference, "the secret has no value");
        return Value(secret->second);
      }
      case Reference::Kind::file: {
        const auto file = site.files.find(reference.path);
        if (file == site.files.end()) return unresolved(reference, "the file was not read");
        return Value(file->second);
      }
      case Reference::Kind::host_fact:
        return fact(site, sources, instance.host->name, reference);
      case Reference::Kind::other_host_fact:
        return facts_of_others(site, sources, reference);
      case Reference::Kind::component_export:
        return component_export(site, instance, exports, reference);
    }
    return unresolved(reference, "is of no known kind");
  };
}

}  // namespace wright

#include "run/linting.hpp"

#include <algorithm>
#include <set>

#include "run/lookup.hpp"
#include "schema/check.hpp"
#include "site/secrets.hpp"

namespace wright {
namespace {

/// A host as there are many. What a plugin says about it is not told; only the names of its exports are of interest.
Value::Map usual_host(const SiteHost& host) {
  return facts_of(host, {{"hostname", host.name},
                         {"os", Value::Map{{"id", "debian"}, {"version", "12"}, {"codename", "bookworm"}}},
                         {"arch", "amd64"},
                         {"machine", "x86_64"},
                         {"cpus", 2},
                         {"memory", Value::Map{{"total_bytes", std::int64_t{8} << 30U}}},
                         {"container", "none"},
                         {"init", "systemd"},
                         {"ipv6", false},
                         {"timezone", "Etc/UTC"},
                         {"python3", Value::Map{{"version", "3.11"}}}});
}

/// The paths of the options whose texts hold references that are not known without the hosts: "sites[0].root".
void collect_dependent(const Value& value, const std::string& at, std::set<std::string>& out) {
  if (const auto* text = value.as_string()) {
    const auto found = references_in(*text);
    const auto is_exact = [](const Reference& one) { return one.kind == Reference::Kind::file; };
    if (found && !std::all_of(found->begin(), found->end(), is_exact)) out.insert(at);
  } else if (const auto* list = value.as_list()) {
    for (std::size_t i = 0; i < list->size(); ++i)
      collect_dependent((*list)[i], at + "[" + std::to_string(i) + "]", out);
  } else if (const auto* map = value.as_map()) {
    for (const auto& [key, item] : *map) collect_dependent(item, at.empty() ? key : at + "." + key, out);
  }
}

bool is_within(std::string_view inner, std::string_view outer) {
  return inner.starts_with(outer) &&
         (outer.empty() || inner.size() == outer.size() || inner[outer.size()] == '.' || inner[outer.size()] == '[');
}

class Linter {
 public:
  Linter(const Site& site, const Descriptions& descriptions, Plugins& plugins, Linted& out)
      : site_(site), descriptions_(descriptions), plugins_(plugins), out_(out) {
    for (const auto& host : site.hosts) sources_.facts[host.name] = usual_host(host);
  }

  void judge(const SiteComponent& component) {
    const auto description = descriptions_.find(component.plugin);
    const SiteHost* host = component.hosts.empty() ? nullptr : site_.host(component.hosts.front());
    if (description == descriptions_.end() || host == nullptr) return;
    dependent_.clear();
    collect_dependent(Value(component.options), {}, dependent_);

    const Instance instance{&component, host};
    const auto known = lookup_for(site_, instance, sources_, exports_);
    const Lookup lookup = [&](const Reference& reference) { return stand_in(reference, known); };
    auto resolved = resolve(Value(component.options), lookup);
    if (!resolved) return add_new(out_.errors, in_site(resolved.error(), site_, component));
    // What is wrong with options as they stand was told before.
    auto options =
        complete_options(description->second, *resolved->as_map(), [](const std::string& key) { return key; });
    if (!options) return;

    Evaluation request;
    request.plugin = component.plugin;
    request.component = component.name;
    request.host = host->name;
    request.options = std::move(*options);
    request.facts = facts_of(*host, {});
    auto declared = plugins_.evaluate(request);
    if (!declared) return tell(declared.error(), component, out_.errors);
    tell(declared->warnings, component, out_.warnings);
    request.facts = sources_.facts.find(host->name)->second;
    for (int round = 0; declared && !declared->missing_facts.empty() && round < most_rounds; ++round) {
      for (const auto& fact : declared->missing_facts) request.facts.emplace(fact, Value());
      declared = plugins_.evaluate(request);
    }
    if (!declared || !declared->missing_facts.empty()) return;
    for (const auto& name : component.hosts) exports_[component.name][name] = declared->exports;
  }

 private:
  static constexpr int most_rounds = 8;

  Result<Value> stand_in(const Reference& reference, const Lookup& known) const {
    if (reference.kind == Reference::Kind::secret) return Value(Secret("abcdefghijklmnopqrstuvwxyz012345"));
    if (reference.kind == Reference::Kind::component_export && !exports_.contains(reference.owner))
      return Value("unknown");
    auto value = known(reference);
    if (!value && reference.kind != Reference::Kind::component_export) return Value("unknown");
    return value;
  }

  /// What is said of an option that a reference stands in, or of all of them together, may be about the stand-in.
  [[nodiscard]] bool may_depend(const std::string& option) const {
    return std::any_of(dependent_.begin(), dependent_.end(),
                       [&](const std::string& path) { return is_within(path, option) || is_within(option, path); });
  }

  void tell(const Diagnostics& found, const SiteComponent& component, Diagnostics& into) const {
    Diagnostics own;
    for (const auto& one : found.items())
      if (!may_depend(one.where)) own.add(one);
    add_new(into, in_site(naming_options(own), site_, component));
  }

  const Site& site_;
  const Descriptions& descriptions_;
  Plugins& plugins_;
  Linted& out_;
  Sources sources_;
  ExportsByComponent exports_;
  std::set<std::string> dependent_;  ///< of the component under way
};

void judge_secrets(const Site& site, Linted& out) {
  if (site.secret_names.empty()) return;
  out.secrets_unread = secrets_are_encrypted(site);
  if (out.secrets_unread) return;
  const auto secrets = needed_secrets(site);
  if (secrets) return;
  for (Diagnostic one : secrets.error().items()) {
    // Without a file for them, the site file is not complete.
    if (!site.secrets.empty()) one.severity = Severity::warning;
    (site.secrets.empty() ? out.errors : out.warnings).add(std::move(one));
  }
}

}  // namespace

Linted lint(const Site& site, const std::vector<PluginFile>& files, Plugins& plugins) {
  Linted out;
  std::vector<const SiteComponent*> components;
  for (const auto& component : site.components) components.push_back(&component);
  const auto descriptions = describe(site, components, files, plugins, out.errors, out.warnings);
  Linter linter(site, descriptions, plugins, out);
  for (const auto* component : components) linter.judge(*component);
  judge_secrets(site, out);
  return out;
}

}  // namespace wright

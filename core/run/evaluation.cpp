#include "run/evaluation.hpp"

#include <algorithm>

#include "run/lookup.hpp"
#include "schema/check.hpp"

namespace wright {
namespace {

constexpr int most_rounds = 8;  // a plugin may ask for facts because of facts, but not for ever

enum class Standing { waiting, evaluated, failed };

/// The evaluation of all instances: round by round, until none waits for facts.
class Rounds {
 public:
  Rounds(const Site& site, const std::vector<Instance>& instances, const Descriptions& descriptions, Plugins& plugins,
         Sources& sources, Diagnostics& warnings)
      : site_(site),
        instances_(instances),
        descriptions_(descriptions),
        plugins_(plugins),
        sources_(sources),
        warnings_(warnings),
        standing_(instances.size(), Standing::waiting),
        declared_(instances.size()) {}

  Result<std::vector<Evaluated>> run() {
    for (int round = 0; round < most_rounds; ++round) {
      wanted_.clear();
      for (std::size_t i = 0; i < instances_.size(); ++i)
        if (standing_[i] == Standing::waiting && !depends_on(i, Standing::waiting)) evaluate_one(i);
      if (wanted_.empty()) break;
      if (auto asked = sources_.ask(wanted_, sources_.facts); !asked) return failure(asked.error());
    }
    if (!wanted_.empty()) note_unanswered();
    if (problems_.has_errors()) return failure(problems_);
    std::vector<Evaluated> out;
    for (std::size_t i = 0; i < instances_.size(); ++i) out.push_back({instances_[i], std::move(declared_[i])});
    return out;
  }

 private:
  [[nodiscard]] bool depends_on(std::size_t i, Standing standing) const {
    for (std::size_t j = 0; j < i; ++j) {
      const auto& needed = instances_[i].component->requires_;
      if (standing_[j] == standing &&
          std::find(needed.begin(), needed.end(), instances_[j].component->name) != needed.end())
        return true;
    }
    return false;
  }

  void fail(std::size_t i, const Diagnostics& problems) {
    standing_[i] = Standing::failed;
    add_new(problems_, problems);
  }

  void evaluate_one(std::size_t i) {
    const Instance& instance = instances_[i];
    const SiteComponent& component = *instance.component;
    // Its own problems would only repeat those of what it depends on.
    if (depends_on(i, Standing::failed)) {
      standing_[i] = Standing::failed;
      return;
    }
    auto resolved = resolve(Value(component.options), lookup_for(site_, instance, sources_, exports_));
    if (!resolved) return fail(i, in_site(resolved.error(), site_, component));
    auto options = complete_options(descriptions_.find(component.plugin)->second, *resolved->as_map(),
                                    [&](const std::string& key) { return where_in(site_, component, key); });
    if (!options) return fail(i, options.error());

    Evaluation request;
    request.plugin = component.plugin;
    request.component = component.name;
    request.host = instance.host->name;
    request.options = std::move(*options);
    request.facts = sources_.facts.find(instance.host->name)->second;
    auto declared = plugins_.evaluate(request);
    for (int round = 0; round < most_rounds && declared && take_early(instance, declared->missing_facts); ++round) {
      request.facts = sources_.facts.find(instance.host->name)->second;
      declared = plugins_.evaluate(request);
    }
    if (!declared) return fail(i, in_site(naming_options(declared.error()), site_, component));
    if (!declared->missing_facts.empty()) {
      wanted_[instance.host->name].insert(declared->missing_facts.begin(), declared->missing_facts.end());
      if (sources_.lacked) sources_.lacked(instance, declared->missing_facts);
      return;
    }
    add_new(warnings_, in_site(naming_options(declared->warnings), site_, component));
    exports_[component.name][instance.host->name] = declared->exports;
    declared_[i] = std::move(*declared);
    standing_[i] = Standing::evaluated;
  }

  /// Whether all that is missing is here already, so that the plugin can be called again at once.
  bool take_early(const Instance& instance, const std::vector<std::string>& missing) {
    const auto early = sources_.early.find(instance.host->name);
    if (missing.empty() || early == sources_.early.end()) return false;
    if (!std::all_of(missing.begin(), missing.end(), [&](const auto& name) { return early->second.contains(name); }))
      return false;
    for (const auto& name : missing) sources_.facts[instance.host->name][name] = early->second[name];
    if (sources_.lacked) sources_.lacked(instance, missing);
    return true;
  }

  void note_unanswered() {
    for (const auto& [host, names] : wanted_)
      for (const auto& name : names)
        problems_.add({Severity::error,
                       Fault::bad_plugin,
                       host,
                       "a plugin keeps asking for the fact \"" + name + "\", which the host does not know",
                       {},
                       {}});
  }

  const Site& site_;
  const std::vector<Instance>& instances_;
  const Descriptions& descriptions_;
  Plugins& plugins_;
  Sources& sources_;
  Diagnostics& warnings_;
  std::vector<Standing> standing_;
  std::vector<Declared> declared_;
  ExportsByComponent exports_;
  std::map<std::string, std::set<std::string>> wanted_;
  Diagnostics problems_;
};

void collect_references(const Value& value, std::vector<Reference>& out, Diagnostics& problems) {
  if (const auto* text = value.as_string()) {
    auto found = references_in(*text);
    if (!found)
      problems.add(found.error());
    else
      out.insert(out.end(), found->begin(), found->end());
  } else if (const auto* list = value.as_list()) {
    for (const auto& item : *list) collect_references(item, out, problems);
  } else if (const auto* map = value.as_map()) {
    for (const auto& [key, item] : *map) collect_references(item, out, problems);
  }
}

}  // namespace

Value::Map facts_of(const SiteHost& host, const Value::Map& agent_facts) {
  Value::Map facts = agent_facts;
  facts["address"] = host.address == "local" ? std::string("127.0.0.1") : host.address;
  // Whoever starts wright on the host itself may be logged in from anywhere.
  if (host.address == "local") {
    facts.erase("ssh");
    return facts;
  }
  Value& ssh = facts["ssh"];
  if (ssh.as_map() == nullptr) ssh = Value::Map{};
  (*ssh.as_map())["port"] = std::int64_t{host.port};
  (*ssh.as_map())["user"] = host.user;
  return facts;
}

Result<Needs> needs_of(const Site& site, const Selection& selection) {
  std::set<std::pair<std::string, std::string>> wanted;
  std::set<std::string> hosts;
  Diagnostics problems;
  for (const auto* host : selection.hosts) hosts.insert(host->name);
  // From the end of the dependency order, so that what is wanted for others is met later in this loop.
  for (auto component = site.components.rbegin(); component != site.components.rend(); ++component) {
    std::vector<Reference> references;
    collect_references(Value(component->options), references, problems);
    for (const auto& host : component->hosts) {
      if (selection.has(*component, host)) wanted.emplace(component->name, host);
      if (!wanted.contains({component->name, host})) continue;
      hosts.insert(host);
      for (const auto& reference : references) {
        if (reference.kind == Reference::Kind::component_export) {
          if (const auto* owner = site.component(reference.owner))
            wanted.emplace(owner->name, export_host(*owner, host));
        } else if (reference.kind == Reference::Kind::other_host_fact && reference.path != "address") {
          if (site.host(reference.owner) != nullptr) hosts.insert(reference.owner);
          for (const auto& member : site.hosts_in_group(reference.owner)) hosts.insert(member);
        }
      }
    }
  }
  if (problems.has_errors()) return failure(problems);
  Needs needs;
  for (const auto& component : site.components)
    for (const auto& host : component.hosts)
      if (wanted.contains({component.name, host})) needs.instances.push_back({&component, site.host(host)});
  for (const auto& host : site.hosts)
    if (hosts.contains(host.name)) needs.hosts.push_back(&host);
  return needs;
}

Result<std::vector<Evaluated>> evaluate(const Site& site, const std::vector<Instance>& instances,
                                        const Descriptions& descriptions, Plugins& plugins, Sources& sources,
                                        Diagnostics& warnings) {
  std::vector<Instance> reached;
  for (const auto& instance : instances)
    if (sources.facts.contains(instance.host->name)) reached.push_back(instance);
  return Rounds(site, reached, descriptions, plugins, sources, warnings).run();
}

}  // namespace wright

#include "run/remembered_facts.hpp"

#include <fstream>
#include <sstream>

#include "base/sha256.hpp"
#include "model/encoding.hpp"
#include "run/private_file.hpp"

namespace wright {
namespace {

constexpr std::int64_t memory_schema = 1;

std::string key_of(const std::string& component, const std::string& host) { return component + "@" + host; }

std::string digest_of(const SiteComponent& component) {
  return sha256_hex(to_cbor(Value::Map{{"plugin", component.plugin}, {"options", component.options}}));
}

}  // namespace

RememberedFacts::RememberedFacts(const std::string& folder) : path_(folder + "/.wright/facts.json") {
  std::ifstream file(path_, std::ios::binary);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  const auto document = from_json(bytes.str());
  if (!document || (*document)["schema"].int_or(0) != memory_schema) return;
  const auto* instances = (*document)["instances"].as_map();
  if (instances == nullptr) return;
  for (const auto& [key, one] : *instances) {
    const auto names = one["facts"].strings();
    asked_[key] = {one["options"].text_or(""), {names.begin(), names.end()}};
  }
}

std::map<std::string, std::vector<std::string>, std::less<>> RememberedFacts::names(
    const std::vector<Instance>& instances) const {
  std::map<std::string, std::set<std::string>> wanted;
  for (const auto& instance : instances) {
    const auto known = asked_.find(key_of(instance.component->name, instance.host->name));
    if (known != asked_.end() && known->second.options == digest_of(*instance.component))
      wanted[instance.host->name].insert(known->second.names.begin(), known->second.names.end());
  }
  std::map<std::string, std::vector<std::string>, std::less<>> out;
  for (const auto& [host, names] : wanted) out[host].assign(names.begin(), names.end());
  return out;
}

void RememberedFacts::learn(const Instance& instance, const std::vector<std::string>& names) {
  learned_[key_of(instance.component->name, instance.host->name)].insert(names.begin(), names.end());
}

void RememberedFacts::save(const Site& site, const std::vector<Evaluated>& evaluated) {
  std::map<std::string, Asked> now = asked_;
  for (const auto& [instance, declared] : evaluated) {
    const std::string key = key_of(instance.component->name, instance.host->name);
    now.erase(key);
    if (const auto names = learned_.find(key); names != learned_.end())
      now[key] = {digest_of(*instance.component), names->second};
  }
  if (now == asked_) return;
  Value::Map instances;
  for (const auto& component : site.components)
    for (const auto& host : component.hosts) {
      const auto known = now.find(key_of(component.name, host));
      if (known == now.end()) continue;
      Value::List names(known->second.names.begin(), known->second.names.end());
      instances[known->first] = Value::Map{{"options", known->second.options}, {"facts", std::move(names)}};
    }
  static_cast<void>(write_private_file(
      path_, to_json(Value::Map{{"schema", memory_schema}, {"instances", std::move(instances)}}) + "\n"));
}

}  // namespace wright

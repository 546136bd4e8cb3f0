#include "unit/agent/world.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace wright::agent::testing {
namespace fs = std::filesystem;
namespace {

std::string wanted_text(const Resource& r) {
  auto text = [&](const char* name, const char* otherwise) {
    const auto found = r.attributes.find(name);
    return found == r.attributes.end() ? std::string(otherwise) : found->second.text_or(otherwise);
  };
  if (text("ensure", "present") == "absent") return {};
  if (r.id.kind == "file") return text("content", "");
  if (r.id.kind == "package") return text("version", "1");
  if (r.id.kind == "service") return "running";
  return "there";
}

}  // namespace

class World::FakeKind final : public Kind {
 public:
  FakeKind(World& world, std::string name) : world_(world), name_(std::move(name)) {}

  Result<std::vector<Observed>> look(std::span<const Resource* const> resources, Context&) override {
    std::vector<Observed> seen;
    for (const auto* resource : resources) {
      const std::string text = world_.now(to_string(resource->id));
      Observed one;
      one.exists = !text.empty();
      one.state["text"] = text;
      if (name_ == "service") one.state["running"] = text == "running";
      seen.push_back(std::move(one));
    }
    return seen;
  }

  Difference compare(const Resource& resource, const Observed& observed) const override {
    Difference difference;
    const std::string now = observed.state.find("text")->second.text_or("");
    const std::string wanted = wanted_text(resource);
    const bool is_hidden = wanted.empty() && world_.unseen.contains(to_string(resource.id));
    if (now == wanted && !is_hidden) return difference;
    difference.action = is_hidden        ? Action::remove
                        : now.empty()    ? Action::create
                        : wanted.empty() ? Action::remove
                                         : Action::update;
    AttributeChange change;
    change.name = name_ == "service" ? "running" : "content";
    change.before = now;
    change.after = wanted;
    difference.attributes.push_back(std::move(change));
    const std::string id = to_string(resource.id);
    if (const auto known = world_.unseen.find(id); known != world_.unseen.end()) difference.unseen = known->second;
    if (const auto known = world_.obstacles.find(id); known != world_.obstacles.end())
      difference.obstacle = {Diagnostic{Severity::error, Fault::failed, id, "is masked", {}, {}}, known->second};
    return difference;
  }

  [[nodiscard]] bool together() const override { return name_ == "package"; }
  [[nodiscard]] Keeping keeping() const override {
    return name_ == "file" ? Keeping::copy : name_ == "service" ? Keeping::nothing : Keeping::state;
  }

  Result<Value> prepare(std::span<const Item> items, Context&) override {
    Value::Map before;
    for (const auto& item : items)
      if (world_.failing_preparations.contains(to_string(item.resource->id)))
        return failure(to_string(item.resource->id), "cannot be prepared, as the test wants");
    for (const auto& item : items) before[to_string(item.resource->id)] = world_.now(to_string(item.resource->id));
    if (name_ == "service") before["action"] = name_of(items.front().difference.action);
    return Value(std::move(before));
  }

  Result<Value> prepare_prune(std::span<const Item> items, std::span<const UndoRecord> reversals,
                              Context& context) override {
    if (!together()) return Kind::prepare_prune(items, reversals, context);
    auto before = prepare(items, context);
    if (before) (*before->as_map())["takes back"] = origins(reversals);
    return before;
  }

  Result<Value> pruned(const Value& prune, Context& context) override {
    if (!together()) return Kind::pruned(prune, context);
    return Value(Value::Map{{"after", prune["takes back"]}});
  }

  Result<std::map<ResourceId, std::vector<std::string>>> besides(std::span<const UndoRecord> reversals, bool prune,
                                                                 Context& context) override {
    if (!together()) return Kind::besides(reversals, prune, context);
    for (const auto& record : reversals)
      for (const auto& id : record.ids)
        if (world_.failing_notes.contains(to_string(id))) return failure(to_string(id), "its record is damaged");
    return std::map<ResourceId, std::vector<std::string>>{
        {reversals.front().ids.front(), {(prune ? "prune: " : "rollback: ") + origins(reversals)}}};
  }

  Result<Value> change(std::span<const Item> items, const Value&, Context& context) override {
    for (const auto& item : items) {
      const std::string id = to_string(item.resource->id);
      world_.during_change(id, context);
      world_.note(std::string(name_of(item.difference.action)) + " " + id);
      if (item.difference.action == Action::restart || item.difference.action == Action::reload) continue;
      const std::string wanted = wanted_text(*item.resource);
      wanted.empty() ? world_.remove(id) : world_.set(id, wanted);
      if (const auto effect = world_.side_effects.find(id); effect != world_.side_effects.end())
        world_.set(effect->second.first, effect->second.second);
      if (world_.failing_changes.contains(id)) return failure(id, "fails as the test wants");
    }
    return Value(Value::Map{{"made", true}});
  }

  Result<> undo(const UndoRecord& record, Context& context) override {
    for (const auto& edited : record.edited)
      if (keeping() == Keeping::copy) context.kept.push_back(to_string(edited));
    for (const auto& id : record.ids) {
      const std::string name = to_string(id);
      world_.note("undo " + name +
                  (record.prune["takes back"].is_null() ? "" : " for " + record.prune["takes back"].text_or("")));
      if (world_.failing_undos.contains(name)) return failure(name, "cannot be undone, as the test wants");
      if (world_.postponed_undos.contains(name))
        context.postponed = true;
      else
        restore(name, record.undo);
    }
    return {};
  }

  Result<std::vector<std::string>> missing(const UndoRecord& record, Context&) override {
    std::vector<std::string> all;
    for (const auto& id : record.ids)
      if (const auto known = world_.missing.find(to_string(id)); known != world_.missing.end())
        all.push_back(record.undo[to_string(id)].text_or("") + " " + known->second);
    return all;
  }

  Result<> settle(const UndoRecord& record, Context&) override {
    for (const auto& id : record.ids) {
      const std::string name = to_string(id);
      if (world_.failing_settles.contains(name)) return failure(name, "cannot be settled, as the test wants");
      if (!world_.postponed_undos.contains(name)) continue;
      restore(name, record.undo);
      world_.note("settle " + name);
    }
    if (name_ == "service")
      for (const auto& id : record.ids) world_.note("settle " + to_string(id));
    return {};
  }

 private:
  /// What each of the resources was before: "package:a was 1, package:b was nothing".
  static std::string origins(std::span<const UndoRecord> reversals) {
    std::string out;
    for (const auto& record : reversals)
      for (const auto& id : record.ids) {
        const std::string before = record.undo[to_string(id)].text_or("");
        out += (out.empty() ? "" : ", ") + to_string(id) + " was " + (before.empty() ? "nothing" : before);
      }
    return out;
  }

  void restore(const std::string& name, const Value& undo) const {
    const std::string before = undo[name].text_or("");
    before.empty() ? world_.remove(name) : world_.set(name, before);
  }

  World& world_;
  std::string name_;
};

World::World() {
  char name[] = "/tmp/wright-agent-test-XXXXXX";
  folder_ = ::mkdtemp(name);
  fs::create_directory(folder_ + "/host");
  for (const char* kind : {"file", "directory", "symlink", "package", "service", "user", "group", "command"})
    kinds_[kind] = std::make_unique<FakeKind>(*this, kind);
}

World::~World() { fs::remove_all(folder_); }

std::string World::path_of(const std::string& id) const {
  std::string name = id;
  std::replace(name.begin(), name.end(), '/', '%');
  return folder_ + "/host/" + name;
}

std::string World::now(const std::string& id) const {
  std::ifstream in(path_of(id));
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

void World::set(const std::string& id, const std::string& text) const { std::ofstream(path_of(id)) << text; }
void World::remove(const std::string& id) const { fs::remove(path_of(id)); }

std::string World::everything() const {
  std::set<std::string> lines;
  for (const auto& entry : fs::directory_iterator(folder_ + "/host")) {
    std::ifstream in(entry.path());
    std::stringstream text;
    text << in.rdbuf();
    lines.insert(entry.path().filename().string() + " = " + text.str() + "\n");
  }
  std::string all;
  for (const auto& line : lines) all += line;
  return all;
}

std::vector<std::string> World::log() const {
  std::vector<std::string> lines;
  std::ifstream in(folder_ + "/log");
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

void World::clear_log() const { fs::remove(folder_ + "/log"); }

void World::note(const std::string& line) const {
  std::ofstream(folder_ + "/log", std::ios::app) << line << '\n';
  on_note(line);
}

Means World::means() {
  return {[this](std::string_view name) -> Kind* {
            const auto found = kinds_.find(name);
            return found == kinds_.end() ? nullptr : found->second.get();
          },
          [this](const Probe& probe, Context&) -> Result<> {
            during_probe(probe.name);
            const std::lock_guard alone(probing_);  // several are asked at once
            note("probe " + probe.name);
            if (failing_probes.contains(probe.name)) return failure(probe.name, "does not answer");
            return {};
          },
          [this](std::span<const Item> items, Context&) -> Result<> {
            std::string line = "validate";
            for (const auto& item : items) line += " " + to_string(item.resource->id);
            note(line);
            return {};
          },
          [this](const std::vector<std::string>& units, const Context&) -> Result<std::vector<Diagnostic>> {
            std::vector<Diagnostic> out;
            for (const auto& unit : units)
              if (now("service:" + unit) != "running")
                out.push_back({Severity::error, Fault::failed, "service:" + unit, unit + " does not run", {}, {}});
            return out;
          },
          [this] { return sync(); }};
}

Context World::context() {
  Context context;
  context.state_folder = state_folder();
  context.blobs = Blobs(state_folder() + "/blobs");
  context.site_key = "key";
  context.sites = sites;
  context.cancellation = &cancellation;
  return context;
}

ResourceId id(const std::string& text) { return *parse_resource_id(text); }

namespace {

Resource made(const std::string& kind, const std::string& name, const std::string& component, Value::Map attributes) {
  Resource r;
  r.id = {kind, name};
  r.components = {component};
  r.attributes = std::move(attributes);
  return r;
}

}  // namespace

Resource file(const std::string& path, const std::string& content, const std::string& component) {
  return made("file", path, component, {{"content", content}, {"mode", 0644}});
}
Resource directory(const std::string& path, const std::string& component) {
  return made("directory", path, component, {{"mode", 0755}});
}
Resource package(const std::string& name, const std::string& component) {
  Resource r = made("package", name, component, {});
  r.phase = "install";
  return r;
}
Resource service(const std::string& name, std::vector<ResourceId> restart_on, const std::string& component) {
  Resource r = made("service", name, component, {{"running", true}});
  r.restart_on = std::move(restart_on);
  return r;
}

Catalog catalog_of(std::vector<Resource> resources) {
  Catalog catalog;
  catalog.site = "test";
  catalog.host = "host1";
  for (const auto& resource : resources)
    for (const auto& name : resource.components) {
      if (std::find(catalog.known_components.begin(), catalog.known_components.end(), name) !=
          catalog.known_components.end())
        continue;
      CatalogComponent component;
      component.name = name;
      component.plugin = name;
      catalog.components.push_back(component);
      catalog.known_components.push_back(name);
    }
  catalog.resources = std::move(resources);
  return catalog;
}

Plan plan_now(World& world, const Catalog& catalog) {
  Journal journal(world.state_folder());
  Context context = world.context();
  auto blueprint = make_plan(catalog, journal, world.means(), context);
  if (blueprint) return blueprint->plan;
  Plan failed;
  failed.warnings.push_back(to_text(blueprint.error()));
  return failed;
}

Outcome apply_now(World& world, const Catalog& catalog, std::optional<bool> decision, const std::string& on_failure) {
  const Plan plan = plan_now(world, catalog);
  Journal journal(world.state_folder());
  Context context = world.context();
  const Means means = world.means();
  Decided controller(decision);
  const ApplyRequest request{catalog, plan.digest, plan.states, on_failure};
  Outcome outcome = apply(request, {"run", "me@here", world.sites.front()}, journal, means, context, controller);
  if (outcome.state == "prepared") outcome = decide(request, outcome, journal, means, context, controller);
  return outcome;
}

Outcome roll_back_now(World& world, RollbackRequest request) {
  Journal journal(world.state_folder());
  Context context = world.context();
  const Means means = world.means();
  auto blueprint = plan_reversal(request, journal, means, context);
  if (!blueprint) {
    Outcome outcome;
    outcome.state = "no plan";
    outcome.diagnostics = blueprint.error();
    return outcome;
  }
  request.digest = blueprint->plan.digest;
  return roll_back(request, {"run", "me@here", world.sites.front()}, journal, means, context);
}

Outcome recover_now(World& world) {
  Journal journal(world.state_folder());
  return recover(journal, world.means(), world.context());
}

std::vector<std::string> lines_of(const Plan& plan) {
  std::vector<std::string> lines;
  for (const auto& change : plan.changes)
    lines.push_back(std::string(name_of(change.action)) + " " + to_string(change.id));
  for (const auto& warning : plan.warnings) lines.push_back("warning: " + warning);
  return lines;
}

std::vector<TransactionInfo> history_of(World& world) {
  Journal journal(world.state_folder());
  std::vector<TransactionInfo> all;
  if (const auto known = journal.transactions())
    for (const auto& one : *known) all.push_back(one.info);
  return all;
}

}  // namespace wright::agent::testing

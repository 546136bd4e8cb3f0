#include "agent/plan/planner.hpp"

#include <algorithm>

#include "agent/plan/belonging.hpp"
#include "agent/plan/looking.hpp"
#include "agent/plan/returning.hpp"
#include "base/sha256.hpp"
#include "model/encoding.hpp"
#include "model/kinds.hpp"
#include "model/lists.hpp"

namespace wright::agent {
namespace {

Value keyed(const Value& value, const std::string& key) {
  if (const auto* secret = value.as_secret()) return "hmac:" + hmac_sha256_hex(key, secret->reveal());
  if (const auto* list = value.as_list()) {
    Value::List out;
    for (const auto& item : *list) out.push_back(keyed(item, key));
    return out;
  }
  if (const auto* map = value.as_map()) {
    Value::Map out;
    for (const auto& [name, item] : *map) out[name] = keyed(item, key);
    return out;
  }
  return value;
}

Change change_of(const Item& item, Action action) {
  Change change;
  change.id = item.resource->id;
  change.components = item.resource->components;
  change.action = action;
  if (action == item.difference.action) {
    change.attributes = item.difference.attributes;
    change.notes = item.difference.notes;
    change.unseen = item.difference.unseen;
    // It is looked at in its turn, when what hides it now may be gone.
    change.conditional = action == Action::remove && !item.observed.exists && !change.unseen.empty();
  }
  return change;
}

class Planning {
 public:
  Planning(const Catalog& catalog, Journal& journal, const Means& means, Context& context)
      : catalog_(catalog), journal_(journal), means_(means), context_(context), notices_(catalog) {}

  Result<Blueprint> make() {
    Diagnostics unfit;
    for (const auto& resource : catalog_.resources) unfit.add(check(resource));
    for (const auto& probe : catalog_.probes) unfit.add(check(probe));
    if (unfit.has_errors()) return failure(unfit);
    auto segments = segments_of(catalog_, means_);
    if (!segments) return failure(segments.error());
    out_.segments = std::move(*segments);
    if (auto read = read_journal(); !read) return failure(read.error());
    if (auto seen = look(); !seen) return failure(seen.error());
    if (auto simulated = simulate(); !simulated) return failure(simulated.error());
    if (auto noted = note_what_is_pruned_besides(); !noted) return failure(noted.error());
    for (const auto& prune : out_.prunes) {
      out_.plan.changes.push_back(prune.change);
      for (const auto& notice : prune.owned.notices) notices_.expect(notice);
    }
    for (const auto& segment : out_.segments) plan_segment(segment);
    if (const auto blocked = obstacles(); blocked.has_errors()) return failure(blocked);
    out_.plan.host = catalog_.host;
    for (const auto& resource : catalog_.resources)
      if (!out_.changing.contains(resource.id)) ++out_.plan.unchanged;
    out_.plan.digest = digest_of(to_value(catalog_), out_.plan, context_);
    return std::move(out_);
  }

 private:
  Result<> read_journal() {
    auto outline = journal_.outline();
    if (!outline) return failure(outline.error());
    const Ownership owned = owned_from(*outline);
    if (auto ours = check_site(journal_, owned, context_); !ours) return ours;
    out_.prunes = prunes_for(catalog_, owned);
    out_.bookkeeping = bookkeeping_for(catalog_, owned);
    auto restarts = journal_.pending_restarts();
    if (!restarts) return failure(restarts.error());
    out_.restarts = std::move(*restarts);
    for (const auto& restart : out_.restarts)
      if (auto id = parse_resource_id(restart.unit)) notices_.expect({*id, restart.action});
    auto open = journal_.unfinished();
    if (!open) return failure(open.error());
    if (*open) out_.plan.interrupted.push_back((*open)->info);
    return {};
  }

  Result<> look() {
    std::vector<const Resource*> all;
    for (const auto& segment : out_.segments) all.insert(all.end(), segment.resources.begin(), segment.resources.end());
    for (const auto& prune : out_.prunes) all.push_back(&prune.owned.resource);
    auto items = look_at_all(all, means_, context_);
    if (!items) return failure(items.error());
    items_ = std::move(*items);
    for (std::size_t i = 0; i < items_.size(); ++i) {
      const ResourceId& id = all[i]->id;
      out_.plan.states[to_string(id)] = digest_for_the_plan(items_[i].observed, context_);
      if (i < items_.size() - out_.prunes.size()) {
        place_[id] = i;
        note(items_[i]);
      } else {
        Prune& prune = out_.prunes[i - (items_.size() - out_.prunes.size())];
        note_what_is_there(prune.change, items_[i], prune.owned.left, means_);
        if (auto noted = note_what_is_missing(prune.change, prune.reverses, journal_, means_, context_); !noted)
          return noted;
      }
    }
    return {};
  }

  Result<> note_what_is_pruned_besides() {
    if (out_.prunes.empty()) return {};
    std::vector<Change*> all;
    for (auto& prune : out_.prunes) all.push_back(&prune.change);
    if (auto noted = note_what_runs_before(all, leaving_components(catalog_, out_.prunes), journal_); !noted)
      return noted;
    std::map<std::string, std::vector<Prune*>> by_kind;
    for (auto& prune : out_.prunes) by_kind[prune.owned.resource.id.kind].push_back(&prune);
    for (const auto& [name, prunes] : by_kind) {
      std::vector<Change*> changes;
      for (auto* prune : prunes) changes.push_back(&prune->change);
      const auto reversals = reversals_of({prunes.begin(), prunes.end()});
      if (auto noted = note_what_goes_besides(changes, reversals, true, journal_, means_, context_); !noted)
        return noted;
    }
    return {};
  }

  /// What cannot be on this host is a note on a resource that is left alone.
  void note(const Item& item) {
    if (item.difference.action != Action::none) return;
    for (const auto& note : item.difference.notes)
      out_.plan.warnings.push_back(to_string(item.resource->id) + ": " + note);
    if (!item.difference.unseen.empty())
      out_.plan.warnings.push_back(to_string(item.resource->id) + ": cannot be seen now: " + item.difference.unseen);
  }

  /// Kinds that go together say what a change of all of them would do besides.
  Result<> simulate() {
    Diagnostics problems;
    for (const auto& segment : out_.segments) {
      std::map<std::string, std::vector<std::size_t>> together;
      for (const auto* resource : segment.resources) {
        const std::size_t place = place_.at(resource->id);
        if (items_[place].difference.action == Action::none || !means_.kind(resource->id.kind)->together()) continue;
        together[resource->id.kind].push_back(place);
      }
      for (const auto& [kind, places] : together) {
        std::vector<Item> items;
        for (const std::size_t place : places) items.push_back(items_[place]);
        auto simulated = means_.kind(kind)->simulate(items, context_);
        if (!simulated) problems.add(simulated.error());
        for (std::size_t i = 0; i < places.size(); ++i) items_[places[i]] = std::move(items[i]);
      }
    }
    if (problems.has_errors()) return failure(problems);
    return {};
  }

  /// What is to be absent and is, but comes with a package that this plan installs for the same component, perhaps: no
  /// list of the package's files is at hand before it is fetched.
  void plan_removal(const Item& item) {
    const auto ensure = item.resource->attributes.find("ensure");
    if (ensure == item.resource->attributes.end() || ensure->second.text_or("") != "absent") return;
    if (means_.kind(item.resource->id.kind)->together()) return;
    const auto& components = item.resource->components;
    for (const Item& other : items_) {
      if (other.difference.action != Action::create || other.resource->id.kind != "package") continue;
      const auto& theirs = other.resource->components;
      if (std::none_of(components.begin(), components.end(), [&](const std::string& name) {
            return std::find(theirs.begin(), theirs.end(), name) != theirs.end();
          }))
        continue;
      Change change = change_of(item, Action::remove);
      change.conditional = true;
      change.notes.push_back("if " + to_string(other.resource->id) + " brings it");
      return add(std::move(change));
    }
  }

  /// What the command was done with and this plan makes anew; null when there is none.
  [[nodiscard]] const Item* made_anew(const Resource& resource) const {
    const auto names = resource.attributes.find("anew_with");
    if (names == resource.attributes.end()) return nullptr;
    for (const auto& name : names->second.strings()) {
      const auto id = parse_resource_id(name);
      const auto place = id ? place_.find(*id) : place_.end();
      if (place == place_.end()) continue;
      const Item& other = items_[place->second];
      const auto& changes = other.difference.attributes;
      if (other.difference.action == Action::create ||
          std::any_of(changes.begin(), changes.end(), [](const auto& one) { return one.name == "identity"; }))
        return &other;
    }
    return nullptr;
  }

  void plan_again(const Item& item, const Item& made) {
    Change change = change_of(item, Action::run);
    change.notes.push_back("again, as " + to_string(made.resource->id) + " is made anew");
    change.unseen = made.difference.unseen;
    add(std::move(change));
  }

  /// What stands against a change and is not taken away by another change of this plan.
  [[nodiscard]] Diagnostics obstacles() const {
    Diagnostics problems;
    for (const auto& item : items_) {
      const auto& obstacle = item.difference.obstacle;
      if (!obstacle || item.difference.action == Action::none) continue;
      const bool goes = std::any_of(out_.changing.begin(), out_.changing.end(),
                                    [&](const ResourceId& id) { return id.name == obstacle->path; });
      if (!goes) problems.add(obstacle->why);
    }
    return problems;
  }

  void plan_segment(const Segment& segment) {
    for (const auto* resource : segment.resources) {
      const Item& item = items_[place_.at(resource->id)];
      if (item.difference.action != Action::none)
        add(change_of(item, item.difference.action));
      else if (const Item* made = made_anew(*resource))
        plan_again(item, *made);
      else
        plan_removal(item);
      if (is_running_kind(resource->id.kind)) {
        notify(item);
        passed_.push_back(&item);
      }
    }
    // Services of earlier components that use what this one changed.
    for (const Item* service : passed_) notify(*service);
  }

  void notify(const Item& service) {
    const ResourceId& id = service.resource->id;
    if (const auto action = notices_.besides(service)) {
      Change change = change_of(service, *action);
      for (const auto& restart : out_.restarts)
        if (restart.unit == to_string(id)) change.notes.push_back("left over from transaction " + restart.transaction);
      add(std::move(change));
    }
    notices_.met(id);
  }

  void add(Change change) {
    out_.changing.insert(change.id);
    if (change.action != Action::reload) notices_.changed(change.id);
    out_.plan.changes.push_back(std::move(change));
  }

  const Catalog& catalog_;
  Journal& journal_;
  const Means& means_;
  Context& context_;
  Notices notices_;
  Blueprint out_;
  std::vector<Item> items_;
  std::map<ResourceId, std::size_t> place_;
  std::vector<const Item*> passed_;
};

}  // namespace

Result<Blueprint> make_plan(const Catalog& catalog, Journal& journal, const Means& means, Context& context) {
  return Planning(catalog, journal, means, context).make();
}

std::string digest_of(const Value& catalog, const Plan& plan, const Context& context) {
  Value::Map states;
  for (const auto& [id, digest] : plan.states) states[id] = digest;
  std::vector<Change> changes = plan.changes;
  for (auto& change : changes) change.unseen.clear();
  return sha256_hex(to_cbor(Value::Map{{"catalog", keyed(catalog, context.site_key)},
                                       {"changes", list_to_value(changes)},
                                       {"states", std::move(states)}}));
}

}  // namespace wright::agent

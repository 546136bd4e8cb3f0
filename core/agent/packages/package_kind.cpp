#include "agent/packages/package_kind.hpp"

#include <algorithm>

#include "agent/packages/apt.hpp"
#include "agent/packages/before.hpp"
#include "agent/packages/dpkg_database.hpp"
#include "agent/packages/guarding.hpp"
#include "agent/packages/making.hpp"
#include "agent/packages/notes.hpp"
#include "agent/packages/request.hpp"
#include "agent/packages/simulation.hpp"
#include "agent/packages/taking_out.hpp"

namespace wright::agent {
namespace {

using packages::Database;

class PackageKind : public Kind {
 public:
  Result<std::vector<Observed>> look(std::span<const Resource* const> resources, Context& context) override {
    (void)context;
    const auto database = Database::read();
    if (!database) return failure(database.error());
    std::vector<Observed> all;
    for (const auto* resource : resources) {
      Observed observed;
      if (const auto* package = database->find(resource->id.name)) {
        observed.exists = package->present();
        observed.state["version"] = package->version;
        observed.state["status"] = package->flag == "ok" ? package->status : package->status + ", " + package->flag;
        // Triggers come and go by what is done with other packages.
        if (package->whole()) observed.state["status"] = "installed";
        observed.state["held"] = package->want == "hold";
      }
      all.push_back(std::move(observed));
    }
    return all;
  }

  Difference compare(const Resource& resource, const Observed& observed) const override {
    const auto wanted = packages::wanted_of(resource);
    const Value state(observed.state);
    const std::string version = state["version"].text_or("");
    const std::string status = state["status"].text_or("");
    Difference difference;
    if (wanted.absent) {
      if (observed.state.empty()) return difference;
      difference.action = Action::remove;
      difference.attributes.push_back({"version", version, Value(), {}, false});
      if (!observed.exists) difference.notes.emplace_back("only its configuration is left; that is purged");
      return difference;
    }
    if (!observed.exists) {
      difference.action = Action::create;
      if (!wanted.version.empty()) difference.attributes.push_back({"version", Value(), wanted.version, {}, false});
      return difference;
    }
    if (!wanted.version.empty() && wanted.version != version) {
      difference.attributes.push_back({"version", version, wanted.version, {}, false});
      if (state["held"].bool_or(false)) difference.notes.emplace_back("is on hold; apt will refuse");
    }
    if (status != "installed") difference.attributes.push_back({"status", status, "installed", {}, false});
    if (!difference.attributes.empty()) difference.action = Action::update;
    return difference;
  }

  [[nodiscard]] bool together() const override { return true; }
  /// Files of theirs are kept by undo() itself; a version is not an edit that could be lost.
  [[nodiscard]] Keeping keeping() const override { return Keeping::nothing; }

  Result<> simulate(std::span<Item> items, Context& context) override {
    const auto database = Database::read();
    if (!database) return failure(database.error());
    const auto all = packages::wanted_of(items);
    packages::Apt apt(context);
    const auto simulation = packages::simulate(all, *database, apt);
    if (!simulation) return failure(simulation.error());
    for (auto& item : items) {
      const std::string& name = item.resource->id.name;
      if (std::find(simulation->later.begin(), simulation->later.end(), name) != simulation->later.end())
        item.difference.notes.emplace_back("what it brings is known once its source is on the host");
      if (item.difference.action == Action::create && item.difference.attributes.empty())
        for (const auto& [key, version] : simulation->moves.installed)
          if (database->shown(key) == name)
            item.difference.attributes.push_back({"version", Value(), version, {}, false});
    }
    auto& notes = items.front().difference.notes;
    std::vector<packages::Data> data;
    for (const auto& [path, owner] : packages::data_of(simulation->moves.removed, *database)) {
      notes.push_back("data in " + path + " is moved aside, not deleted");
      data.push_back({path, owner, {}});
    }
    if (auto checked = packages::check_data(data); !checked) return checked;
    for (auto& note : packages::notes_on(simulation->moves, all, *database)) notes.push_back(std::move(note));
    return {};
  }

  Result<Value> prepare(std::span<const Item> items, Context& context) override {
    return packages::record_before(items, context);
  }

  Result<Value> prepare_prune(std::span<const Item> items, std::span<const UndoRecord> reversals,
                              Context& context) override {
    return packages::record_before_prune(items, reversals, context);
  }

  Result<Value> pruned(const Value& prune, Context& context) override {
    (void)prune;
    return packages::what_is_left(context);
  }

  Result<std::map<ResourceId, std::vector<std::string>>> besides(std::span<const UndoRecord> reversals, bool prune,
                                                                 Context& context) override {
    return packages::notes_on_reversal(reversals, prune, context);
  }

  Result<Value> change(std::span<const Item> items, const Value& undo, Context& context) override {
    return packages::make_change(items, undo, context);
  }

  Result<> undo(const UndoRecord& record, Context& context) override { return packages::take_out(record, context); }

  Result<> settle(const UndoRecord& record, Context& context) override {
    return packages::start_again(record, context);
  }
};

}  // namespace

std::unique_ptr<Kind> make_package_kind() { return std::make_unique<PackageKind>(); }

}  // namespace wright::agent

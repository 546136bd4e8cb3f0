#include <algorithm>
#include <any>
#include <set>

#include "agent/files/files.hpp"
#include "agent/resources/before.hpp"
#include "agent/resources/kinds.hpp"
#include "agent/resources/systemd.hpp"
#include "agent/resources/unit_changes.hpp"
#include "agent/resources/unit_links.hpp"

namespace wright::agent {
namespace {

UnitPatience patience_from(const Value& attributes) {
  UnitPatience patience;
  patience.stable = std::chrono::milliseconds(attributes["stable_ms"].int_or(patience.stable.count()));
  patience.timeout = std::chrono::milliseconds(attributes["timeout_ms"].int_or(patience.timeout.count()));
  return patience;
}

std::string script_of(const Unit& unit) { return unit.name.substr(0, unit.name.rfind('.')); }

/// A unit made from an init script; systemd does not say whether it is started at boot.
bool is_init_script(const Unit& unit) { return unit.path.starts_with("/run/systemd/generator.late/"); }

const AttributeChange* change_of(const Item& item, std::string_view name) {
  const auto& all = item.difference.attributes;
  const auto found = std::find_if(all.begin(), all.end(), [&](const AttributeChange& a) { return a.name == name; });
  return found == all.end() ? nullptr : &*found;
}

constexpr const char* stamps_folder = "/var/lib/systemd/timers";

std::string stamp_of(const std::string& timer) { return std::string(stamps_folder) + "/stamp-" + timer; }

/// What of systemd's note of when a timer ran is not there yet and comes with its first start; for other units nothing.
Result<> note_coming_stamp(const Unit& unit, Value::Map& record) {
  if (!unit.name.ends_with(".timer") || unit.running()) return {};
  const auto stamp = look_at(stamp_of(unit.name));
  if (!stamp) return failure(stamp.error());
  const auto folder = look_at(stamps_folder);
  if (!folder) return failure(folder.error());
  if (stamp->type == FileState::Type::absent) record["stamp comes"] = true;
  if (folder->type == FileState::Type::absent) record["stamps come"] = true;
  return {};
}

Result<> remove_stamp(const std::string& timer, const Value& before) {
  if (before["stamp comes"].bool_or(false))
    if (auto removed = remove_path(stamp_of(timer)); !removed) return removed;
  // Stays when another timer's stamp has come since.
  if (before["stamps come"].bool_or(false)) (void)remove_path(stamps_folder);
  return {};
}

Diagnostic masked(const std::string& where, const std::string& unit) {
  return {Severity::error,
          Fault::failed,
          where,
          unit + " is masked",
          "somebody forbade to start it",
          "if it is to run, `systemctl unmask " + unit + "` on the host"};
}

class ServiceKind : public Kind {
 public:
  [[nodiscard]] Keeping keeping() const override { return Keeping::nothing; }

  Result<std::vector<Observed>> look(std::span<const Resource* const> resources, Context& context) override {
    std::vector<std::string> names;
    for (const auto* resource : resources) names.push_back(unit_name(resource->id.name));
    const auto units = show_units(names, context);
    if (!units) return failure(units.error());
    UnitLinks links;
    if (std::any_of(units->begin(), units->end(), is_init_script)) {
      auto read = read_unit_links();
      if (!read) return failure(read.error());
      links = std::move(*read);
    }
    std::vector<Observed> all;
    for (const auto& unit : *units) {
      Observed& observed = all.emplace_back();
      observed.exists = unit.exists();
      observed.state["enabled"] =
          is_init_script(unit) ? started_by_init(links, script_of(unit)) : unit.file == "enabled";
      observed.state["running"] = unit.running();
      if (unit.masked()) observed.state["masked"] = true;
      if (unit.file == "static" || unit.file == "generated") observed.state["file"] = unit.file;
    }
    return all;
  }

  Difference compare(const Resource& resource, const Observed& observed) const override {
    Difference difference;
    const Value now(observed.state);
    for (const char* name : {"enabled", "running"}) {
      const auto wanted = resource.attributes.find(name);
      if (wanted == resource.attributes.end() || wanted->second.is_null()) continue;
      const bool is = now[name].bool_or(false);
      if (is == wanted->second.bool_or(false)) continue;
      difference.attributes.push_back({name, observed.exists ? Value(is) : Value(), wanted->second, {}, false});
    }
    if (difference.attributes.empty()) return difference;
    difference.action = Action::update;
    const auto turned_on = [](const AttributeChange& a) { return a.after.bool_or(false); };
    if (now["masked"].bool_or(false) &&
        std::any_of(difference.attributes.begin(), difference.attributes.end(), turned_on)) {
      const std::string name = unit_name(resource.id.name);
      difference.obstacle = {masked(to_string(resource.id), name), "/etc/systemd/system/" + name};
    }
    return difference;
  }

  Result<Value> prepare(std::span<const Item> items, Context& context) override {
    return record(items, false, context);
  }

  /// Taking a change back may disable the unit, whatever that change was called.
  Result<Value> prepare_prune(std::span<const Item> items, std::span<const UndoRecord> reversals,
                              Context& context) override {
    (void)reversals;
    return record(items, true, context);
  }

  Result<Value> change(std::span<const Item> items, const Value& undo, Context& context) override {
    Value::Map done;
    for (const auto& item : items) {
      Value::Map record;
      if (!undo[item.resource->id.name]["links"].is_null()) {
        // Read before the unit starts: others may enable theirs meanwhile.
        if (auto enabled = change_enabled(item, context); !enabled) return failure(enabled.error());
        const auto links = read_unit_links();
        if (!links) return failure(links.error());
        record["links"] = to_value(*links);
      }
      if (auto changed = change_running(item, context); !changed) return failure(changed.error());
      done[item.resource->id.name] = std::move(record);
    }
    return Value(std::move(done));
  }

  Result<> undo(const UndoRecord& record, Context& context) override {
    Diagnostics problems;
    for (auto id = record.ids.rbegin(); id != record.ids.rend(); ++id) {
      const Value& before = record.undo[id->name];
      if (before.is_null()) continue;
      if (auto undone = undo_one(unit_name(id->name), before, record.done[id->name], context); !undone)
        problems.add(undone.error());
    }
    if (problems.has_errors()) return failure(problems);
    return {};
  }

  Result<> settle(const UndoRecord& record, Context& context) override {
    Diagnostics problems;
    for (const auto& id : record.ids) {
      const Value& before = record.undo[id.name];
      if (before.is_null()) continue;
      if (auto settled = settle_one(unit_name(id.name), before, context); !settled) problems.add(settled.error());
    }
    if (problems.has_errors()) return failure(problems);
    return {};
  }

 private:
  static Result<Value> record(std::span<const Item> items, bool with_links, Context& context) {
    Value::Map undo;
    for (const auto& item : items) {
      const std::string name = unit_name(item.resource->id.name);
      const auto unit = show_unit(name, context);
      if (!unit) return failure(unit.error());
      Value::Map record{{"running", unit->running()},
                        {"starting", unit->active == "activating"},
                        {"failed", unit->active == "failed"},
                        {"invocation", unit->invocation},
                        {"action", name_of(item.difference.action)},
                        {"turns", change_of(item, "running") != nullptr}};
      if (auto noted = note_coming_stamp(*unit, record); !noted) return failure(noted.error());
      for (const char* patience : {"stable_ms", "timeout_ms"})
        if (item.resource->attributes.contains(patience))
          record[patience] = item.resource->attributes.find(patience)->second;
      if (with_links || change_of(item, "enabled") != nullptr) {
        const auto links = read_unit_links();
        if (!links) return failure(links.error());
        record["links"] = to_value(*links);
      }
      undo[item.resource->id.name] = std::move(record);
    }
    return Value(std::move(undo));
  }

  static Result<> change_enabled(const Item& item, Context& context) {
    const auto unit = usable_unit(item, context);
    if (!unit) return failure(unit.error());
    const auto* enabled = change_of(item, "enabled");
    return enabled == nullptr ? Result<>() : set_enabled(unit->name, enabled->after.bool_or(false), context);
  }

  static Result<> change_running(const Item& item, Context& context) {
    const std::string name = unit_name(item.resource->id.name);
    const UnitPatience patience = patience_from(Value(item.resource->attributes));
    const auto unit = usable_unit(item, context);
    if (!unit) return failure(unit.error());
    if (const auto* running = change_of(item, "running"))
      return running->after.bool_or(false) ? start_unit(name, patience, context) : stop_unit(name, patience, context);
    if (item.difference.action != Action::restart && item.difference.action != Action::reload) return {};
    if (!unit->running()) return {};
    return item.difference.action == Action::restart ? restart_unit(name, patience, context)
                                                     : reload_unit(*unit, patience, context);
  }

  static Result<Unit> usable_unit(const Item& item, Context& context) {
    auto unit = fresh_unit(unit_name(item.resource->id.name), context);
    if (!unit) return unit;
    if (auto usable = can_be_changed(*unit, item); !usable) return failure(usable.error());
    return unit;
  }

  static Result<> can_be_changed(const Unit& unit, const Item& item) {
    const std::string where = to_string(item.resource->id);
    const auto turns_on = [&](const char* name) {
      const auto* change = change_of(item, name);
      return change != nullptr && change->after.bool_or(false);
    };
    const bool wanted = turns_on("running") || turns_on("enabled");
    if (unit.masked() && wanted) return failure(masked(where, unit.name));
    if (!unit.exists() && wanted)
      return failure(where, "no unit is named " + unit.name + " on this host", {},
                     "see which package or file brings it, and declare that before the service");
    if (unit.load == "bad-setting" || unit.load == "error")
      return failure(where, "systemd cannot load " + unit.name, {},
                     "`systemd-analyze verify " + unit.name + "` on the host says what is wrong with it");
    return {};
  }

  static Result<> set_enabled(const std::string& name, bool enabled, Context& context) {
    if (auto made = enable_unit(name, enabled, context); !made) return made;
    const auto unit = show_unit(name, context);
    if (!unit) return failure(unit.error());
    if (!enabled || unit->file == "enabled" || is_init_script(*unit)) return {};
    return failure("service:" + name, name + " cannot be enabled",
                   unit->file == "static" ? "its unit file has no [Install] section"
                                          : "systemd calls it \"" + unit->file + "\" afterwards",
                   "leave out enabled if other units start it");
  }

  static Result<> undo_one(const std::string& name, const Value& before, const Value& done, Context& context) {
    const auto unit = show_unit(name, context);
    if (!unit) return failure(unit.error());
    if (unit->exists() && !before["running"].bool_or(false) && !before["starting"].bool_or(false))
      if (auto stopped = stop_as_before(name, before, context); !stopped) return stopped;
    if (auto removed = remove_stamp(name, before); !removed) return removed;
    if (before["links"].is_null()) return {};
    const UnitLinks was = unit_links_from(before["links"]);
    UnitLinks became;
    if (!done["links"].is_null()) {
      became = unit_links_from(done["links"]);
    } else {
      const auto now = read_unit_links();
      if (!now) return failure(now.error());
      became = only_of_unit(was, *now, name);
    }
    const auto restored = restore_unit_links(was, became);
    if (!restored) return failure(restored.error());
    return *restored ? daemon_reload(context) : Result<>();
  }

  /// A unit that only our change made fail is no failed one afterwards.
  static Result<> stop_as_before(const std::string& name, const Value& before, Context& context) {
    const UnitPatience patience = patience_from(before);
    if (auto stopped = stop_unit(name, patience, context); !stopped) return stopped;
    if (before["failed"].bool_or(false)) return {};
    const auto unit = show_unit(name, context);
    if (!unit) return failure(unit.error());
    if (unit->active != "failed") return {};
    const auto reset = systemctl("reset-failed", name, patience.timeout, context);
    if (!reset) return failure(reset.error());
    return {};
  }

  /// Once for all units, whatever systemd says: a file that came back has its old time, and systemd takes only a
  /// younger one than it knows for a change.
  static Result<Unit> unit_with_its_files(const std::string& name, Context& context) {
    auto unit = show_unit(name, context);
    if (!unit || !unit->exists() || context.request.contains("units read anew")) return unit;
    if (auto reloaded = daemon_reload(context); !reloaded) return failure(reloaded.error());
    context.request["units read anew"] = true;
    return show_unit(name, context);
  }

  /// Units that ran before run again; those that were told about a new configuration are told about the old one. Once
  /// for all steps, of which the oldest knows best what was before.
  static Result<> settle_one(const std::string& name, const Value& before, Context& context) {
    std::any& kept = context.request["settled units"];
    if (!kept.has_value()) kept = std::set<std::string>();
    auto& settled = *std::any_cast<std::set<std::string>>(&kept);
    if (settled.contains(name)) return {};
    const auto unit = unit_with_its_files(name, context);
    if (!unit) return failure(unit.error());
    if (!before["running"].bool_or(false)) {
      settled.insert(name);
      const bool down = unit->active == "inactive" || unit->active == "failed";
      if (!before["starting"].bool_or(false) || !down) return {};
      // It was on its way up, perhaps over and over again; whether it ever gets there is not ours to judge.
      const auto started = systemctl("start", name, patience_from(before).timeout, context);
      if (!started) return failure(started.error());
      return {};
    }
    return run_as_before(*unit, before, settled, context);
  }

  static Result<> run_as_before(const Unit& now, const Value& before, std::set<std::string>& settled,
                                Context& context) {
    const auto unit = now.exists() ? Result<Unit>(now) : fresh_unit(now.name, context);
    if (!unit) return failure(unit.error());
    const std::string& name = unit->name;
    if (!unit->exists()) return failure("service:" + name, name + " ran before, and its unit is gone");
    const UnitPatience patience = patience_from(before);
    const bool same_run = unit->invocation == before["invocation"].text_or("");
    const std::string action = before["action"].text_or("");
    if (!unit->running()) {
      settled.insert(name);
      // On its way down or up it may have read either configuration.
      const bool down = unit->active == "inactive" || unit->active == "failed";
      return down ? start_unit(name, patience, context) : restart_unit(name, patience, context);
    }
    if (action == "reload" && same_run) {
      settled.insert(name);
      return reload_unit(*unit, patience, context);
    }
    const bool told = action == "restart" || action == "reload" || before["turns"].bool_or(false);
    if (!told || same_run) return {};
    settled.insert(name);
    return restart_unit(name, patience, context);
  }
};

}  // namespace

std::unique_ptr<Kind> make_service_kind() { return std::make_unique<ServiceKind>(); }

}  // namespace wright::agent

#include <sys/stat.h>

#include <algorithm>
#include <any>
#include <set>

#include "agent/resources/before.hpp"
#include "agent/resources/kinds.hpp"
#include "agent/resources/program_group.hpp"

namespace wright::agent {
namespace {

using std::chrono::milliseconds;
using Processes = std::vector<SupervisedProcess>;

constexpr milliseconds look_time{2000};
constexpr milliseconds start_of_supervisord{15000};  ///< until it answers after its unit was started
constexpr milliseconds short_wait{1000};             ///< for one that may well not run

/// STARTING is on its way; BACKOFF has failed at least once.
bool runs(const Processes& all) {
  return std::all_of(all.begin(), all.end(), [](const auto& p) { return p.runs() || p.state == "STARTING"; });
}

std::string socket_of(const Value& attributes) { return attributes["socket"].text_or(usual_supervisor_socket); }

/// The processes that run, by number and start: the same text as long as none was started anew.
std::string run_of(const Processes& all) {
  std::string out;
  for (const auto& process : all)
    out += process.name + " " + std::to_string(process.pid) + " " + std::to_string(process.start) + "\n";
  return out;
}

class ProgramKind : public Kind {
 public:
  [[nodiscard]] Keeping keeping() const override { return Keeping::nothing; }

  Result<std::vector<Observed>> look(std::span<const Resource* const> resources, Context& context) override {
    std::map<std::string, Talk<Processes>> asked;  // one question to each supervisord
    std::vector<Observed> all;
    for (const auto* resource : resources) {
      const std::string socket = socket_of(Value(resource->attributes));
      auto known = asked.find(socket);
      if (known == asked.end()) known = asked.emplace(socket, ask(socket, context)).first;
      Observed& observed = all.emplace_back();
      if (!known->second) {
        if (known->second.error().kind == Trouble::Kind::cancelled)
          return ProgramGroup(resource->id, Value(), context).failed(known->second.error());
        observed.before = known->second.error().text;
        continue;
      }
      Processes mine = *known->second;
      std::erase_if(mine, [&](const auto& process) { return process.group != resource->id.name; });
      observed.exists = !mine.empty();
      if (!mine.empty()) observed.state["running"] = runs(mine);
    }
    return all;
  }

  Difference compare(const Resource& resource, const Observed& observed) const override {
    Difference difference;
    const std::string why = observed.before.text_or("");
    if (wanted_absent(resource)) {
      if (observed.exists) difference.action = Action::remove;
      return difference;
    }
    const Value now(observed.state);
    const Value wanted = Value(resource.attributes)["running"];
    if (!wanted.is_null() && (!observed.exists || now["running"] != wanted))
      difference.attributes.push_back({"running", now["running"], wanted, {}, false});
    if (!observed.exists)
      difference.action = Action::create;
    else if (!difference.attributes.empty())
      difference.action = Action::update;
    difference.unseen = why;
    return difference;
  }

  Result<Value> prepare(std::span<const Item> items, Context& context) override {
    Value::Map undo;
    for (const auto& item : items) {
      const Value attributes(item.resource->attributes);
      ProgramGroup group(item.resource->id, attributes, context);
      const bool goes = item.difference.action == Action::remove;
      const auto now = group.processes_patiently(goes ? short_wait : start_of_supervisord);
      if (!now && !goes) return group.failed(now.error());
      const Processes mine = now ? *now : Processes();
      Value::Map record{{"there", !mine.empty()},
                        {"running", !mine.empty() && runs(mine)},
                        {"run", run_of(mine)},
                        {"action", name_of(item.difference.action)}};
      for (const char* name : {"socket", "timeout_ms", "reload_signal", "reload_check"})
        if (!attributes[name].is_null()) record[name] = attributes[name];
      undo[item.resource->id.name] = std::move(record);
    }
    return Value(std::move(undo));
  }

  Result<Value> change(std::span<const Item> items, const Value& /*undo*/, Context& context) override {
    for (const auto& item : items)
      if (auto changed = change_one(item, context); !changed) return failure(changed.error());
    return Value();
  }

  Result<> undo(const UndoRecord& record, Context& context) override {
    Diagnostics problems;
    for (auto id = record.ids.rbegin(); id != record.ids.rend(); ++id) {
      const Value& before = record.undo[id->name];
      if (before.is_null() || before["there"].bool_or(false)) continue;
      ProgramGroup group(*id, before, context);
      // A supervisord that does not run has none of them.
      if (!group.processes_patiently(is_there(socket_of(before)) ? short_wait : milliseconds(0))) continue;
      if (auto removed = group.remove(); !removed) problems.add(removed.error());
    }
    if (problems.has_errors()) return failure(problems);
    return {};
  }

  Result<> settle(const UndoRecord& record, Context& context) override {
    Diagnostics problems;
    for (const auto& id : record.ids) {
      const Value& before = record.undo[id.name];
      if (before.is_null() || !is_first(id, before, context)) continue;
      if (auto settled = settle_one(id, before, context); !settled) problems.add(settled.error());
    }
    if (problems.has_errors()) return failure(problems);
    return {};
  }

 private:
  static bool is_there(const std::string& socket) {
    struct stat seen {};
    return ::stat(socket.c_str(), &seen) == 0;
  }

  /// Nothing answers at a socket that is not there yet: then there are no programs, and that is no trouble.
  static Talk<Processes> ask(const std::string& socket, Context& context) {
    if (!is_there(socket)) return Processes();
    return Supervisor(socket).processes({Patience::Clock::now() + look_time, context.cancellation});
  }

  static Result<> change_one(const Item& item, Context& context) {
    const Value attributes(item.resource->attributes);
    ProgramGroup group(item.resource->id, attributes, context);
    if (item.difference.action == Action::remove) return group.remove();
    const auto loaded = group.load();
    if (!loaded) return failure(loaded.error());
    if (*loaded == ProgramGroup::Loaded::not_configured)
      return failure(to_string(item.resource->id), "supervisord finds no program or group of that name in its files",
                     {}, "declare its file in /etc/supervisor/conf.d before the program");
    const bool tells = item.difference.action == Action::restart || item.difference.action == Action::reload;
    if (item.difference.action == Action::reload && *loaded == ProgramGroup::Loaded::as_before) return group.reload();
    if (tells && *loaded == ProgramGroup::Loaded::as_before) {
      if (auto stopped = group.stop(); !stopped) return stopped;
      return group.start();
    }
    if (attributes["running"].is_null()) return {};
    return attributes["running"].bool_or(false) ? group.start() : group.stop();
  }

  /// The oldest step knows best what was before, and comes first.
  static bool is_first(const ResourceId& id, const Value& before, Context& context) {
    std::any& kept = context.request["settled programs"];
    if (!kept.has_value()) kept = std::set<std::string>();
    return std::any_cast<std::set<std::string>>(&kept)->insert(socket_of(before) + " " + id.name).second;
  }

  static Result<> settle_one(const ResourceId& id, const Value& before, Context& context) {
    if (!before["there"].bool_or(false)) return {};
    ProgramGroup group(id, before, context);
    if (!is_there(socket_of(before)) && !before["running"].bool_or(false)) return {};
    const auto now = group.processes_patiently(start_of_supervisord);
    if (!now) return group.failed(now.error());
    const auto loaded = group.load();
    if (!loaded) return failure(loaded.error());
    if (*loaded == ProgramGroup::Loaded::not_configured)
      return failure(to_string(id), "supervisord had it before, and its file is gone");
    if (!before["running"].bool_or(false)) return group.stop();
    const std::string action = before["action"].text_or("");
    const bool told = action == "restart" || action == "reload";
    const bool same_run = run_of(*now) == before["run"].text_or("");
    if (action == "reload" && same_run && *loaded == ProgramGroup::Loaded::as_before && group.can_reload())
      return group.reload();
    if (told && !same_run && *loaded == ProgramGroup::Loaded::as_before)
      if (auto stopped = group.stop(); !stopped) return stopped;
    return group.start();
  }
};

}  // namespace

std::unique_ptr<Kind> make_program_kind() { return std::make_unique<ProgramKind>(); }

}  // namespace wright::agent

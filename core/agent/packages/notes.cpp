#include "agent/packages/notes.hpp"

#include <algorithm>
#include <set>

#include "agent/packages/guarding.hpp"
#include "agent/packages/reversal.hpp"

namespace wright::agent::packages {

std::string listed(const std::vector<std::string>& names, std::size_t most) {
  std::string out;
  for (std::size_t i = 0; i < names.size() && i < most; ++i) out += (i == 0 ? "" : ", ") + names[i];
  if (names.size() > most) out += " and " + std::to_string(names.size() - most) + " more";
  return out;
}

std::vector<std::string> notes_on(const Moves& moves, const std::vector<Wanted>& all, const Database& before) {
  std::set<std::string> named;
  for (const auto& wanted : all) named.insert(wanted.name);
  std::vector<std::string> installed;
  std::vector<std::string> notes;
  for (const auto& [key, version] : moves.installed)
    if (!named.contains(before.shown(key))) installed.push_back(before.shown(key));
  if (!installed.empty()) notes.push_back("installs also: " + listed(installed));
  for (const auto& [key, move] : moves.upgraded)
    if (!named.contains(before.shown(key)))
      notes.push_back("also changes " + before.shown(key) + " from " + move.from + " to " + move.to);
  for (const auto& [key, version] : moves.removed)
    if (!named.contains(before.shown(key))) notes.push_back("also removes " + before.shown(key) + " " + version);
  return notes;
}

namespace {

/// Of a rollback only the moves are known beforehand: its data depends on what its other steps leave.
Result<ReversalEffect> effect_of(std::span<const UndoRecord> reversals, bool prune, const Database& now,
                                 const Context& context) {
  if (prune) return effect_of_reversal(reversals, now, context);
  auto moves = moves_of_reversal(reversals, now, context);
  if (!moves) return failure(moves.error());
  return ReversalEffect{std::move(*moves), {}, {}};
}

/// What the changes installed and what taking them back leaves where it is.
bool stays(const std::string& key, std::span<const UndoRecord> reversals, const Moves& moves, const Database& now) {
  if (!now.packages().contains(key) || moves.removed.contains(key) || moves.upgraded.contains(key)) return false;
  return std::any_of(reversals.begin(), reversals.end(), [&](const UndoRecord& undo) {
    const auto record = record_from(undo.undo);
    return record && record->moves.installed.contains(key);
  });
}

}  // namespace

Result<std::map<ResourceId, std::vector<std::string>>> notes_on_reversal(std::span<const UndoRecord> reversals,
                                                                         bool prune, const Context& context) {
  std::map<ResourceId, std::vector<std::string>> notes;
  const auto now = Database::read();
  if (!now) return failure(now.error());
  auto effect = effect_of(reversals, prune, *now, context);
  if (!effect) return failure(effect.error());
  if (auto checked = check_data(effect->data); !checked) return failure(checked.error());
  std::vector<Wanted> named;
  std::map<std::string, ResourceId> ids;
  for (const auto& undo : reversals)
    for (const auto& id : undo.ids) {
      if (!ids.emplace(id.name, id).second) continue;
      named.emplace_back();
      named.back().name = id.name;
    }
  if (ids.empty()) return notes;
  auto& of_all = notes[ids.begin()->second];
  // What came along goes along: that is one line, not one for each.
  std::vector<std::string> also;
  for (const auto& [key, version] : effect->moves.removed)
    if (!ids.contains(now->shown(key))) also.push_back(now->shown(key));
  if (!also.empty()) of_all.push_back("also removes: " + listed(also));
  Moves others = effect->moves;
  others.removed.clear();
  for (auto& note : notes_on(others, named, *now)) of_all.push_back(std::move(note));
  for (const auto& [name, id] : ids)
    if (const Package* package = now->find(name);
        package != nullptr && stays(package->name + ":" + package->architecture, reversals, effect->moves, *now))
      notes[id].emplace_back("stays on the host, as other packages need it");
  bool somebodys = false;
  for (const auto& data : effect->data) {
    if (data.place.empty()) continue;  // only makes room
    // Single files come and go while people look at a plan.
    if (!is_data(data.path)) {
      somebodys = true;
      continue;
    }
    const auto owner = ids.find(now->shown(data.owner));
    (owner == ids.end() ? of_all : notes[owner->second])
        .push_back("data in " + data.path + " is moved aside, not deleted");
  }
  if (somebodys) of_all.emplace_back("files that somebody put among those of packages are moved aside, not deleted");
  return notes;
}

}  // namespace wright::agent::packages

#include "agent/packages/notes.hpp"

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

Result<std::vector<std::string>> notes_on_reversal(std::span<const UndoRecord> reversals, bool prune,
                                                   const Context& context) {
  const auto now = Database::read();
  if (!now) return failure(now.error());
  ReversalEffect effect;
  if (prune) {
    auto all = effect_of_reversal(reversals, *now, context);
    if (!all) return failure(all.error());
    effect = std::move(*all);
  } else {
    auto moves = moves_of_reversal(reversals, *now, context);
    if (!moves) return failure(moves.error());
    effect.moves = std::move(*moves);
  }
  std::vector<Wanted> named;
  for (const auto& undo : reversals)
    for (const auto& id : undo.ids) {
      named.emplace_back();
      named.back().name = id.name;
    }
  // What came along goes along: that is one line, not one for each.
  std::set<std::string> names;
  for (const auto& wanted : named) names.insert(wanted.name);
  std::vector<std::string> also;
  for (const auto& [key, version] : effect.moves.removed)
    if (!names.contains(now->shown(key))) also.push_back(now->shown(key));
  effect.moves.removed.clear();
  std::vector<std::string> notes;
  if (!also.empty()) notes.push_back("also removes: " + listed(also));
  for (auto& note : notes_on(effect.moves, named, *now)) notes.push_back(std::move(note));
  for (const auto& path : effect.data) notes.push_back("its data in " + path + " is moved aside, not deleted");
  return notes;
}

}  // namespace wright::agent::packages

#include "agent/packages/reversal.hpp"

#include <functional>

#include "agent/files/files.hpp"
#include "agent/packages/guarding.hpp"
#include "agent/packages/selection.hpp"
#include "agent/packages/surroundings.hpp"

namespace wright::agent::packages {
namespace {

/// One of the changes, in the state of the host that those newer than it leave.
struct Point {
  Record record;
  Left left;
  Selection selection;
  Database before;
  Database now;
};

Result<Moves> follow(std::span<const UndoRecord> newest_first, const Database& now, const Context& context,
                     const std::function<Result<>(const Point&)>& visit) {
  Database state = now;
  for (const auto& undo : newest_first) {
    auto record = record_from(undo.undo);
    if (!record) return failure(record.error());
    auto before = database_of(*record, context);
    if (!before) return failure(before.error());
    auto selection = select(*record, undo.ids, *before, state);
    const Point point{std::move(*record), left_from(undo.done), std::move(selection), std::move(*before), state};
    if (auto visited = visit(point); !visited) return failure(visited.error());
    for (const auto& key : point.selection.out) state.erase(key);
    for (const auto& key : point.selection.back)
      if (const auto was = point.before.packages().find(key); was != point.before.packages().end())
        state.put(was->second);
  }
  return moves_between(now, state);
}

/// What the undo of that change will find in quarantine.
Result<std::vector<Given>> given_by(const Record& record, const Context& context) {
  std::vector<Given> out;
  for (const auto& data : record.data) {
    std::string place = place_of(data, record, context);
    const auto seen = look_at(place);
    if (!seen) return failure(seen.error());
    if (seen->type != FileState::Type::absent) out.push_back({data.path, std::move(place)});
  }
  return out;
}

/// A place of its own: below the usual one there may be what another resource of the run put aside.
std::string aside_of(const std::string& path, const Context& context) {
  return context.state_folder + "/quarantine/" + context.transaction + "/packages" + path;
}

}  // namespace

Moves moves_between(const Database& from, const Database& to) {
  Moves moves;
  for (const auto& [key, was] : from.packages()) {
    const auto is = to.packages().find(key);
    if (is == to.packages().end() || (was.present() && !is->second.present()))
      moves.removed[key] = was.version;
    else if (is->second.version != was.version)
      moves.upgraded[key] = {was.version, is->second.version};
  }
  for (const auto& [key, is] : to.packages()) {
    const auto was = from.packages().find(key);
    if (was == from.packages().end() || (!was->second.present() && is.present() && was->second.version == is.version))
      moves.installed[key] = is.version;
  }
  return moves;
}

Result<Moves> moves_of_reversal(std::span<const UndoRecord> newest_first, const Database& now, const Context& context) {
  return follow(newest_first, now, context, [](const Point&) { return Result<>(); });
}

Result<ReversalEffect> effect_of_reversal(std::span<const UndoRecord> newest_first, const Database& now,
                                          const Context& context) {
  ReversalEffect out;
  std::map<std::string, Data> data;
  auto found = take_moment(context);
  if (!found) return failure(found.error());
  auto moves = follow(newest_first, now, context, [&](const Point& point) -> Result<> {
    auto given = given_by(point.record, context);
    if (!given) return failure(given.error());
    for (auto& one : *given) {
      // What is at its place now makes room for it, and comes back with the undo of the prune.
      data.try_emplace(one.path, Data{one.path, {}, {}});
      out.given.push_back(std::move(one));
    }
    auto around = recall(point.record, point.left, point.selection, point.before, point.now, context);
    if (!around) return failure(around.error());
    if (around->interrupted) around->after = *found;
    around->found = std::move(*found);
    for (const auto& path : data_made(*around)) data.try_emplace(path, Data{path, {}, aside_of(path, context)});
    *found = std::move(around->found);
    return {};
  });
  if (!moves) return failure(moves.error());
  out.moves = std::move(*moves);
  for (const auto& [path, owner] : data_of(out.moves.removed, now))
    data.insert_or_assign(path, Data{path, owner, aside_of(path, context)});
  for (auto& [path, one] : data)
    if (out.data.empty() || !is_within(path, out.data.back().path)) out.data.push_back(std::move(one));
  return out;
}

}  // namespace wright::agent::packages

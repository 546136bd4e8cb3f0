#include "agent/packages/reversal.hpp"

#include <functional>

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
  for (const auto& [key, is] : to.packages())
    if (!from.packages().contains(key)) moves.installed[key] = is.version;
  return moves;
}

Result<Moves> moves_of_reversal(std::span<const UndoRecord> newest_first, const Database& now, const Context& context) {
  return follow(newest_first, now, context, [](const Point&) { return Result<>(); });
}

Result<ReversalEffect> effect_of_reversal(std::span<const UndoRecord> newest_first, const Database& now,
                                          const Context& context) {
  std::set<std::string> paths;
  auto found = take_moment(context);
  if (!found) return failure(found.error());
  auto moves = follow(newest_first, now, context, [&](const Point& point) -> Result<> {
    auto around = recall(point.record, point.left, point.selection, point.before, point.now, context);
    if (!around) return failure(around.error());
    around->found = *found;
    if (point.left.tree.empty()) around->after = *found;
    for (auto& path : data_made(*around)) paths.insert(std::move(path));
    return {};
  });
  if (!moves) return failure(moves.error());
  for (auto& path : data_of(moves->removed, now)) paths.insert(std::move(path));
  ReversalEffect out{std::move(*moves), {}};
  for (const auto& path : paths)
    if (out.data.empty() || !is_within(path, out.data.back())) out.data.push_back(path);
  return out;
}

}  // namespace wright::agent::packages

#include "agent/resources/postponed.hpp"

#include <algorithm>
#include <iterator>
#include <set>

namespace wright::agent {

bool Postponed::has(const std::string& service) const {
  return std::any_of(all_.begin(), all_.end(), [&](const One& one) { return service_of_(one) == service; });
}

Result<> Postponed::undo(const UndoRecord& record, const TakeBack& take_back, Context& context) {
  Diagnostics problems;
  for (auto id = record.ids.rbegin(); id != record.ids.rend(); ++id) {
    const bool edited = std::find(record.edited.begin(), record.edited.end(), *id) != record.edited.end();
    One one{*id, record.undo[id->name], edited};
    if (one.before.is_null()) continue;
    const auto taken = has(service_of_(one)) ? Result<bool>(false) : take_back(one);
    if (!taken) {
      problems.add(taken.error());
    } else if (!*taken) {
      context.postponed = true;
      all_.push_back(std::move(one));
    }
  }
  if (problems.has_errors()) return failure(problems);
  return {};
}

std::vector<Postponed::One> Postponed::take(const UndoRecord& record) {
  std::set<std::string> services;
  for (const auto& id : record.ids)
    if (const Value& before = record.undo[id.name]; !before.is_null())
      services.insert(service_of_({id, before, false}));
  const auto theirs = std::stable_partition(all_.begin(), all_.end(),
                                            [&](const One& one) { return !services.contains(service_of_(one)); });
  std::vector<One> out(std::make_move_iterator(theirs), std::make_move_iterator(all_.end()));
  all_.erase(theirs, all_.end());
  return out;
}

}  // namespace wright::agent

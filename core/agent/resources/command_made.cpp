#include "agent/resources/command_made.hpp"

#include <set>

#include "agent/files/relocate.hpp"
#include "base/sha256.hpp"

namespace wright::agent {
namespace {

std::string aside_of(const ResourceId& id, const Value& prune, const std::string& path, const Context& context) {
  return context.state_folder + "/quarantine/" + prune["transaction"].text_or("") + "/command-" +
         sha256_hex(id.name).substr(0, 12) + path;
}

}  // namespace

std::vector<std::string> made_by_commands(const ResourceId& id, std::span<const UndoRecord> reversals) {
  std::set<std::string> paths;
  for (const auto& reversal : reversals)
    for (const auto& path : reversal.undo[id.name]["makes"].strings()) paths.insert(path);
  return {paths.begin(), paths.end()};
}

Result<> set_made_aside(const ResourceId& id, const Value& prune, Context& context) {
  for (const auto& path : prune["aside"].strings()) {
    const std::string place = aside_of(id, prune, path, context);
    const auto moved = move_aside(path, place);
    if (!moved) return failure(moved.error());
    if (*moved) context.quarantined.push_back(path + " -> " + place);
  }
  return {};
}

Result<> give_back_made(const ResourceId& id, const Value& prune, Context& context) {
  for (const auto& path : prune["aside"].strings())
    if (auto back = move_back(path, aside_of(id, prune, path, context), context); !back) return back;
  return {};
}

}  // namespace wright::agent

#include "agent/packages/taking_out.hpp"

#include "agent/packages/dpkg.hpp"
#include "agent/packages/record.hpp"
#include "agent/packages/service_policy.hpp"

namespace wright::agent::packages {

Result<> take_out(const UndoRecord& undo, Context& context) {
  const auto record = record_from(undo.undo);
  if (!record) return failure(record.error());
  const auto dpkg = Dpkg::lock(context);
  if (!dpkg) return failure(dpkg.error());
  const auto now = Database::read();
  if (!now) return failure(now.error());
  std::vector<std::string> keys;
  for (const auto& [key, version] : record->moves.installed)
    if (now->packages().contains(key)) keys.push_back(key);
  if (auto held = hold_services(record->policy, record->running, context); !held) return held;
  auto purged = keys.empty() ? Result<>() : dpkg->purge(keys);
  auto released = let_services_start(record->policy, context);
  return purged ? released : purged;
}

}  // namespace wright::agent::packages

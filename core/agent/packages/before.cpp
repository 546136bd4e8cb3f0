#include "agent/packages/before.hpp"

#include <ctime>

#include "agent/files/files.hpp"
#include "agent/files/folder_names.hpp"
#include "agent/packages/apt.hpp"
#include "agent/packages/guarding.hpp"
#include "agent/packages/keeping.hpp"
#include "agent/packages/request.hpp"
#include "agent/packages/reversal.hpp"
#include "agent/packages/service_policy.hpp"
#include "agent/packages/simulation.hpp"
#include "agent/packages/surroundings.hpp"

namespace wright::agent::packages {
namespace {

std::vector<std::string> names_like(const std::string& folder, std::string_view head, std::string_view tail) {
  auto out = names_in(folder);
  std::erase_if(out, [&](const std::string& name) { return !name.starts_with(head) || !name.ends_with(tail); });
  return out;
}

/// Downloads all that is needed, once more with fresh lists when a file is no longer where the lists say.
Result<Simulation> fetch(const std::vector<Wanted>& all, const Database& before, Apt& apt) {
  auto simulation = simulate(all, before, apt);
  while (simulation) {
    if (!simulation->later.empty())
      return failure("package:" + simulation->later.front(), "no source of packages on this host has it", {},
                     "see that the source before it has it");
    auto left = all;
    std::erase_if(left, [](const Wanted& w) { return w.absent && w.gone; });
    if (left.empty()) break;
    const auto fetched = apt.download(
        arguments_for(left, {"-y", "--download-only", "-o", "Debug::NoLocking=1"}, simulation->recommended));
    if (!fetched) return failure(fetched.error());
    if (fetched->ok()) break;
    const auto updated = apt.update();
    if (!updated || !*updated)
      return program_failure("apt", "packages could not be downloaded", *fetched,
                             "see that the host reaches what /etc/apt/sources.list names");
    simulation = simulate(all, before, apt);
  }
  return simulation;
}

/// The host as it is, and all that is needed to come back to it.
Result<Value> record_of_now(Record record, const Database& before, Apt& apt, Context& context) {
  if (auto checked = check_data(record.data); !checked) return failure(checked.error());
  timespec now_is{};
  ::clock_gettime(CLOCK_REALTIME, &now_is);
  record.began_ns = std::int64_t{now_is.tv_sec} * 1000000000 + now_is.tv_nsec;
  std::map<std::string, std::string> replaced = record.moves.removed;
  for (const auto& [key, move] : record.moves.upgraded) replaced[key] = move.from;
  auto kept = keep_packages(replaced, before, apt, context);
  if (!kept) return failure(kept.error());
  record.old = std::move(*kept);
  record.transaction = context.transaction;
  const auto policy = policy_before();
  if (!policy) return failure(policy.error());
  record.policy = *policy;
  auto running = running_units(context);
  if (!running) return failure(running.error());
  record.running = std::move(*running);
  record.temporary = temporary_folders();

  const auto status = read_file("/var/lib/dpkg/status", std::size_t{256} << 20U);
  if (!status) return failure(status.error());
  const auto now = take_moment(context);
  if (!now) return failure(now.error());
  for (const auto& [name, bytes] : {std::pair{&record.status, *status}, std::pair{&record.tree, to_bytes(now->tree)},
                                    std::pair{&record.image, now->image.to_bytes()}}) {
    auto blob = put_packed(bytes, context);
    if (!blob) return failure(blob.error());
    *name = std::move(*blob);
  }
  return to_value(record);
}

}  // namespace

std::vector<std::string> temporary_folders() { return names_like("/tmp", "apt-dpkg-install-", ""); }

Result<Value> record_before(std::span<const Item> items, Context& context) {
  const auto before = Database::read();
  if (!before) return failure(before.error());
  const auto all = wanted_of(items);
  Apt apt(context);
  auto simulation = fetch(all, *before, apt);
  if (!simulation) return failure(simulation.error());
  Record record;
  record.moves = simulation->moves;
  record.recommended = simulation->recommended;
  for (const auto& wanted : all) {
    record.names.push_back(wanted.name);
    record.variables.add(wanted.variables);
    if (wanted.absent && wanted.gone)
      if (const auto* package = before->find(wanted.name))
        record.moves.removed[package->name + ":" + package->architecture] = package->version;
  }
  for (const auto& [path, owner] : data_of(record.moves.removed, *before)) record.data.push_back({path, owner, {}});
  return record_of_now(std::move(record), *before, apt, context);
}

Result<Value> record_before_prune(std::span<const Item> items, std::span<const UndoRecord> reversals,
                                  Context& context) {
  const auto before = Database::read();
  if (!before) return failure(before.error());
  auto effect = effect_of_reversal(reversals, *before, context);
  if (!effect) return failure(effect.error());
  Record record;
  record.moves = std::move(effect->moves);
  record.data = std::move(effect->data);
  record.given = std::move(effect->given);
  for (const auto& item : items) record.names.push_back(item.resource->id.name);
  for (const auto& reversal : reversals) {
    const auto made = record_from(reversal.undo);
    if (!made) return failure(made.error());
    record.variables.add(made->variables);
  }
  Apt apt(context);
  return record_of_now(std::move(record), *before, apt, context);
}

}  // namespace wright::agent::packages

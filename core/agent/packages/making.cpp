#include "agent/packages/making.hpp"

#include "agent/failpoint.hpp"
#include "agent/files/files.hpp"
#include "agent/packages/apt.hpp"
#include "agent/packages/dpkg.hpp"
#include "agent/packages/guarding.hpp"
#include "agent/packages/request.hpp"
#include "agent/packages/service_policy.hpp"
#include "agent/packages/surroundings.hpp"

namespace wright::agent::packages {
namespace {

Result<> install(const std::vector<Wanted>& all, const Record& record, Context& context) {
  auto asked = all;
  std::erase_if(asked, [](const Wanted& w) { return w.absent && w.gone; });
  if (!asked.empty()) {
    Apt apt(context);
    const auto finished = apt.change(arguments_for(asked, {}, record.recommended), record.variables.given());
    if (!finished) return failure(finished.error());
    if (!finished->ok())
      return program_failure("apt", finished->timed_out ? "apt-get did not end within an hour" : "apt-get failed",
                             *finished, "read /var/log/apt/term.log on the host");
    if (auto removed = remove_tree(apt.folder() + "/cache"); !removed) return removed;
  }
  // What apt removed is purged here, after its data was moved out of the way of its scripts.
  if (record.moves.removed.empty()) return {};
  auto dpkg = Dpkg::lock(context);
  if (!dpkg) return failure(dpkg.error());
  if (auto aside = set_data_aside(record, context); !aside) return aside;
  const auto now = Database::read();
  if (!now) return failure(now.error());
  std::vector<std::string> gone;
  for (const auto& [key, version] : record.moves.removed)
    if (now->packages().contains(key)) gone.push_back(key);
  return gone.empty() ? Result<>() : dpkg->purge(gone);
}

/// Packages that only others recommended are theirs, not the site's.
Result<> mark_recommended(const Record& record, Context& context) {
  if (record.recommended.empty()) return {};
  Command marking;
  marking.argv = {"/usr/bin/apt-mark", "-o", "Dir::Cache=" + context.state_folder + "/apt/cache", "auto"};
  marking.argv.insert(marking.argv.end(), record.recommended.begin(), record.recommended.end());
  marking.finish_when_cancelled = true;
  const auto finished = run(marking, context);
  if (!finished) return failure(finished.error());
  if (!finished->ok()) return program_failure("apt", "recommended packages could not be marked", *finished, {});
  return {};
}

}  // namespace

Result<Value> make_change(std::span<const Item> items, const Value& undo, Context& context) {
  const auto record = record_from(undo);
  if (!record) return failure(record.error());
  if (auto held = hold_services(record->policy, record->running, context); !held) return failure(held.error());
  auto made = install(wanted_of(items), *record, context);
  if (made) made = mark_recommended(*record, context);
  if (made) made = fail_point("packages_installed");
  const auto released = let_services_start(record->policy, context);
  if (!made) return failure(made.error());
  if (!released) return failure(released.error());

  return what_is_left(context);
}

Result<Value> what_is_left(Context& context) {
  Left left;
  const auto now = take_moment(context);
  if (!now) return failure(now.error());
  auto tree_blob = put_packed(to_bytes(now->tree), context);
  auto image_blob = put_packed(now->image.to_bytes(), context);
  if (!tree_blob) return failure(tree_blob.error());
  if (!image_blob) return failure(image_blob.error());
  auto running = running_units(context);
  if (!running) return failure(running.error());
  left.running = std::move(*running);
  left.tree = std::move(*tree_blob);
  left.image = std::move(*image_blob);
  return to_value(left);
}

}  // namespace wright::agent::packages

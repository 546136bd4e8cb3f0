#include "agent/packages/before.hpp"

#include "agent/files/files.hpp"
#include "agent/files/folder_names.hpp"
#include "agent/packages/apt.hpp"
#include "agent/packages/guarding.hpp"
#include "agent/packages/repacking.hpp"
#include "agent/packages/request.hpp"
#include "agent/packages/service_policy.hpp"
#include "agent/packages/simulation.hpp"

namespace wright::agent::packages {
namespace {

constexpr std::size_t largest_package = std::size_t{1} << 30U;

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

/// The package file of what is on the host now, as a blob; made anew when no source has it any more.
Result<std::string> keep_old(const std::string& key, const std::string& version, const Database& before, Apt& apt,
                             Context& context) {
  const std::string folder = apt.folder() + "/debs";
  if (auto removed = remove_tree(folder); !removed) return failure(removed.error());
  const auto fetched = apt.download({"download", before.shown(key) + "=" + version});
  if (!fetched) return failure(fetched.error());
  const auto files = names_like(folder, key.substr(0, key.find(':')) + "_", ".deb");
  std::string path = files.empty() ? std::string() : folder + "/" + files.front();
  if (!fetched->ok() || files.size() != 1) {
    const auto package = before.packages().find(key);
    // Of what only configuration is left there is nothing to make a package of.
    if (package == before.packages().end() || !package->second.present()) return std::string();
    auto made = repack(package->second, folder, context);
    if (!made) return failure(made.error());
    path = std::move(*made);
  }
  const auto bytes = read_file(path, largest_package);
  if (!bytes) return failure(bytes.error());
  auto blob = context.blobs.put(*bytes);
  if (auto removed = remove_tree(folder); !removed) return failure(removed.error());
  return blob;
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
    if (wanted.absent && wanted.gone)
      if (const auto* package = before->find(wanted.name))
        record.moves.removed[package->name + ":" + package->architecture] = package->version;
  }
  std::map<std::string, std::string> replaced = record.moves.removed;
  for (const auto& [key, move] : record.moves.upgraded) replaced[key] = move.from;
  for (const auto& [key, version] : replaced) {
    auto blob = keep_old(key, version, *before, apt, context);
    if (!blob) return failure(blob.error());
    record.old[key] = {version, std::move(*blob)};
  }
  record.data = data_of(record.moves.removed, *before);
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
  const auto tree = walk(system_limits(context.state_folder));
  if (!tree) return failure(tree.error());
  const auto image = Image::take(*tree);
  if (!image) return failure(image.error());
  for (const auto& [name, bytes] : {std::pair{&record.status, *status}, std::pair{&record.tree, to_bytes(*tree)},
                                    std::pair{&record.image, image->to_bytes()}}) {
    auto blob = put_packed(bytes, context);
    if (!blob) return failure(blob.error());
    *name = std::move(*blob);
  }
  return to_value(record);
}

}  // namespace wright::agent::packages

#pragma once

#include <functional>
#include <span>
#include <string_view>

#include "agent/resources/kind.hpp"

namespace wright::agent {

/// What planning and changing work with. The agent puts find_kind, run_probe, validate_together and sync_disks
/// here, tests their own.
struct Means {
  std::function<Kind*(std::string_view)> kind;
  std::function<Result<>(const Probe&, Context&)> probe;
  std::function<Result<>(std::span<const Item>, Context&)> validate;
  /// A problem at "service:NAME" for each of these units that does not run and is not about to.
  std::function<Result<std::vector<Diagnostic>>(const std::vector<std::string>&, const Context&)> stopped;
  /// Makes what programs wrote without syncing it outlast a power cut, before a transaction is said to have ended.
  std::function<Result<>()> sync;
};

/// Kinds whose changes cost so little that many of them share a journal entry's fsync.
inline bool is_cheap(std::string_view kind) { return kind == "file" || kind == "directory" || kind == "symlink"; }

/// Kinds that let programs write, who need not sync: their undo counts as done only when that is on disk.
inline bool writes_unsynced(std::string_view kind) { return kind == "command" || kind == "package"; }

}  // namespace wright::agent

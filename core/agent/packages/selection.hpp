#pragma once

#include <set>
#include <string>
#include <vector>

#include "agent/packages/record.hpp"
#include "agent/resources/kind.hpp"

namespace wright::agent::packages {

/// What an undo does to packages, by "name:architecture".
struct Selection {
  std::vector<std::string> out;      ///< purged
  std::vector<std::string> back;     ///< the version of before is installed again
  std::vector<std::string> bare;     ///< of those, the ones of which only the configuration was there
  std::vector<std::string> staying;  ///< lines for people: what stays, and why
  bool whole = true;                 ///< nothing of the change is left to undo later
};

/// `ids` are those to undo now. What their packages share with those that stay is left for later, and so is what a
/// package needs that somebody installed since.
Selection select(const Record& record, const std::vector<ResourceId>& ids, const Database& before, const Database& now);

}  // namespace wright::agent::packages

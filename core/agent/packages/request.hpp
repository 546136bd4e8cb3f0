#pragma once

#include <span>
#include <string>
#include <vector>

#include "agent/packages/variables.hpp"
#include "agent/resources/kind.hpp"

namespace wright::agent::packages {

/// What the site wants of one package.
struct Wanted {
  std::string name;
  std::string version;  ///< empty: any
  bool absent = false;
  bool recommends = false;
  bool source_first = false;  ///< waits for a file of apt's, so its package may be unknown until that one is there
  bool gone = false;          ///< not installed; only its configuration is to be purged
  Variables variables{};      ///< of the scripts
};

Wanted wanted_of(const Resource& resource);
std::vector<Wanted> wanted_of(std::span<const Item> items);
/// Names, versions and variables that could be anything but that, each a problem.
Result<> check(const std::vector<Wanted>& all);

/// The arguments of `apt-get` that bring it about; `options` come first. `recommended`: packages that those with
/// recommends need besides, when others are without.
std::vector<std::string> arguments_for(const std::vector<Wanted>& all, std::vector<std::string> options,
                                       const std::vector<std::string>& recommended);
/// True when some want recommended packages and others not, so that one option cannot say it.
bool is_mixed(const std::vector<Wanted>& all);

}  // namespace wright::agent::packages

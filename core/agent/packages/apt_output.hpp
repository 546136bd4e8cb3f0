#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "agent/packages/dpkg_database.hpp"

namespace wright::agent::packages {

/// A package that goes from one version to another.
struct Move {
  std::string from;
  std::string to;
  friend bool operator==(const Move&, const Move&) = default;
};

/// Everything that an apt transaction does, by "name:architecture".
struct Moves {
  std::map<std::string, std::string> installed;  ///< to its version
  std::map<std::string, Move> upgraded;          ///< or downgraded
  std::map<std::string, std::string> removed;    ///< to the version that was there
  friend bool operator==(const Moves&, const Moves&) = default;
};

/// Reads the Inst, Remv and Purg lines of `apt-get --simulate`. Lines that are none of these are left out.
Moves moves_in(std::string_view output, const Database& before);

/// What apt says it cannot find.
struct Missing {
  std::vector<std::string> packages;            ///< no such package
  std::vector<std::string> candidates;          ///< known, but there is none to install: virtual, or only referred to
  std::map<std::string, std::string> versions;  ///< package to the version that there is none of
  [[nodiscard]] bool any() const { return !packages.empty() || !candidates.empty() || !versions.empty(); }
};
Missing missing_in(std::string_view errors);

/// The packages that `apt-get download` says no source has in the version asked for, as apt and dpkg take their names.
std::vector<std::string> without_source_in(std::string_view errors);

/// The SHA-256 of each package file in the output of `apt-cache show`.
std::set<std::string> digests_in(std::string_view show);

/// The versions in the output of `apt-cache madison`, newest first, each once.
std::vector<std::string> versions_in(std::string_view madison);
/// What `apt-cache policy` says it would install of each package; those without are not there.
std::map<std::string, std::string> candidates_in(std::string_view policy);
/// The names of those that provide `package`, from what apt-get writes of a virtual one.
std::vector<std::string> providers_in(std::string_view output, std::string_view package);

}  // namespace wright::agent::packages

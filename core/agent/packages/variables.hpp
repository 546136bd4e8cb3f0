#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "model/value.hpp"

namespace wright::agent::packages {

/// What the scripts of packages find in their environment besides what apt and dpkg give them. The journal has it, as
/// a rollback that installs a package again runs its scripts again; so there is nothing secret in it.
struct Variables {
  std::map<std::string, std::string> fixed;
  std::vector<std::string> random;  ///< names of those that get another text each time

  void add(const Variables& other);
  /// All of them, with their values for one run.
  [[nodiscard]] std::map<std::string, std::string> given() const;
};

Value to_value(const Variables& variables);
Variables variables_from(const Value& value);

/// A problem for each variable of `wanted` that scripts must not be given, or that `others` have in another way.
/// `where` is the package's resource.
void check(const Variables& wanted, const Variables& others, const std::string& where, Diagnostics& problems);

}  // namespace wright::agent::packages

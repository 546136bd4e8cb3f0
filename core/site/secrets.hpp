#pragma once

#include <map>
#include <string>

#include "site/site.hpp"

namespace wright {

/// The secrets of the file that `[site] secrets` names: TOML, one `name = "value"` a secret. Empty when the site names
/// no file. Refused unless it is a regular file of the caller or root that no group and no other can read or write. A
/// name that the site uses and the file does not have is an error at the place that uses it. No message holds a value.
Result<std::map<std::string, Secret>> load_secrets(const Site& site);

/// One error for each ${secret.NAME} of the site that `known` does not have, at its place; `next` says what to do.
Diagnostics missing_secrets(const Site& site, const std::map<std::string, Secret>& known, const std::string& next);

}  // namespace wright

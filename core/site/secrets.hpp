#pragma once

#include <map>
#include <string>

#include "site/site.hpp"

namespace wright {

/// The secrets of the file that `[site] secrets` names, decrypted when it is encrypted (read_secrets_file). Empty, and
/// no file is looked at, when the site names no file or refers to no secret. A name that the site uses and the file
/// does not have is an error at the place that uses it. No message holds a value.
Result<std::map<std::string, Secret>> load_secrets(const Site& site);

/// load_secrets(), and an error for each secret of a site that names no file for them.
Result<std::map<std::string, Secret>> needed_secrets(const Site& site);
/// Whether the file that the site names is there and encrypted.
bool secrets_are_encrypted(const Site& site);

/// One error for each ${secret.NAME} of the site that `known` does not have, at its place; `next` says what to do.
Diagnostics missing_secrets(const Site& site, const std::map<std::string, Secret>& known, const std::string& next);

}  // namespace wright

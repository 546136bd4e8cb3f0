#pragma once

#include <string>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace wright {

/// The site's own key (32 random bytes as hex), which keys the digests that leave a host. It lies in
/// FOLDER/.wright/site.key, mode 0600, and is made when it is not there; two runs that make it at once get the same
/// one. A link, a file of somebody else, or one that others can read is an error.
Result<Secret> site_key(const std::string& folder);

}  // namespace wright

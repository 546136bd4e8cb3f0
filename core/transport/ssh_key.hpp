#pragma once

#include <string>
#include <vector>

#include "transport/ssh_session.hpp"

struct ssh_key_struct;

namespace wright {

/// The public half of a key.
Result<PublicKey> to_public_key(ssh_key_struct* key);

/// Names of host key algorithms for the library: those of the preferred key types first, then the other good ones, so
/// that a server with several keys shows the one that is pinned, and a server without it shows another.
std::string host_key_algorithms(const std::vector<std::string>& preferred_types);

}  // namespace wright

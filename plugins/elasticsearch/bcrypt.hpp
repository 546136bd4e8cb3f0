#pragma once

#include <string>
#include <wright/plugin.hpp>

namespace elasticsearch {

/// Of a longer password, bcrypt takes no notice.
inline constexpr std::size_t longest_bcrypt_password = 72;

/// True for what `wright secrets` makes: 40 or more letters of both cases and digits. Nobody finds one by trying, so
/// its hash need not be slow.
bool is_beyond_trying(const wright::Secret& password);

/// The password's bcrypt hash, "$2y$10$" and 53 more characters, by libcrypt. `salt` is any text: the same one and the
/// same password give the same hash. Takes up to 0.1 s, which is its purpose, or 1 ms of one that is beyond trying
/// ("$2y$04$"). Throws std::runtime_error when libcrypt cannot do it.
std::string bcrypt(const std::string& salt, const wright::Secret& password);

}  // namespace elasticsearch

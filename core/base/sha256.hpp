#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace wright {

/// SHA-256 of the bytes, 64 lower-case hex digits.
std::string sha256_hex(std::string_view bytes);
/// SHA-256 of a regular file's content, read in pieces; an error names the path.
Result<std::string> sha256_of_file(const std::string& path);
/// HMAC-SHA-256, 64 lower-case hex digits. For digests of secrets that leave a host.
std::string hmac_sha256_hex(std::string_view key, std::string_view bytes);
/// `count` random bytes from the kernel's generator, as 2 * count hex digits.
std::string random_hex(std::size_t count);

}  // namespace wright

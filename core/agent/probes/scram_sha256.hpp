#pragma once

#include <string>
#include <string_view>

namespace wright::agent {

/// What SCRAM-SHA-256 is made of (RFC 5802 section 2.2, RFC 7677): each is 32 raw bytes.
constexpr std::size_t scram_digest_size = 32;
/// Beyond that a server could keep its client busy for minutes.
constexpr int scram_most_iterations = 1000000;

/// HMAC(key, text).
std::string scram_hmac(std::string_view key, std::string_view text);
/// H(text).
std::string scram_digest(std::string_view text);
/// Hi(password, salt, iterations): SaltedPassword.
std::string scram_salted(std::string_view password, std::string_view salt, int iterations);

}  // namespace wright::agent

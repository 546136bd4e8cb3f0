#include "agent/resources/scram.hpp"

#include <openssl/crypto.h>

#include <charconv>

#include "agent/probes/base64.hpp"
#include "agent/probes/scram_sha256.hpp"

namespace wright::agent {
namespace {

constexpr std::string_view scheme = "SCRAM-SHA-256$";

}  // namespace

std::string scram_verifier(std::string_view password, std::string_view salt, int iterations) {
  const std::string salted = scram_salted(password, salt, iterations);
  return std::string(scheme) + std::to_string(iterations) + ":" + to_base64(salt) + "$" +
         to_base64(scram_digest(scram_hmac(salted, "Client Key"))) + ":" + to_base64(scram_hmac(salted, "Server Key"));
}

bool is_scram_verifier_of(std::string_view verifier, std::string_view password) {
  if (!verifier.starts_with(scheme)) return false;
  const auto parameters = verifier.substr(scheme.size());
  int iterations = 0;
  const auto* end = parameters.data() + parameters.size();
  const auto [after, error] = std::from_chars(parameters.data(), end, iterations);
  if (error != std::errc() || after == end || *after != ':' || iterations < 1 || iterations > scram_most_iterations)
    return false;
  const auto rest = parameters.substr(static_cast<std::size_t>(after - parameters.data()) + 1);
  const std::string salt = from_base64(rest.substr(0, rest.find('$')));
  if (salt.empty()) return false;
  const std::string wanted = scram_verifier(password, salt, iterations);
  return wanted.size() == verifier.size() && CRYPTO_memcmp(wanted.data(), verifier.data(), wanted.size()) == 0;
}

}  // namespace wright::agent

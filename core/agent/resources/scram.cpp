#include "agent/resources/scram.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <charconv>

#include "agent/probes/base64.hpp"

namespace wright::agent {
namespace {

constexpr std::size_t digest_size = 32;
constexpr int most_iterations = 1000000;
constexpr std::string_view scheme = "SCRAM-SHA-256$";

const unsigned char* bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

std::string hmac(std::string_view key, std::string_view text) {
  std::string out(digest_size, '\0');
  unsigned size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes(text), text.size(),
       reinterpret_cast<unsigned char*>(out.data()), &size);
  return out;
}

std::string sha256(std::string_view text) {
  std::string out(digest_size, '\0');
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), reinterpret_cast<unsigned char*>(out.data()), &size, EVP_sha256(), nullptr);
  return out;
}

}  // namespace

std::string scram_verifier(std::string_view password, std::string_view salt, int iterations) {
  std::string salted(digest_size, '\0');
  PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()), bytes(salt), static_cast<int>(salt.size()),
                    iterations, EVP_sha256(), static_cast<int>(salted.size()),
                    reinterpret_cast<unsigned char*>(salted.data()));
  return std::string(scheme) + std::to_string(iterations) + ":" + to_base64(salt) + "$" +
         to_base64(sha256(hmac(salted, "Client Key"))) + ":" + to_base64(hmac(salted, "Server Key"));
}

bool is_scram_verifier_of(std::string_view verifier, std::string_view password) {
  if (!verifier.starts_with(scheme)) return false;
  const auto parameters = verifier.substr(scheme.size());
  int iterations = 0;
  const auto* end = parameters.data() + parameters.size();
  const auto [after, error] = std::from_chars(parameters.data(), end, iterations);
  if (error != std::errc() || after == end || *after != ':' || iterations < 1 || iterations > most_iterations)
    return false;
  const auto rest = parameters.substr(static_cast<std::size_t>(after - parameters.data()) + 1);
  const std::string salt = from_base64(rest.substr(0, rest.find('$')));
  if (salt.empty()) return false;
  const std::string wanted = scram_verifier(password, salt, iterations);
  return wanted.size() == verifier.size() && CRYPTO_memcmp(wanted.data(), verifier.data(), wanted.size()) == 0;
}

}  // namespace wright::agent

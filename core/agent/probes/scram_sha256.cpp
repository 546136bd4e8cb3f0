#include "agent/probes/scram_sha256.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace wright::agent {
namespace {

const unsigned char* bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

}  // namespace

std::string scram_hmac(std::string_view key, std::string_view text) {
  std::string out(scram_digest_size, '\0');
  unsigned size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes(text), text.size(), bytes(out), &size);
  return out;
}

std::string scram_digest(std::string_view text) {
  std::string out(scram_digest_size, '\0');
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), bytes(out), &size, EVP_sha256(), nullptr);
  return out;
}

std::string scram_salted(std::string_view password, std::string_view salt, int iterations) {
  std::string out(scram_digest_size, '\0');
  PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()), bytes(salt), static_cast<int>(salt.size()),
                    iterations, EVP_sha256(), static_cast<int>(out.size()), bytes(out));
  return out;
}

}  // namespace wright::agent

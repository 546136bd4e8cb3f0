#include "bcrypt.hpp"

#include <crypt.h>

#include <memory>
#include <wright/digest.hpp>

namespace elasticsearch {
namespace {

constexpr int salt_bytes = 16;

/// 2 to the power of it rounds: 65 ms for 10, at each run, and 1 ms for 4. Slowness keeps others from trying out
/// passwords that people think of; those of `wright secrets`, with 50 characters, nobody finds by trying.
unsigned long cost_for(const wright::Secret& password) {
  constexpr std::size_t beyond_trying = 32;
  return password.reveal().size() >= beyond_trying ? 4 : 10;
}

}  // namespace

std::string bcrypt(const std::string& salt, const wright::Secret& password) {
  const std::string bytes = wright::sha256(salt);
  const auto data = std::make_unique<crypt_data>();
  std::string setting(CRYPT_GENSALT_OUTPUT_SIZE, '\0');
  if (::crypt_gensalt_rn("$2y$", cost_for(password), bytes.data(), salt_bytes, setting.data(),
                         CRYPT_GENSALT_OUTPUT_SIZE) == nullptr)
    return {};
  const char* hash =
      ::crypt_rn(password.reveal().c_str(), setting.c_str(), data.get(), static_cast<int>(sizeof(crypt_data)));
  return hash == nullptr ? std::string() : std::string(hash);
}

}  // namespace elasticsearch

#include "bcrypt.hpp"

#include <crypt.h>

#include <algorithm>
#include <cctype>
#include <memory>
#include <stdexcept>
#include <wright/digest.hpp>

namespace elasticsearch {
namespace {

constexpr int salt_bytes = 16;

constexpr unsigned long slow_cost = 10;  ///< 2 to the power of it rounds: 65 ms
constexpr unsigned long quick_cost = 4;  ///< 1 ms

}  // namespace

bool is_beyond_trying(const wright::Secret& password) {
  const std::string& text = password.reveal();
  const auto has = [&](int (*is)(int)) {
    return std::any_of(text.begin(), text.end(), [&](unsigned char c) { return is(c) != 0; });
  };
  return text.size() >= 40 && has(std::isdigit) && has(std::islower) && has(std::isupper) &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isalnum(c) != 0; });
}

std::string bcrypt(const std::string& salt, const wright::Secret& password) {
  const std::string bytes = wright::sha256(salt);
  const auto data = std::make_unique<crypt_data>();
  std::string setting(CRYPT_GENSALT_OUTPUT_SIZE, '\0');
  if (::crypt_gensalt_rn("$2y$", is_beyond_trying(password) ? quick_cost : slow_cost, bytes.data(), salt_bytes,
                         setting.data(), CRYPT_GENSALT_OUTPUT_SIZE) == nullptr)
    throw std::runtime_error("libcrypt knows no bcrypt");
  const char* hash =
      ::crypt_rn(password.reveal().c_str(), setting.c_str(), data.get(), static_cast<int>(sizeof(crypt_data)));
  if (hash == nullptr) throw std::runtime_error("libcrypt made no hash");
  return hash;
}

}  // namespace elasticsearch

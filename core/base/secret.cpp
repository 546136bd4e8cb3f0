#include "base/secret.hpp"

#include <openssl/crypto.h>

namespace wright {

Secret& Secret::operator=(const Secret& other) {
  if (this != &other) {
    OPENSSL_cleanse(text_.data(), text_.size());
    text_ = other.text_;
  }
  return *this;
}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    OPENSSL_cleanse(text_.data(), text_.size());
    text_ = std::move(other.text_);
  }
  return *this;
}

Secret::~Secret() { OPENSSL_cleanse(text_.data(), text_.size()); }

bool operator==(const Secret& a, const Secret& b) {
  return a.text_.size() == b.text_.size() && CRYPTO_memcmp(a.text_.data(), b.text_.data(), a.text_.size()) == 0;
}

}  // namespace wright

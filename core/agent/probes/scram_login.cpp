#include "agent/probes/scram_login.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <charconv>

#include "agent/probes/base64.hpp"

namespace wright::agent {
namespace {

constexpr std::size_t digest_size = 32;
constexpr int fewest_iterations = 4096;
constexpr int most_iterations = 1000000;

const unsigned char* bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

std::string hmac(std::string_view key, std::string_view text) {
  std::string out(digest_size, '\0');
  unsigned size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes(text), text.size(),
       reinterpret_cast<unsigned char*>(out.data()), &size);
  return out;
}

std::string digest(std::string_view text) {
  std::string out(digest_size, '\0');
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), reinterpret_cast<unsigned char*>(out.data()), &size, EVP_sha256(), nullptr);
  return out;
}

std::string salted(const std::string& password, std::string_view salt, int iterations) {
  std::string out(digest_size, '\0');
  PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()), bytes(salt), static_cast<int>(salt.size()),
                    iterations, EVP_sha256(), static_cast<int>(out.size()),
                    reinterpret_cast<unsigned char*>(out.data()));
  return out;
}

/// The value of "r=...,s=...,i=..." by its letter.
std::string_view part(std::string_view message, char letter) {
  while (!message.empty()) {
    const auto one = message.substr(0, message.find(','));
    if (one.size() > 2 && one[0] == letter && one[1] == '=') return one.substr(2);
    message.remove_prefix(std::min(message.size(), one.size() + 1));
  }
  return {};
}

std::string escaped(std::string_view user) {
  std::string out;
  for (const char c : user) out += c == ',' ? std::string("=2C") : c == '=' ? std::string("=3D") : std::string(1, c);
  return out;
}

}  // namespace

ScramLogin::ScramLogin(std::string_view user, Secret password, std::string_view nonce)
    : bare_("n=" + escaped(user) + ",r=" + std::string(nonce)), nonce_(nonce), password_(std::move(password)) {}

std::string ScramLogin::first() const { return "n,," + bare_; }

std::optional<std::string> ScramLogin::answer(const std::string& server_first) {
  const auto nonce = part(server_first, 'r');
  const std::string salt = from_base64(part(server_first, 's'));
  const auto count = part(server_first, 'i');
  int iterations = 0;
  const auto* const end = count.data() + count.size();
  const auto [after, error] = std::from_chars(count.data(), end, iterations);
  const bool counted = error == std::errc() && after == end;
  // Without a part of the server's own, an old answer could be played again.
  if (!counted || iterations < fewest_iterations || iterations > most_iterations || salt.empty() ||
      nonce.size() <= nonce_.size() || !nonce.starts_with(nonce_))
    return std::nullopt;
  const std::string last = "c=biws,r=" + std::string(nonce);
  const std::string message = bare_ + "," + server_first + "," + last;
  const std::string key = salted(password_.reveal(), salt, iterations);
  std::string proof = hmac(key, "Client Key");
  const std::string signature = hmac(digest(proof), message);
  for (std::size_t i = 0; i < proof.size(); ++i) proof[i] = static_cast<char>(proof[i] ^ signature[i]);
  server_signature_ = hmac(hmac(key, "Server Key"), message);
  return last + ",p=" + to_base64(proof);
}

bool ScramLogin::is_proof(std::string_view server_final) const {
  const std::string given = from_base64(part(server_final, 'v'));
  return given.size() == digest_size && server_signature_.size() == digest_size &&
         CRYPTO_memcmp(given.data(), server_signature_.data(), digest_size) == 0;
}

}  // namespace wright::agent

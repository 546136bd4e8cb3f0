#include "agent/probes/scram_login.hpp"

#include <openssl/crypto.h>

#include <charconv>

#include "agent/probes/base64.hpp"
#include "agent/probes/scram_sha256.hpp"

namespace wright::agent {
namespace {

constexpr int fewest_iterations = 4096;

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
  if (!counted || iterations < fewest_iterations || iterations > scram_most_iterations || salt.empty() ||
      nonce.size() <= nonce_.size() || !nonce.starts_with(nonce_))
    return std::nullopt;
  const std::string last = "c=biws,r=" + std::string(nonce);
  const std::string message = bare_ + "," + server_first + "," + last;
  const std::string key = scram_salted(password_.reveal(), salt, iterations);
  std::string proof = scram_hmac(key, "Client Key");
  const std::string signature = scram_hmac(scram_digest(proof), message);
  for (std::size_t i = 0; i < proof.size(); ++i) proof[i] = static_cast<char>(proof[i] ^ signature[i]);
  server_signature_ = scram_hmac(scram_hmac(key, "Server Key"), message);
  return last + ",p=" + to_base64(proof);
}

bool ScramLogin::is_proof(std::string_view server_final) const {
  const std::string given = from_base64(part(server_final, 'v'));
  return given.size() == scram_digest_size && server_signature_.size() == scram_digest_size &&
         CRYPTO_memcmp(given.data(), server_signature_.data(), scram_digest_size) == 0;
}

}  // namespace wright::agent

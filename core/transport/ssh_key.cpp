#include "transport/ssh_key.hpp"

#include <libssh/libssh.h>

#include <algorithm>
#include <array>
#include <utility>

namespace wright {
namespace {

// A key of type ssh-rsa signs with SHA-2 only.
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> algorithms_of{{
    {"ssh-ed25519", "ssh-ed25519"},
    {"ecdsa-sha2-nistp256", "ecdsa-sha2-nistp256"},
    {"ecdsa-sha2-nistp384", "ecdsa-sha2-nistp384"},
    {"ecdsa-sha2-nistp521", "ecdsa-sha2-nistp521"},
    {"ssh-rsa", "rsa-sha2-512,rsa-sha2-256"},
}};

}  // namespace

Result<PublicKey> to_public_key(ssh_key key) {
  PublicKey out;
  char* text = nullptr;
  if (ssh_pki_export_pubkey_base64(key, &text) != SSH_OK) return failure("host key", "cannot be read");
  out.blob = text;
  ssh_string_free_char(text);

  out.type = ssh_key_type_to_char(ssh_key_type(key));

  unsigned char* hash = nullptr;
  std::size_t size = 0;
  if (ssh_get_publickey_hash(key, SSH_PUBLICKEY_HASH_SHA256, &hash, &size) != 0)
    return failure("host key", "has no fingerprint");
  text = ssh_get_fingerprint_hash(SSH_PUBLICKEY_HASH_SHA256, hash, size);
  if (text != nullptr) out.fingerprint = text;
  ssh_string_free_char(text);
  ssh_clean_pubkey_hash(&hash);
  return out;
}

std::string host_key_algorithms(const std::vector<std::string>& preferred_types) {
  std::string first;
  std::string others;
  for (const auto& [type, names] : algorithms_of) {
    const bool wanted = std::find(preferred_types.begin(), preferred_types.end(), type) != preferred_types.end();
    (wanted ? first : others).append(names).append(",");
  }
  first += others;
  first.pop_back();
  return first;
}

}  // namespace wright

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/secret.hpp"

namespace wright::agent {

/// The client's side of SCRAM-SHA-256 (RFC 5802, RFC 7677) without channel binding. The password is taken as it is:
/// only for ASCII that is what SASLprep makes of it.
class ScramLogin {
 public:
  /// `nonce`: printable, without a comma, never used before.
  ScramLogin(std::string_view user, Secret password, std::string_view nonce);
  [[nodiscard]] std::string first() const;
  /// What answers the server's first message; nothing when that is none, or would keep the host busy.
  std::optional<std::string> answer(const std::string& server_first);
  /// Whether the server's last message proves that it knows the password too. After answer().
  [[nodiscard]] bool is_proof(std::string_view server_final) const;

 private:
  std::string bare_;
  std::string nonce_;
  Secret password_;
  std::string server_signature_;
};

}  // namespace wright::agent

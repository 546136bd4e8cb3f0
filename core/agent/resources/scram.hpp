#pragma once

#include <string>
#include <string_view>

namespace wright::agent {

/// What PostgreSQL keeps of a password, "SCRAM-SHA-256$4096:SALT$STORED:SERVER" (RFC 5803, RFC 7677), with that salt.
/// The password is taken as it is: only for ASCII that is what SASLprep makes of it.
std::string scram_verifier(std::string_view password, std::string_view salt, int iterations = 4096);

/// True when the verifier is one of that password. False for other kinds of verifiers, and for one whose iterations
/// would keep the host busy (above 1,000,000).
bool is_scram_verifier_of(std::string_view verifier, std::string_view password);

}  // namespace wright::agent

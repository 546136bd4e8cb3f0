#pragma once

#include <string>
#include <vector>

#include "transport/ssh_session.hpp"

namespace wright {

/// What a file of pins says about one host.
struct Pins {
  std::vector<PublicKey> keys;
  std::vector<PublicKey> revoked;
  [[nodiscard]] std::vector<std::string> types() const;  ///< of the keys
};

/// The name of a host in a file of pins: its address in lower case; "[address]:port" unless the port is 22.
std::string pin_name(const Target& target);

/// Reads OpenSSH's format: patterns, hashed names and @revoked; lines of certificate authorities are not for us. No
/// file is no pins; one that cannot be read is an error.
Result<Pins> read_pins(const Target& target);

/// The text with the host's lines gone and `line` at its end. Lines of other hosts stay as they are to the byte; a line
/// of several hosts loses this one only; a pattern that happens to fit stays.
std::string with_pin(const std::string& text, const std::string& name, const std::string& line);

/// Whether the server's key is a pinned one; an error with Fault::trust otherwise.
Result<> check_host_key(const Target& target, const Pins& pins, const PublicKey& shown);

}  // namespace wright

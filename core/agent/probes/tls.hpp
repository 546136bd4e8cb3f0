#pragma once

#include <memory>
#include <string>

#include "agent/probes/stream.hpp"

namespace wright::agent {

/// What a peer's certificate and protocol must be.
struct TlsWish {
  std::string server_name;      ///< sent as SNI when it is no address; may be empty
  bool trusted = true;          ///< a chain to `ca`, or the host's store, is needed; else a self-signed one will do
  bool name_must_match = true;  ///< the certificate must carry server_name, when that is not empty
  bool in_time = true;          ///< it must be valid now and for min_days more
  std::int64_t min_days = 0;
  bool only_1_3 = false;  ///< else 1.2 will do as well
  std::string ca = {};    ///< path of the PEM certificates that it must come from; the host's store when empty
};

/// Shakes hands over `stream` and checks what came against the wish. Trouble::Kind::closed when the peer ended the
/// connection or sent an alert instead.
Talk<std::unique_ptr<Stream>> start_tls(std::unique_ptr<Stream> stream, const TlsWish& wish, const Patience& patience);

}  // namespace wright::agent

#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "agent/probes/patience.hpp"
#include "base/result.hpp"

namespace wright::agent {

/// Why a peer could not be talked to.
struct Trouble {
  enum class Kind {
    refused,    ///< nobody is there, or it did not accept
    closed,     ///< the peer ended the connection
    late,       ///< the deadline passed
    cancelled,  ///< the run is to stop
    unfit,      ///< what was asked for can never work, such as an address that is none
    wrong,      ///< the peer talked, but not as it should
    denied,     ///< the peer does not let the user in with that password
    unready,    ///< the peer cannot do it now, such as a replica set that is choosing who takes writes
  } kind = Kind::wrong;
  std::string text;
};
template <class T = void>
using Talk = tl::expected<T, Trouble>;
inline tl::unexpected<Trouble> trouble(Trouble::Kind kind, std::string text) {
  return tl::unexpected(Trouble{kind, std::move(text)});
}

/// Bytes both ways. Every call ends by the patience's deadline.
class Stream {
 public:
  virtual ~Stream() = default;
  /// Number of bytes that came; 0 when the peer ended its side in an orderly way.
  virtual Talk<std::size_t> read(std::span<char> into, const Patience& patience) = 0;
  virtual Talk<> write(std::string_view bytes, const Patience& patience) = 0;
};

/// Connects to a numeric address and port, or to "unix:/path". "localhost" is 127.0.0.1; no name is looked up.
Talk<std::unique_ptr<Stream>> connect_to(const std::string& host, std::int64_t port, const Patience& patience);

/// The diagnostic of a trouble; bad_plugin when asking again cannot help, interrupted when the run was cancelled.
tl::unexpected<Diagnostics> as_failure(const Trouble& one);

}  // namespace wright::agent

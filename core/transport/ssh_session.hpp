#pragma once

#include <memory>
#include <string>
#include <vector>

#include "transport/connection.hpp"
#include "transport/deadline.hpp"
#include "transport/descriptor.hpp"

struct ssh_session_struct;

namespace wright {

/// A host key as it stands in a file of pins.
struct PublicKey {
  std::string type;         ///< "ssh-ed25519"
  std::string blob;         ///< base64
  std::string fingerprint;  ///< "SHA256:..."
};

/// An SSH session after the key exchange. Not safe for threads. Reads no configuration files, runs no other programs.
class SshSession {
 public:
  /// Connects and exchanges keys within the target's connect_timeout. The server is asked for a host key of one of
  /// `preferred` types first. The key is proven to be the server's, but nobody has said yet that it may be trusted.
  static Result<std::shared_ptr<SshSession>> open(const Target& target, const std::vector<std::string>& preferred);
  SshSession(const SshSession&) = delete;
  SshSession& operator=(const SshSession&) = delete;
  ~SshSession();

  [[nodiscard]] ssh_session_struct* get() const { return session_; }
  [[nodiscard]] const std::string& where() const { return where_; }
  [[nodiscard]] Result<PublicKey> host_key() const;

  /// Calls `step` until it returns something else than `again` or the deadline passed, and waits for the peer in
  /// between.
  template <class Step>
  auto drive(Step step, decltype(step()) again, Deadline deadline) {
    for (;;) {
      const auto result = step();
      if (result != again || passed(deadline)) return result;
      wait(deadline);
    }
  }
  void wait(Deadline deadline);
  void watch(std::vector<pollfd>& descriptors) const;
  /// What libssh says went wrong last; text of the peer in it is made safe.
  [[nodiscard]] std::string error() const;

 private:
  SshSession(std::string where, Descriptor socket);
  [[nodiscard]] Result<> set_options(const Target& target, const std::vector<std::string>& preferred) const;

  std::string where_;
  Descriptor socket_;  ///< the library has a copy, and closes that one when it likes
  ssh_session_struct* session_;
};

}  // namespace wright

#pragma once

#include <gmock/gmock.h>
#include <sys/types.h>

#include <cstdint>
#include <string>

#include "agent/probes/probe.hpp"

namespace wright::agent {

/// The program peer.py, for as long as the object lives.
class Peer {
 public:
  struct Manner {
    std::string how = "answer";  ///< or "close", "silent"
    std::string answer;
    std::string name;  ///< of its certificate; empty: no TLS
    int days = 30;     ///< for which the certificate is still valid
  };
  explicit Peer(const Manner& manner);
  ~Peer();
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  [[nodiscard]] std::int64_t port() const { return port_; }
  [[nodiscard]] std::string certificate() const { return folder_ + "/certificate.pem"; }

 private:
  std::string folder_;
  pid_t pid_ = -1;
  std::int64_t port_ = 0;
};

/// Makes a certificate one that this host trusts, until the object goes.
class Trusting {
 public:
  explicit Trusting(const Peer& peer);
  ~Trusting();
  Trusting(const Trusting&) = delete;
  Trusting& operator=(const Trusting&) = delete;
};

Probe probe_of(const std::string& kind, Value::Map attributes);

/// What a probe that is asked once says; empty when it passes.
std::string said_by(const Probe& probe);

}  // namespace wright::agent

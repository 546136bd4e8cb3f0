#pragma once

#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "model/value.hpp"

namespace wright::agent::testing {

/// A MongoDB server as far as accounts and replica sets go, on a port of 127.0.0.1 of its own: OP_MSG without TLS,
/// SCRAM-SHA-256, and the rule that nobody changes accounts but while there are none.
class FakeMongod {
 public:
  struct User {
    std::string verifier;
    std::vector<std::string> roles;
  };
  using Users = std::map<std::string, User>;  ///< by DATABASE.USER

  FakeMongod();
  ~FakeMongod();
  FakeMongod(const FakeMongod&) = delete;
  FakeMongod& operator=(const FakeMongod&) = delete;

  [[nodiscard]] std::int64_t port() const { return port_; }
  [[nodiscard]] std::string name() const { return "127.0.0.1:" + std::to_string(port_); }
  void add(const std::string& user, const std::string& password, const std::vector<std::string>& roles);
  [[nodiscard]] Users users() const;
  /// In no set, or who of the set takes writes: itself, another one, nobody ("").
  void alone();
  void in_set(const std::string& set, const std::vector<std::string>& members, const std::string& primary);
  /// Ends every connection at its first question.
  void hang_up(bool yes = true);
  [[nodiscard]] std::vector<std::string> asked() const;

 private:
  class Connection;
  void serve();
  [[nodiscard]] bool writes() const { return set_.empty() || primary_ == name(); }

  int listening_ = -1;
  std::int64_t port_ = 0;
  std::thread thread_;
  std::vector<std::thread> connections_;
  std::vector<int> open_;
  mutable std::mutex mutex_;
  Users users_;
  std::string set_;
  std::string primary_;
  std::vector<std::string> members_;
  std::vector<std::string> asked_;
  bool hangs_up_ = false;
  bool ending_ = false;
};

}  // namespace wright::agent::testing

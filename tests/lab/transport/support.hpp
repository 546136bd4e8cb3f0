#pragma once

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "transport/connection.hpp"

namespace wright::lab {

/// Runs the lab's tool on this test's lab ("address host1"); its standard output without the last newline. A failure of
/// the tool is one of the test.
std::string lab(const std::string& arguments);
/// Runs a shell command on host1, beside SSH.
std::string on_host(const std::string& script);

/// An agent to push that differs from others only in its hash.
AgentBinary agent_with(const std::string& folder, const std::string& trailer = {});

/// Types a message and gives the answer's field as text or number; a lost conversation is a failure of the test.
Value ask(Connection& connection, Value::Map message);

/// Tests against host1, which every suite finds fresh.
class OnHost : public testing::Test {
 public:
  static void SetUpTestSuite() { lab("reset host1"); }

 protected:
  OnHost();
  ~OnHost() override;

  /// The only diagnostic of a connection that must not come about.
  [[nodiscard]] Diagnostic refusal() const;
  [[nodiscard]] std::unique_ptr<Connection> connected() const;

  std::string folder_;
  AgentBinary agent_;
  Target target_;
};

}  // namespace wright::lab

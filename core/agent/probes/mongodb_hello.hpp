#pragma once

#include <string>
#include <vector>

#include "agent/probes/mongodb_client.hpp"

namespace wright::agent {

/// What a MongoDB server says of itself; nobody needs to be logged in for that.
struct MongodbHello {
  std::string set;                   ///< its replica set's name; empty while it is in none
  std::vector<std::string> members;  ///< HOST:PORT, sorted
  std::string primary;               ///< HOST:PORT of the member that takes writes; empty when it knows none
  bool writes = false;               ///< it takes them itself
  bool secondary = false;

  /// It has what the member that takes writes has.
  [[nodiscard]] bool follows() const { return secondary && !primary.empty(); }
};
Talk<MongodbHello> ask_hello(MongodbClient& server, const Patience& patience);

}  // namespace wright::agent

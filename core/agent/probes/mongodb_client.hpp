#pragma once

#include <memory>
#include <string>

#include "agent/probes/bson.hpp"
#include "agent/probes/stream.hpp"
#include "base/secret.hpp"

namespace wright::agent {

/// Where a MongoDB server is.
struct MongodbAddress {
  std::string host;  ///< numeric
  std::int64_t port = 27017;
  bool tls = false;  ///< whatever certificate it has: SCRAM proves that the server knows the password
};

/// One connection to a MongoDB server (wire protocol OP_MSG, as of MongoDB 3.6).
class MongodbClient {
 public:
  static Talk<MongodbClient> connect(const MongodbAddress& to, const Patience& patience);
  /// On a loopback address also the other way, without TLS or with it: the server's setting may be about to change.
  static Talk<MongodbClient> connect_either_way(const MongodbAddress& to, const Patience& patience);
  /// The server's answer to a command of that database, whatever it is: see refusal().
  Talk<Value> ask(const std::string& database, Bson command, const Patience& patience);
  /// SCRAM-SHA-256. Kind::refused when user or password are wrong.
  Talk<> log_in(const std::string& database, const std::string& user, const Secret& password, const Patience& patience);

  static constexpr int unauthorized = 13;
  static constexpr int authentication_failed = 18;

 private:
  explicit MongodbClient(std::unique_ptr<Stream> stream) : stream_(std::move(stream)) {}
  Talk<std::string> read(std::size_t size, const Patience& patience);

  std::unique_ptr<Stream> stream_;
  std::uint32_t asked_ = 0;
};

/// The server's number for why it did not do it, and its words; 0 when it did.
struct Refusal {
  std::int64_t code = 0;
  std::string why;
};
Refusal refusal(const Value& answer);

}  // namespace wright::agent

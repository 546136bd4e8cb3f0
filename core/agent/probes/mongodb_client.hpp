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
  /// On a loopback address whatever certificate it has. Any other must come from `ca` and carry the address: SCRAM
  /// alone would not show somebody in between, who hands the proofs on.
  bool tls = false;
  std::string ca = {};  ///< path on the host; its store when empty

  [[nodiscard]] bool is_loopback() const { return host.starts_with("127.") || host == "::1"; }
};
/// HOST:PORT, where an IPv6 address has brackets, as replica sets name their members; without TLS.
MongodbAddress mongodb_address_from(const std::string& member);

/// One connection to a MongoDB server (wire protocol OP_MSG, as of MongoDB 3.6).
class MongodbClient {
 public:
  static Talk<MongodbClient> connect(const MongodbAddress& to, const Patience& patience);
  /// On a loopback address also the other way, without TLS or with it: the server's setting may be about to change. The
  /// error has why of both.
  static Talk<MongodbClient> connect_either_way(const MongodbAddress& to, const Patience& patience);
  /// The server's answer to a command of that database, whatever it is: see refusal().
  Talk<Value> ask(const std::string& database, Bson command, const Patience& patience);
  /// SCRAM-SHA-256. Kind::denied when user or password are wrong.
  Talk<> log_in(const std::string& database, const std::string& user, const Secret& password, const Patience& patience);

  static constexpr int unauthorized = 13;
  static constexpr int authentication_failed = 18;

 private:
  explicit MongodbClient(std::unique_ptr<Stream> stream) : stream_(std::move(stream)) {}
  static Talk<MongodbClient> connect_and_ask(const MongodbAddress& to, const Patience& patience);
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

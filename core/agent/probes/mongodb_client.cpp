#include "agent/probes/mongodb_client.hpp"

#include <array>
#include <charconv>

#include "agent/probes/scram_login.hpp"
#include "agent/probes/tls.hpp"
#include "base/sha256.hpp"

namespace wright::agent {
namespace {

constexpr std::uint32_t op_msg = 2013;
constexpr std::size_t header_size = 16;
constexpr std::size_t before_document = header_size + 5;  // flags, and the kind of the first section
constexpr std::size_t longest_answer = 4U << 20U;

TlsWish wish_for(const MongodbAddress& to) {
  TlsWish wish;
  wish.trusted = wish.name_must_match = wish.in_time = !to.is_loopback();
  wish.server_name = to.is_loopback() ? "" : to.host;
  wish.ca = to.ca;
  return wish;
}

std::string little(std::uint32_t value) {
  std::string out;
  for (unsigned shift = 0; shift < 32; shift += 8) out += static_cast<char>(value >> shift & 0xFFU);
  return out;
}

std::uint32_t number_at(std::string_view bytes, std::size_t at) {
  std::uint32_t out = 0;
  for (unsigned i = 0; i < 4; ++i)
    out |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[at + i])) << (8U * i);
  return out;
}

tl::unexpected<Trouble> no_mongodb() {
  return trouble(Trouble::Kind::wrong, "what answers there does not speak MongoDB's protocol");
}

bool is_ok(const Value& answer) {
  const Value& ok = answer["ok"];
  return ok.int_or(0) == 1 || (ok.as_double() != nullptr && *ok.as_double() == 1.0);
}

}  // namespace

Refusal refusal(const Value& answer) {
  if (!is_ok(answer))
    return {std::max<std::int64_t>(answer["code"].int_or(1), 1), answer["errmsg"].text_or("no reason")};
  const auto* errors = answer["writeErrors"].as_list();
  if (errors == nullptr || errors->empty()) return {};
  return {std::max<std::int64_t>(errors->front()["code"].int_or(1), 1), errors->front()["errmsg"].text_or("no reason")};
}

MongodbAddress mongodb_address_from(const std::string& member) {
  MongodbAddress out;
  const auto colon = member.rfind(':');
  out.host = member.substr(0, colon);
  if (out.host.starts_with('[') && out.host.ends_with(']')) out.host = out.host.substr(1, out.host.size() - 2);
  if (colon != std::string::npos) std::from_chars(member.data() + colon + 1, member.data() + member.size(), out.port);
  return out;
}

Talk<MongodbClient> MongodbClient::connect(const MongodbAddress& to, const Patience& patience) {
  auto stream = connect_to(to.host, to.port, patience);
  if (stream && to.tls) stream = start_tls(std::move(*stream), wish_for(to), patience);
  if (!stream) return tl::unexpected(stream.error());
  return MongodbClient(std::move(*stream));
}

/// A server that wants TLS, or none, says so to the first question only.
Talk<MongodbClient> MongodbClient::connect_and_ask(const MongodbAddress& to, const Patience& patience) {
  auto client = connect(to, patience);
  if (!client) return client;
  const auto hello = client->ask("admin", Bson().integer("hello", 1), patience);
  if (!hello) return tl::unexpected(hello.error());
  return client;
}

Talk<MongodbClient> MongodbClient::connect_either_way(const MongodbAddress& to, const Patience& patience) {
  using enum Trouble::Kind;
  if (!to.is_loopback()) return connect(to, patience);
  auto client = connect_and_ask(to, patience);
  if (client || (client.error().kind != closed && client.error().kind != wrong)) return client;
  MongodbAddress other = to;
  other.tls = !to.tls;
  auto second = connect_and_ask(other, patience);
  if (second) return second;
  return trouble(second.error().kind,
                 client.error().text + (other.tls ? "; and over TLS: " : "; and without TLS: ") + second.error().text);
}

Talk<std::string> MongodbClient::read(std::size_t size, const Patience& patience) {
  std::string out;
  std::array<char, 16384> piece{};
  while (out.size() < size) {
    auto got = stream_->read(std::span(piece).first(std::min(piece.size(), size - out.size())), patience);
    if (!got) return tl::unexpected(got.error());
    if (*got == 0) return trouble(Trouble::Kind::closed, "the server closed the connection");
    out.append(piece.data(), *got);
  }
  return out;
}

Talk<Value> MongodbClient::ask(const std::string& database, Bson command, const Patience& patience) {
  const std::string document = command.text("$db", database).bytes();
  const std::string message = little(static_cast<std::uint32_t>(before_document + document.size())) + little(++asked_) +
                              little(0) + little(op_msg) + little(0) + '\0' + document;
  if (auto sent = stream_->write(message, patience); !sent) return tl::unexpected(sent.error());
  const auto header = read(header_size, patience);
  if (!header) return tl::unexpected(header.error());
  const std::size_t size = number_at(*header, 0);
  if (size < before_document || size > longest_answer || number_at(*header, 8) != asked_ ||
      number_at(*header, 12) != op_msg)
    return no_mongodb();
  const auto rest = read(size - header_size, patience);
  if (!rest) return tl::unexpected(rest.error());
  if ((*rest)[4] != '\0') return no_mongodb();
  auto answer = from_bson(std::string_view(*rest).substr(5));
  if (!answer) return no_mongodb();
  return std::move(*answer);
}

Talk<> MongodbClient::log_in(const std::string& database, const std::string& user, const Secret& password,
                             const Patience& patience) {
  ScramLogin login(user, password, random_hex(16));
  auto answer = ask(database,
                    Bson()
                        .integer("saslStart", 1)
                        .text("mechanism", "SCRAM-SHA-256")
                        .binary("payload", login.first())
                        .document("options", Bson().boolean("skipEmptyExchange", true)),
                    patience);
  std::optional<std::string> next;
  bool proven = false;
  while (answer) {
    if (const auto why = refusal(*answer); why.code != 0)
      return trouble(why.code == authentication_failed ? Trouble::Kind::denied : Trouble::Kind::wrong,
                     "\"" + user + "\" is not let in: " + why.why);
    const std::string payload = (*answer)["payload"].text_or("");
    if (!next) {
      next = login.answer(payload);
      if (!next) return no_mongodb();
    } else {
      proven = proven || login.is_proof(payload);
      if (!proven) return trouble(Trouble::Kind::wrong, "the server does not prove that it knows the password");
      if ((*answer)["done"].bool_or(false)) return {};
      next = "";
    }
    answer = ask(database,
                 Bson()
                     .integer("saslContinue", 1)
                     .integer("conversationId", static_cast<std::int32_t>((*answer)["conversationId"].int_or(1)))
                     .binary("payload", *next),
                 patience);
  }
  return tl::unexpected(answer.error());
}

}  // namespace wright::agent

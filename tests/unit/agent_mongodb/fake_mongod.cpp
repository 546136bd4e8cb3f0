#include "unit/agent_mongodb/fake_mongod.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <optional>

#include "agent/probes/base64.hpp"
#include "agent/probes/bson.hpp"
#include "agent/resources/scram.hpp"
#include "base/sha256.hpp"

namespace wright::agent::testing {
namespace {

std::string from_hex(const std::string& hex) {
  std::string out;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    out += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  return out;
}

std::string hmac(const std::string& key, const std::string& bytes) { return from_hex(hmac_sha256_hex(key, bytes)); }

/// The parts of "SCRAM-SHA-256$4096:SALT$STORED:SERVER".
struct Credentials {
  std::string salt, stored, server;
  explicit Credentials(const std::string& verifier) {
    const auto colon = verifier.find(':');
    const auto dollar = verifier.find('$', colon);
    const auto last = verifier.find(':', dollar);
    salt = verifier.substr(colon + 1, dollar - colon - 1);
    stored = verifier.substr(dollar + 1, last - dollar - 1);
    server = verifier.substr(last + 1);
  }
};

std::string field(const std::string& message, const std::string& name) {
  const auto at = ("," + message).find("," + name + "=");
  const auto from = at + name.size() + 1;
  return message.substr(from, message.find(',', from) - from);
}

std::uint32_t number(const std::string& bytes, std::size_t at) {
  std::uint32_t out = 0;
  for (unsigned i = 0; i < 4; ++i)
    out |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[at + i])) << (8U * i);
  return out;
}

std::string little(std::uint32_t value) {
  std::string out;
  for (unsigned i = 0; i < 4; ++i) out += static_cast<char>(value >> (8U * i) & 0xFFU);
  return out;
}

std::optional<std::string> read_exactly(int fd, std::size_t size) {
  std::string out(size, '\0');
  for (std::size_t got = 0; got < size;) {
    const ssize_t count = ::recv(fd, out.data() + got, size - got, 0);
    if (count <= 0) return std::nullopt;
    got += static_cast<std::size_t>(count);
  }
  return out;
}

Bson fine() { return Bson().integer("ok", 1); }
Bson refused(int code, const std::string& why) {
  return Bson().integer("ok", 0).integer("code", code).text("errmsg", why);
}

}  // namespace

/// What one client did so far.
class FakeMongod::Connection {
 public:
  Connection(FakeMongod& server, int fd) : server_(server), fd_(fd) {}

  void serve() {
    while (const auto header = read_exactly(fd_, 16)) {
      const auto rest = read_exactly(fd_, number(*header, 0) - 16);
      const auto command = rest ? from_bson(std::string_view(*rest).substr(5)) : std::nullopt;
      if (!command) return;
      const std::lock_guard lock(server_.mutex_);
      if (server_.hangs_up_) return void(::shutdown(fd_, SHUT_RDWR));
      const std::string document = answer(*command).bytes();
      const std::string body = little(0) + '\0' + document;
      const std::string message = little(static_cast<std::uint32_t>(16 + body.size())) + little(1) +
                                  little(number(*header, 4)) + little(2013) + body;
      (void)::send(fd_, message.data(), message.size(), MSG_NOSIGNAL);
    }
  }

 private:
  Bson answer(const Value& command) {
    const std::string database = command["$db"].text_or("");
    for (const char* name :
         {"hello", "saslStart", "saslContinue", "usersInfo", "createUser", "updateUser", "dropUser", "replSetInitiate"})
      if (!command[name].is_null()) {
        if (std::string(name) != "hello") server_.asked_.emplace_back(name);
        if (std::string(name) == "hello") return hello();
        if (std::string(name) == "saslStart") return begin(command, database);
        if (std::string(name) == "saslContinue") return go_on(command);
        return change(name, command, database);
      }
    return refused(59, "no such command");
  }

  Bson hello() const {
    Bson out = fine();
    out.boolean("isWritablePrimary", server_.writes());
    if (server_.set_.empty()) return out;
    out.text("setName", server_.set_).texts("hosts", server_.members_).boolean("secondary", !server_.writes());
    if (!server_.primary_.empty()) out.text("primary", server_.primary_);
    return out;
  }

  Bson begin(const Value& command, const std::string& database) {
    bare_ = command["payload"].text_or("").substr(3);
    user_ = database + "." + field(bare_, "n");
    const auto known = server_.users_.find(user_);
    if (known == server_.users_.end()) return refused(18, "Authentication failed.");
    first_ = "r=" + field(bare_, "r") + "server,s=" + Credentials(known->second.verifier).salt + ",i=4096";
    return fine().integer("conversationId", 1).boolean("done", false).binary("payload", first_);
  }

  Bson go_on(const Value& command) {
    const std::string last = command["payload"].text_or("");
    const Credentials kept(server_.users_[user_].verifier);
    const auto end = last.rfind(",p=");
    const std::string message = bare_ + "," + first_ + "," + last.substr(0, end);
    std::string key = from_base64(last.substr(end + 3));
    const std::string signature = hmac(from_base64(kept.stored), message);
    for (std::size_t i = 0; i < key.size() && i < signature.size(); ++i) key[i] ^= signature[i];
    if (from_hex(sha256_hex(key)) != from_base64(kept.stored)) return refused(18, "Authentication failed.");
    let_in_ = true;
    const std::string proof = "v=" + to_base64(hmac(from_base64(kept.server), message));
    return fine().integer("conversationId", 1).boolean("done", true).binary("payload", proof);
  }

  Bson change(const std::string& what, const Value& command, const std::string& database) {
    if (!let_in_ && !server_.users_.empty()) return refused(13, "not authorized");
    if (what == "replSetInitiate") {
      server_.set_ = command[what]["_id"].text_or("");
      server_.members_.clear();
      for (const auto& one : *command[what]["members"].as_list()) server_.members_.push_back(one["host"].text_or(""));
      server_.primary_ = server_.name();
      return fine();
    }
    if (!server_.writes()) return refused(10107, "not primary");
    if (what == "usersInfo") return users_info(command[what]);
    const std::string id = database + "." + command[what].text_or("");
    if (what == "dropUser") return server_.users_.erase(id) == 0 ? refused(11, "no such user") : fine();
    if ((what == "createUser") == server_.users_.contains(id)) return refused(51003, "it is there, or it is not");
    User& user = server_.users_[id];
    if (const auto password = command["pwd"].text_or(""); !password.empty())
      user.verifier = scram_verifier(password, random_hex(8));
    user.roles.clear();
    for (const auto& role : *command["roles"].as_list())
      user.roles.push_back(role["role"].text_or("") + "@" + role["db"].text_or(""));
    return fine();
  }

  Bson users_info(const Value& wanted) const {
    const std::string id = wanted["db"].text_or("") + "." + wanted["user"].text_or("");
    std::vector<Bson> found;
    for (const auto& [name, user] : server_.users_) {
      if (!wanted["forAllDBs"].bool_or(false) && name != id) continue;
      const Credentials kept(user.verifier);
      std::vector<Bson> roles;
      for (const auto& role : user.roles)
        roles.push_back(
            Bson().text("role", role.substr(0, role.find('@'))).text("db", role.substr(role.find('@') + 1)));
      const Bson scram = Bson()
                             .integer("iterationCount", 4096)
                             .text("salt", kept.salt)
                             .text("storedKey", kept.stored)
                             .text("serverKey", kept.server);
      found.push_back(Bson()
                          .text("user", name.substr(name.find('.') + 1))
                          .text("db", name.substr(0, name.find('.')))
                          .list("roles", roles)
                          .document("credentials", Bson().document("SCRAM-SHA-256", scram)));
    }
    return fine().list("users", found);
  }

  FakeMongod& server_;
  int fd_;
  std::string bare_;
  std::string first_;
  std::string user_;
  bool let_in_ = false;
};

FakeMongod::FakeMongod() {
  listening_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  (void)::bind(listening_, reinterpret_cast<sockaddr*>(&address), size);
  (void)::listen(listening_, 16);
  (void)::getsockname(listening_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

FakeMongod::~FakeMongod() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
    for (const int fd : open_) ::shutdown(fd, SHUT_RDWR);
  }
  ::shutdown(listening_, SHUT_RDWR);
  thread_.join();
  for (auto& one : connections_) one.join();
  for (const int fd : open_) ::close(fd);
  ::close(listening_);
}

void FakeMongod::serve() {
  while (true) {
    const int fd = ::accept(listening_, nullptr, nullptr);
    if (fd < 0) return;
    const std::lock_guard lock(mutex_);
    open_.push_back(fd);
    if (ending_) return;
    connections_.emplace_back([this, fd] { Connection(*this, fd).serve(); });
  }
}

void FakeMongod::add(const std::string& user, const std::string& password, const std::vector<std::string>& roles) {
  const std::lock_guard lock(mutex_);
  users_[user] = {scram_verifier(password, random_hex(8)), roles};
}

FakeMongod::Users FakeMongod::users() const {
  const std::lock_guard lock(mutex_);
  return users_;
}

void FakeMongod::alone() { in_set("", {}, ""); }

void FakeMongod::in_set(const std::string& set, const std::vector<std::string>& members, const std::string& primary) {
  const std::lock_guard lock(mutex_);
  set_ = set;
  members_ = members;
  primary_ = primary;
}

void FakeMongod::hang_up(bool yes) {
  const std::lock_guard lock(mutex_);
  hangs_up_ = yes;
}

std::vector<std::string> FakeMongod::asked() const {
  const std::lock_guard lock(mutex_);
  return asked_;
}

}  // namespace wright::agent::testing

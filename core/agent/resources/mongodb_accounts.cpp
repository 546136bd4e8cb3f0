#include "agent/resources/mongodb_accounts.hpp"

#include <algorithm>
#include <charconv>

#include "agent/resources/scram.hpp"

namespace wright::agent {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds attempt_time{3000};
constexpr std::int64_t user_not_found = 11;
/// NotWritablePrimary, NotPrimaryNoSecondaryOk, NotPrimaryOrSecondary: error_codes.yml of the server.
constexpr std::int64_t without_primary[] = {10107, 13435, 13436};

std::vector<Bson> as_documents(const std::vector<std::string>& roles) {
  std::vector<Bson> out;
  for (const auto& role : roles) {
    const auto at = role.rfind('@');
    const std::string database = at == std::string::npos ? "admin" : role.substr(at + 1);
    out.push_back(Bson().text("role", role.substr(0, at)).text("db", database));
  }
  return out;
}

MongodbAccount account_from(const Value& user) {
  MongodbAccount out;
  out.there = true;
  if (const auto* roles = user["roles"].as_list(); roles != nullptr)
    for (const auto& role : *roles) out.roles.push_back(role["role"].text_or("") + "@" + role["db"].text_or(""));
  std::sort(out.roles.begin(), out.roles.end());
  const Value& kept = user["credentials"]["SCRAM-SHA-256"];
  out.verifier = "SCRAM-SHA-256$" + std::to_string(kept["iterationCount"].int_or(0)) + ":" + kept["salt"].text_or("") +
                 "$" + kept["storedKey"].text_or("") + ":" + kept["serverKey"].text_or("");
  return out;
}

Talk<> done_or(const Talk<Value>& answer, std::int64_t also_fine) {
  if (!answer) return tl::unexpected(answer.error());
  const auto why = refusal(*answer);
  if (why.code == 0 || why.code == also_fine) return {};
  if (std::find(std::begin(without_primary), std::end(without_primary), why.code) != std::end(without_primary))
    return trouble(Trouble::Kind::late, no_primary);
  return trouble(Trouble::Kind::wrong, why.why);
}

}  // namespace

bool MongodbAccount::has_password(const Secret& password) const {
  return is_scram_verifier_of(verifier, password.reveal());
}

Patience MongodbAccounts::patience_for(milliseconds time) const {
  return {Patience::Clock::now() + time, context_.cancellation};
}

std::vector<Secret> MongodbAccounts::candidates(const MongodbPlace& place) const {
  std::vector<Secret> out;
  if (const Value& given = place.attributes["admin_password"]; !given.is_null()) out.emplace_back(given.text_or(""));
  if (const auto worked = Passwords(context_, place.service(), "admin." + place.admin()).worked(); worked)
    for (const auto& one : *worked)
      if (out.empty() || out.front().reveal() != one.reveal()) out.push_back(one);
  return out;
}

Talk<MongodbClient> MongodbAccounts::log_in(const MongodbPlace& place, const Patience& patience) {
  Trouble last{Trouble::Kind::refused, "\"" + place.admin() + "\" has no password that is known"};
  for (const auto& password : candidates(place)) {
    auto client = MongodbClient::connect_either_way(place.address(), patience);
    if (!client) return client;
    const auto in = client->log_in("admin", place.admin(), password, patience);
    if (in) return at_primary(std::move(*client), place, password, patience);
    last = in.error();
    if (last.kind != Trouble::Kind::refused) break;
  }
  return tl::unexpected(last);
}

/// Of a replica set, one member takes accounts; the others say which.
Talk<MongodbClient> MongodbAccounts::at_primary(MongodbClient client, const MongodbPlace& place, const Secret& password,
                                                const Patience& patience) {
  const auto hello = client.ask("admin", Bson().integer("hello", 1), patience);
  if (!hello) return tl::unexpected(hello.error());
  const std::string primary = (*hello)["primary"].text_or("");
  if ((*hello)["isWritablePrimary"].bool_or(true) || primary.empty()) return client;
  const auto colon = primary.rfind(':');
  MongodbAddress to = place.address();
  to.host = primary.substr(0, colon);
  if (to.host.starts_with('[') && to.host.ends_with(']')) to.host = to.host.substr(1, to.host.size() - 2);
  if (colon != std::string::npos) std::from_chars(primary.data() + colon + 1, primary.data() + primary.size(), to.port);
  auto there = MongodbClient::connect(to, patience);
  if (!there) return there;
  if (const auto in = there->log_in("admin", place.admin(), password, patience); !in) return tl::unexpected(in.error());
  return there;
}

Talk<MongodbClient*> MongodbAccounts::administer(const MongodbPlace& place, const Patience& patience) {
  const std::string key = place.service() + "/" + place.admin();
  if (const auto found = open_.find(key); found != open_.end()) return &found->second;
  auto client = log_in(place, patience);
  if (!client) return tl::unexpected(client.error());
  return &open_.emplace(key, std::move(*client)).first->second;
}

Talk<MongodbAccount> MongodbAccounts::look_once(const MongodbPlace& place, const Patience& patience) {
  const auto server = administer(place, patience);
  if (!server) return tl::unexpected(server.error());
  const auto answer =
      (*server)->ask("admin",
                     Bson()
                         .document("usersInfo", Bson().text("user", place.user()).text("db", place.database()))
                         .boolean("showCredentials", true),
                     patience);
  if (const auto told = done_or(answer, 0); !told) return tl::unexpected(told.error());
  const auto* users = (*answer)["users"].as_list();
  if (users == nullptr || users->empty()) return MongodbAccount();
  return account_from(users->front());
}

Talk<MongodbAccount> MongodbAccounts::look(const MongodbPlace& place, milliseconds time) {
  const Patience patience = patience_for(time);
  while (true) {
    // On a connection of its own each time: a server that is going away answers nothing on an old one.
    auto seen = look_once(place, patience_for(std::min(time, attempt_time)));
    if (!seen) open_.clear();
    // A server that is only starting does not answer; one that refuses what it is asked will not change its mind.
    if (seen || seen.error().kind == Trouble::Kind::wrong || seen.error().text.starts_with("\"")) return seen;
    if (time <= milliseconds(2000)) return seen;
    if (patience.pause(milliseconds(100)) != Patience::Wait::ready) return seen;
  }
}

Talk<> MongodbAccounts::put(const MongodbPlace& place, bool there, const Secret* password,
                            const std::vector<std::string>& roles, milliseconds time) {
  const Patience patience = patience_for(time);
  Bson command;
  command.text(there ? "updateUser" : "createUser", place.user());
  if (password != nullptr) command.text("pwd", password->reveal());
  command.list("roles", as_documents(roles));
  auto server = administer(place, patience);
  if (server) {
    const auto done = done_or((*server)->ask(place.database(), command, patience), 0);
    // Who changed its own password is logged in by the old one no longer on other connections, and may be here.
    if (place.is_admin()) open_.clear();
    return done;
  }
  if (there || !place.is_admin() || server.error().kind != Trouble::Kind::refused)
    return tl::unexpected(server.error());
  auto nobody = MongodbClient::connect_either_way(place.address(), patience);
  if (!nobody) return tl::unexpected(nobody.error());
  const auto done = done_or(nobody->ask(place.database(), command, patience), 0);
  if (done) return {};
  return trouble(Trouble::Kind::wrong,
                 server.error().text + "; and the server has accounts already: " + done.error().text);
}

Talk<> MongodbAccounts::remove(const MongodbPlace& place, milliseconds time) {
  const Patience patience = patience_for(time);
  auto server = administer(place, patience);
  if (!server) return tl::unexpected(server.error());
  return done_or((*server)->ask(place.database(), Bson().text("dropUser", place.user()), patience), user_not_found);
}

}  // namespace wright::agent

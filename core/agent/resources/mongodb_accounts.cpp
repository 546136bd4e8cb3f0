#include "agent/resources/mongodb_accounts.hpp"

#include <algorithm>

#include "agent/resources/scram.hpp"

namespace wright::agent {
namespace {

using std::chrono::milliseconds;

constexpr std::int64_t user_not_found = 11;

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
    auto client = MongodbClient::connect(place.host(), place.port(), patience);
    if (!client) return client;
    const auto in = client->log_in("admin", place.admin(), password, patience);
    if (in) return client;
    last = in.error();
    if (last.kind != Trouble::Kind::refused) break;
  }
  return tl::unexpected(last);
}

Talk<MongodbClient*> MongodbAccounts::administer(const MongodbPlace& place, const Patience& patience) {
  const std::string key = place.service() + "/" + place.admin();
  if (const auto found = open_.find(key); found != open_.end()) return &found->second;
  auto client = log_in(place, patience);
  if (!client) return tl::unexpected(client.error());
  return &open_.emplace(key, std::move(*client)).first->second;
}

Talk<MongodbAccount> MongodbAccounts::look(const MongodbPlace& place, milliseconds time) {
  const Patience patience = patience_for(time);
  const Bson command = Bson()
                           .document("usersInfo", Bson().text("user", place.user()).text("db", place.database()))
                           .boolean("showCredentials", true);
  while (true) {
    auto server = administer(place, patience);
    if (server) {
      const auto answer = (*server)->ask("admin", command, patience);
      if (!answer) return tl::unexpected(answer.error());
      if (const auto why = refusal(*answer); why.code != 0) return trouble(Trouble::Kind::wrong, why.why);
      const auto* users = (*answer)["users"].as_list();
      if (users == nullptr || users->empty()) return MongodbAccount();
      return account_from(users->front());
    }
    // A server that is only starting does not answer; one that refuses a password will not change its mind.
    const bool answers = server.error().text.starts_with("\"");
    if (answers || time <= milliseconds(2000)) return tl::unexpected(server.error());
    if (patience.pause(milliseconds(100)) != Patience::Wait::ready) return tl::unexpected(server.error());
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
  auto nobody = MongodbClient::connect(place.host(), place.port(), patience);
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

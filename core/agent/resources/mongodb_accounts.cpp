#include "agent/resources/mongodb_accounts.hpp"

#include <algorithm>

#include "agent/resources/scram.hpp"

namespace wright::agent {
namespace {

using std::chrono::milliseconds;
using Kind = Trouble::Kind;

/// Of one attempt, so that a member that hangs is not waited for until the end.
constexpr milliseconds attempt_time{3000};
constexpr std::int64_t user_not_found = 11;
/// NotWritablePrimary, NotPrimaryNoSecondaryOk, NotPrimaryOrSecondary, PrimarySteppedDown, then what is interrupted by
/// a change of who takes writes or by a shutdown, ShutdownInProgress: error_codes.yml of the server.
constexpr std::int64_t passing[] = {10107, 13435, 13436, 189, 11602, 11600, 91};

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
  const bool passes = std::find(std::begin(passing), std::end(passing), why.code) != std::end(passing);
  return trouble(passes ? Kind::unready : Kind::wrong, why.why);
}

}  // namespace

bool may_pass(const Trouble& why) {
  return why.kind == Kind::refused || why.kind == Kind::closed || why.kind == Kind::late || why.kind == Kind::unready;
}

bool MongodbAccount::has_password(const Secret& password) const {
  return is_scram_verifier_of(verifier, password.reveal());
}

template <class T>
Talk<T> MongodbAccounts::patiently(milliseconds time, const std::function<Talk<T>(const Patience&)>& attempt) {
  const Patience patience = session_.patience_for(time);
  while (true) {
    auto done = attempt(session_.patience_for(attempt_time));
    if (done) return done;
    // A server that is going away answers nothing on an old connection, nor does it on one to who took writes.
    session_.forget();
    if (!may_pass(done.error()) || time.count() == 0 || !session_.pause(patience)) return done;
  }
}

Talk<MongodbAccount> MongodbAccounts::look_once(const MongodbPlace& place, const Patience& patience) {
  const auto server = session_.administer(place.server, patience);
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

Talk<> MongodbAccounts::put_once(const MongodbPlace& place, const Secret* password,
                                 const std::vector<std::string>& roles, const Patience& patience) {
  const auto seen = look_once(place, patience);
  Bson command;
  command.text(seen && seen->there ? "updateUser" : "createUser", place.user());
  if (password != nullptr) command.text("pwd", password->reveal());
  command.list("roles", as_documents(roles));
  if (seen) {
    const auto server = session_.administer(place.server, patience);
    if (!server) return tl::unexpected(server.error());
    const auto done = done_or((*server)->ask(place.database(), command, patience), 0);
    // Who changed its own password is logged in by the old one no longer on other connections, and may be here.
    if (place.is_admin()) session_.forget();
    return done;
  }
  if (!place.is_admin() || seen.error().kind != Kind::denied) return tl::unexpected(seen.error());
  auto nobody = MongodbSession::as_nobody(place.server, patience);
  if (!nobody) return tl::unexpected(nobody.error());
  const auto done = done_or(nobody->ask(place.database(), command, patience), 0);
  if (done) return {};
  return trouble(done.error().kind,
                 seen.error().text + "; and nobody may make the first account here: " + done.error().text);
}

Talk<> MongodbAccounts::remove_once(const MongodbPlace& place, const Patience& patience) {
  const auto server = session_.administer(place.server, patience);
  if (!server) return tl::unexpected(server.error());
  const auto done =
      done_or((*server)->ask(place.database(), Bson().text("dropUser", place.user()), patience), user_not_found);
  if (place.is_admin()) session_.forget();
  return done;
}

Talk<bool> MongodbAccounts::has_others_once(const MongodbPlace& place, const Patience& patience) {
  const auto server = session_.administer(place.server, patience);
  if (!server) return tl::unexpected(server.error());
  const auto answer =
      (*server)->ask("admin", Bson().document("usersInfo", Bson().boolean("forAllDBs", true)), patience);
  if (const auto told = done_or(answer, 0); !told) return tl::unexpected(told.error());
  const auto* users = (*answer)["users"].as_list();
  return users != nullptr && std::any_of(users->begin(), users->end(), [&](const Value& one) {
           return one["user"].text_or("") != place.user() || one["db"].text_or("") != place.database();
         });
}

Talk<MongodbAccount> MongodbAccounts::look(const MongodbPlace& place, milliseconds time) {
  return patiently<MongodbAccount>(time, [&](const Patience& patience) { return look_once(place, patience); });
}

Talk<> MongodbAccounts::put(const MongodbPlace& place, const Secret* password, const std::vector<std::string>& roles,
                            milliseconds time) {
  return patiently<void>(time, [&](const Patience& patience) { return put_once(place, password, roles, patience); });
}

Talk<> MongodbAccounts::remove(const MongodbPlace& place, milliseconds time) {
  return patiently<void>(time, [&](const Patience& patience) { return remove_once(place, patience); });
}

Talk<bool> MongodbAccounts::has_others(const MongodbPlace& place, milliseconds time) {
  return patiently<bool>(time, [&](const Patience& patience) { return has_others_once(place, patience); });
}

}  // namespace wright::agent

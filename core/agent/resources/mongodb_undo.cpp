#include "agent/resources/mongodb_undo.hpp"

#include "agent/files/files.hpp"
#include "agent/probes/mongodb_hello.hpp"

namespace wright::agent {
namespace {

using std::chrono::milliseconds;
using TroubleKind = Trouble::Kind;

constexpr milliseconds no_time{0};
constexpr milliseconds hello_time{2000};

/// By the record, or by what the server says: it may have been alone when the record was written.
bool is_shared(const MongodbServer& server, Context& context) {
  if (server.is_shared()) return true;
  const Patience patience(Patience::Clock::now() + hello_time, context.cancellation);
  auto client = MongodbSession::as_nobody(server, patience);
  if (!client) return false;
  const auto hello = ask_hello(*client, patience);
  return hello && hello->members.size() > 1;
}

Trouble locked_out(const MongodbPlace& place) {
  return {TroubleKind::wrong, "the server has other accounts, and \"" + place.server.admin +
                                  "\" is who administers them: without it nobody could"};
}

}  // namespace

tl::unexpected<Diagnostics> mongodb_failure(const ResourceId& id, const Trouble& why) {
  if (why.kind == TroubleKind::cancelled) return as_failure(why);
  return failure(to_string(id), "the server did not do it", why.text,
                 "see that it runs and that the administrator's password is right: journalctl -u mongod");
}

Talk<> MongodbUndo::take_away(const MongodbPlace& place, milliseconds time, MongodbAccounts& accounts) {
  if (place.is_admin()) {
    const auto others = accounts.has_others(place, time);
    // Nobody was there to be let in, and the change was not made.
    if (!others && others.error().kind == TroubleKind::denied) return {};
    if (!others) return tl::unexpected(others.error());
    if (*others) return tl::unexpected(locked_out(place));
  }
  return accounts.remove(place, time);
}

Result<Talk<>> MongodbUndo::put_back(const MongodbPlace& place, const Value& before, milliseconds time,
                                     MongodbAccounts& accounts) {
  auto seen = accounts.look(place, time);
  // An administrator that is gone makes itself again.
  if (!seen && seen.error().kind == TroubleKind::denied && place.is_admin()) seen = MongodbAccount();
  if (!seen) return Talk<>(tl::unexpected(seen.error()));
  MongodbAccount former;
  former.verifier = before["verifier"].text_or("");
  std::optional<Secret> password;
  if (!seen->there || seen->verifier != former.verifier) {
    const auto worked = accounts.passwords(place).worked();
    if (!worked) return failure(worked.error());
    for (const auto& one : *worked)
      if (!password && former.has_password(one)) password = one;
    if (!password)
      return failure(to_string(place.id), "its former password is not known, so it cannot be put back", {},
                     "give it one by hand, or apply the former site file");
  }
  return accounts.put(place, password ? &*password : nullptr, before["roles"].strings(), time);
}

Result<bool> MongodbUndo::take_back(const Left& one, How how, Context& context) const {
  // Without its program the server's data is gone too, to quarantine: that is the package's undo.
  const auto there = look_at(program_);
  if (!there) return failure(there.error());
  if (there->type == FileState::Type::absent) return true;
  const MongodbPlace place(one.id, one.before);
  const bool was_there = one.before["there"].bool_or(false);
  // A host that leaves its set has no server in the end, and what the others have is theirs.
  if (how == How::at_once && is_shared(place.server, context)) return false;
  const milliseconds time = how == How::at_once ? no_time : longest_wait_;
  MongodbAccounts accounts(context);
  const auto done =
      was_there ? put_back(place, one.before, time, accounts) : Result<Talk<>>(take_away(place, time, accounts));
  if (!done) return failure(done.error());
  if (*done) return true;
  const Trouble& why = done->error();
  if (how == How::at_once && (may_pass(why) || (place.is_admin() && !was_there))) return false;
  return mongodb_failure(one.id, why);
}

Result<> MongodbUndo::undo(const UndoRecord& record, Context& context) {
  return postponed_.undo(
      record, [&](const Left& one) { return take_back(one, How::at_once, context); }, context);
}

Result<> MongodbUndo::settle(const UndoRecord& record, Context& context) {
  Diagnostics problems;
  const auto left = postponed_.take(record);
  Awake awake(left.empty() ? "" : left.front().before["unit"].text_or(""), context, control_);
  for (const auto& one : left) {
    const auto taken = take_back(one, How::at_the_end, context);
    if (taken) continue;
    problems.add(taken.error());
    break;  // the others would be waited for as long, and fail as well
  }
  if (const auto slept = awake.let_sleep(); !slept) problems.add(slept.error());
  if (const auto stopped = stop_left_awake(record, context, control_); !stopped) problems.add(stopped.error());
  if (problems.has_errors()) return failure(problems);
  return {};
}

}  // namespace wright::agent

#include "agent/resources/http_undo.hpp"

#include <unistd.h>

#include <algorithm>

#include "agent/files/files.hpp"
#include "agent/files/relocate.hpp"
#include "agent/resources/http_object.hpp"
#include "base/sha256.hpp"
#include "model/encoding.hpp"

namespace wright::agent {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds undo_wait{1000};  ///< it may come back when the rest was undone
constexpr milliseconds wait_without_unit{5000};
constexpr milliseconds watching_pause{1000};
constexpr milliseconds longest_pause{1000};
constexpr milliseconds counting_pause{200};
constexpr milliseconds conflict_pause{50};
constexpr milliseconds longest_conflict{5000};  ///< until others are done with what they change at the same time
constexpr milliseconds counting_time{15000};    ///< until a service counts what a new object holds

void note(const Context& context, const std::string& subject, const std::string& text) {
  Event event;
  event.event = "note";
  event.subject = subject;
  event.text = subject + " " + text;
  context.emit(event);
}

/// The object that somebody else changed, as a file among the hand edits that are kept.
Result<> keep(const ResourceId& id, const Value& object, Context& context) {
  const std::string folder = context.state_folder + "/http";
  const std::string path = folder + "/" + sha256_hex(id.name).substr(0, 16) + ".json";
  if (auto made = make_private_folders(folder); !made) return made;
  auto done = replace_file(path, id.name + "\n" + to_json(object, 2) + "\n", {0600, ::geteuid(), ::getegid()});
  if (done) done = context.keep(path);
  if (done) done = remove_path(path);
  return done;
}

Asked<> put_back(const Value& before, const Seen& seen, HttpObjectLink& link) {
  if (seen.there && seen.object == before["object"]) return {};
  Value object = renamed(before["object"], before["read_as"], true);
  if (const auto fields = before["restore"].strings(); !fields.empty() && object.as_map() != nullptr)
    std::erase_if(*object.as_map(), [&](const auto& field) {
      return std::find(fields.begin(), fields.end(), field.first) == fields.end();
    });
  return link.put(seen, to_json(object));
}

Asked<> take_away(const ResourceId& id, const Value& before, const Seen& seen, HttpObjectLink& link,
                  const Context& context) {
  if (!seen.there) return {};
  const milliseconds age(before["data_age_ms"].int_or(0));
  const milliseconds wait(std::min<std::int64_t>(counting_time.count(), before["wait_ms"].int_or(60000)));
  const auto begin = Patience::Clock::now();
  const Patience counting(begin + std::max(wait, age + counting_pause), context.cancellation);
  auto held = link.held();
  const auto is_open = [&] { return !*held || (**held == 0 && Patience::Clock::now() < begin + age); };
  while (held && is_open() && counting.pause(counting_pause) == Patience::Wait::ready) held = link.held();
  if (!held) return tl::unexpected(held.error());
  if (!*held || **held != 0) {
    note(context, to_string(id),
         *held ? "was left as it is: it holds data (" + std::to_string(**held) + ")"
               : "was left as it is: the service does not say what it holds");
    return {};
  }
  auto removed = link.remove(seen);
  // A service that counts now and then knows better when it comes to deleting.
  if (removed || !removed.error().in_use) return removed;
  note(context, to_string(id), "was left as it is: " + removed.error().why);
  return {};
}

/// The service's first answer that tells something, or why there is none: as long as it is worth waiting.
Asked<Seen> look_patiently(HttpObjectLink& link, milliseconds wait, const std::function<bool()>& is_worth_it,
                           const Context& context) {
  if (!is_worth_it) return link.look_patiently(wait, context);
  const auto end = Patience::Clock::now() + wait;
  while (true) {
    const auto left = std::chrono::duration_cast<milliseconds>(end - Patience::Clock::now());
    auto seen = link.look_patiently(std::clamp(left, milliseconds(0), watching_pause), context);
    if (seen || !seen.error().may_pass || seen.error().cancelled || left <= watching_pause || !is_worth_it())
      return seen;
  }
}

}  // namespace

std::string HttpUndo::service_of(const ResourceId& id) {
  return id.name.substr(0, id.name.find('/', std::string_view("https://").size()));
}

Result<bool> HttpUndo::take_back(const Left& one, HttpSession& session, Waiting& waiting, Context& context) {
  HttpObjectLink link(session, one.id, one.before);
  const std::string service = service_of(one.id);
  const auto begin = Patience::Clock::now();
  const milliseconds wait(std::min<std::int64_t>(waiting.longest.count(), one.before["wait_ms"].int_or(60000)));
  const bool in_vain = waiting.silent.contains(service) || waiting.refusing.contains(service);
  const Patience patience(begin + (in_vain ? milliseconds(0) : wait), context.cancellation);
  const Patience conflicts(begin + std::min(wait, longest_conflict), context.cancellation);
  milliseconds pause{50};
  bool kept = false;
  while (true) {
    const auto left = begin + wait - Patience::Clock::now();
    const auto seen = look_patiently(
        link, waiting.silent.contains(service) ? milliseconds(0) : std::chrono::duration_cast<milliseconds>(left),
        waiting.is_worth_it, context);
    // Another certificate, port or password may come back with what is undone after this.
    if (!seen && (seen.error().may_pass || !(waiting.is_last || seen.error().cancelled))) {
      waiting.silent[service] = seen.error().why;
      return false;
    }
    const auto member = link.is_member();
    if (!member && member.error().may_pass) {
      waiting.silent[service] = member.error().why;
      return false;
    }
    if (!member) return as_failure(one.id, member.error());
    if (!*member) return true;
    if (!seen) return as_failure(one.id, seen.error());
    if (one.edited && seen->there && !kept)
      if (auto done = keep(one.id, seen->object, context); !done) return failure(done.error());
    kept = true;
    const auto told = one.before["there"].bool_or(false) ? put_back(one.before, *seen, link)
                                                         : take_away(one.id, one.before, *seen, link, context);
    if (told) return true;
    if (!told.error().may_pass) {
      if (told.error().conflict && conflicts.pause(conflict_pause) == Patience::Wait::ready) continue;
      return as_failure(one.id, told.error());
    }
    // It may have done it all the same, and whether it still answers is seen by looking: what is told may be late.
    if (patience.pause(pause) == Patience::Wait::ready) {
      pause = std::min(pause * 2, longest_pause);
      continue;
    }
    if (const auto now = link.look(true); !now && now.error().may_pass) {
      waiting.silent[service] = now.error().why;
      return false;
    }
    waiting.refusing.insert(service);
    if (waiting.is_last) return as_failure(one.id, told.error());
    return false;
  }
}

Result<> HttpUndo::undo(const UndoRecord& record, Context& context) {
  HttpSession session(context);
  Waiting waiting{undo_wait};
  return postponed_.undo(
      record,
      [&](const Left& one) -> Result<bool> {
        // Only in the end it is known whether the host is still one of those that hold it.
        if (!one.before["member_url"].is_null()) return false;
        return take_back(one, session, waiting, context);
      },
      context);
}

Result<> HttpUndo::settle_service(const std::vector<Left>& left, HttpSession& session, Context& context) const {
  const std::string unit = left.front().before["unit"].text_or("");
  const std::string service = service_of(left.front().id);
  Awake awake(unit, context, control_);
  if (!awake.exists()) return {};
  Waiting waiting{unit.empty() ? wait_without_unit : longest_wait_};
  waiting.is_last = true;
  if (!unit.empty()) {
    waiting.is_worth_it = [&] { return awake.may_answer(); };
    note(context, service, "is waited for: " + std::to_string(left.size()) + " of its objects are to be taken back");
  }
  Diagnostics problems;
  std::size_t unanswered = 0;
  for (const auto& one : left) {
    // What comes later must not be overtaken.
    const auto taken = unanswered > 0 ? Result<bool>(false) : take_back(one, session, waiting, context);
    if (!taken) problems.add(taken.error());
    if (taken && !*taken) ++unanswered;
  }
  if (unanswered > 0 && unit.empty())
    note(context, service, "does not answer: " + std::to_string(unanswered) + " of its objects were left as they are");
  if (unanswered > 0 && !unit.empty())
    problems.add({Severity::error, Fault::failed, service,
                  std::to_string(unanswered) + " of its objects were not taken back, as it does not answer",
                  waiting.silent[service],
                  "see why with journalctl -u " + unit + ", then wright rollback again when it answers"});
  if (const auto slept = awake.let_sleep(); !slept) problems.add(slept.error());
  if (problems.has_errors()) return failure(problems);
  return {};
}

Result<> HttpUndo::settle(const UndoRecord& record, Context& context) {
  std::map<std::string, std::vector<Left>> services;
  for (auto& one : postponed_.take(record)) services[service_of(one.id)].push_back(std::move(one));
  Diagnostics problems;
  HttpSession session(context);
  for (const auto& [service, left] : services)
    if (const auto settled = settle_service(left, session, context); !settled) problems.add(settled.error());
  if (const auto stopped = stop_left_awake(record, context, control_); !stopped) problems.add(stopped.error());
  if (problems.has_errors()) return failure(problems);
  return {};
}

}  // namespace wright::agent

#include "agent/resources/http_undo.hpp"

#include <unistd.h>

#include <algorithm>
#include <map>

#include "agent/files/files.hpp"
#include "agent/files/relocate.hpp"
#include "agent/resources/http_object.hpp"
#include "base/sha256.hpp"
#include "model/encoding.hpp"

namespace wright::agent {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds undo_wait{1000};  ///< it may come back when the rest was undone
constexpr milliseconds settle_wait{5000};
constexpr milliseconds counting_pause{200};
constexpr milliseconds counting_time{15000};  ///< until a service counts what a new object holds

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

}  // namespace

std::string HttpUndo::service_of(const ResourceId& id) {
  return id.name.substr(0, id.name.find('/', std::string_view("https://").size()));
}

Result<bool> HttpUndo::take_back(const Left& one, HttpSession& session, Waiting& waiting, Context& context) {
  HttpObjectLink link(session, one.id, one.before);
  const bool is_silent = waiting.silent.contains(service_of(one.id));
  const milliseconds wait(std::min<std::int64_t>(waiting.longest.count(), one.before["wait_ms"].int_or(60000)));
  const auto seen = link.look_patiently(is_silent ? milliseconds(0) : wait, context);
  if (!seen && seen.error().may_pass) {
    waiting.silent.insert(service_of(one.id));
    return false;
  }
  if (!seen) return as_failure(one.id, seen.error());
  if (one.edited && seen->there)
    if (auto kept = keep(one.id, seen->object, context); !kept) return failure(kept.error());
  const auto told = one.before["there"].bool_or(false) ? put_back(one.before, *seen, link)
                                                       : take_away(one.id, one.before, *seen, link, context);
  if (!told) return as_failure(one.id, told.error());
  return true;
}

Result<> HttpUndo::undo(const UndoRecord& record, Context& context) {
  Diagnostics problems;
  HttpSession session(context);
  Waiting waiting{undo_wait, {}};
  for (auto id = record.ids.rbegin(); id != record.ids.rend(); ++id) {
    const bool edited = std::find(record.edited.begin(), record.edited.end(), *id) != record.edited.end();
    Left one{*id, record.undo[id->name], edited};
    if (one.before.is_null()) continue;
    // What came later must not be overtaken, even if the service is back by now.
    const bool waits = postponed_.has(service_of(*id));
    const auto taken = waits ? Result<bool>(false) : take_back(one, session, waiting, context);
    if (!taken)
      problems.add(taken.error());
    else if (!*taken)
      postponed_.add(std::move(one), context);
  }
  if (problems.has_errors()) return failure(problems);
  return {};
}

Result<> HttpUndo::settle(const UndoRecord& record, Context& context) {
  std::set<std::string> services;
  for (const auto& id : record.ids) services.insert(service_of(id));
  Diagnostics problems;
  HttpSession session(context);
  Waiting waiting{settle_wait, {}};
  std::map<std::string, int> unanswered;
  for (const auto& one : postponed_.take(services)) {
    const auto taken = take_back(one, session, waiting, context);
    if (!taken) problems.add(taken.error());
    if (taken && !*taken) ++unanswered[service_of(one.id)];
  }
  for (const auto& [service, count] : unanswered)
    note(context, service, "does not answer: " + std::to_string(count) + " of its objects were left as they are");
  if (problems.has_errors()) return failure(problems);
  return {};
}

}  // namespace wright::agent

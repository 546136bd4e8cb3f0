#include <algorithm>
#include <functional>
#include <map>
#include <thread>

#include "agent/baton.hpp"
#include "agent/resources/before.hpp"
#include "agent/resources/http_link.hpp"
#include "agent/resources/http_object.hpp"
#include "agent/resources/http_undo.hpp"
#include "agent/resources/kinds.hpp"
#include "base/sha256.hpp"
#include "model/encoding.hpp"

namespace wright::agent {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds settling_time{5000};  ///< until a change can be seen by those who look
constexpr std::int64_t usual_wait_ms = 60000;
constexpr std::size_t most_at_once = 4;  ///< questions; a service has others to answer, too

/// What is kept of a resource to take it back. Passwords are not: see Passwords.
constexpr const char* kept_attributes[] = {
    "auth_user",   "headers", "trust",        "find",       "id_field",    "within", "data_url",  "data_count",
    "read_as",     "restore", "wait_ms",      "ids",        "make_url",    "stays",  "puts_id",   "remove_url",
    "remove_body", "single",  "remove_query", "stays_when", "data_age_ms", "unit",   "member_url"};

milliseconds wait_of(const Value& attributes) { return milliseconds(attributes["wait_ms"].int_or(usual_wait_ms)); }

std::string body_for(const Resource& resource, const Seen& seen) {
  const Value attributes(resource.attributes);
  const std::string body = with_ids(
      attributes["send"].is_null() ? attributes["body"].text_or("{}") : attributes["send"].text_or("{}"), seen.ids);
  const std::string field = attributes["password_hash_field"].text_or("");
  if (field.empty()) return body;
  auto object = from_json(body);
  if (!object || object->as_map() == nullptr) return body;
  const std::string password = attributes["password"].text_or("");
  const std::string now = seen.object[field].text_or("");
  std::string salt;
  for (std::size_t i = 0; i < 4; ++i) salt += static_cast<char>(std::stoi(random_hex(1), nullptr, 16));
  (*object->as_map())[field] = is_hash_of(now, password) ? now : salted_hash(password, salt);
  return to_json(*object);
}

Observed observed_from(const Value& attributes, const Seen& seen) {
  Observed observed;
  observed.exists = seen.there;
  if (!seen.there) return observed;
  observed.state["object"] = with_words(
      part_of(in_order(seen.object, attributes["unordered"].strings()), wanted_object(attributes)), seen.ids);
  if (const std::string field = attributes["password_hash_field"].text_or(""); !field.empty())
    observed.state["hash"] = seen.object[field];
  return observed;
}

void compare_fields(const Resource& resource, const Observed& observed, std::vector<AttributeChange>& changes) {
  const Value attributes(resource.attributes);
  const Value state(observed.state);
  const Value wanted = wanted_object(attributes);
  const bool secret = attributes["body"].as_secret() != nullptr;
  if (secret && !covers(state["object"], wanted)) changes.push_back({"body", {}, {}, {}, true});
  if (!secret && wanted.as_map() != nullptr)
    for (const auto& [name, value] : *wanted.as_map())
      if (!observed.exists || !covers(state["object"][name], value))
        changes.push_back({name, state["object"][name], value, {}, false});
  if (!attributes["password"].is_null() && !is_hash_of(state["hash"].text_or(""), attributes["password"].text_or("")))
    changes.push_back({"password", {}, {}, {}, true});
}

/// What the service said to the change, and then to the question what came of it.
Unknown both(const Unknown& told, const Unknown& asked) {
  return {told.why + "; and then " + asked.why, asked.may_pass, told.cancelled || asked.cancelled};
}

/// Places of the resources whose states come with the same answer.
std::vector<std::vector<std::size_t>> by_list(std::span<const Resource* const> resources) {
  std::map<std::string, std::vector<std::size_t>> lists;
  for (std::size_t i = 0; i < resources.size(); ++i) lists[url_of(resources[i]->id)].push_back(i);
  std::vector<std::vector<std::size_t>> out;
  for (auto& [url, places] : lists) out.push_back(std::move(places));
  return out;
}

/// Calls `look_at` with each place; where a baton is passed, some groups at once.
void side_by_side(const std::vector<std::vector<std::size_t>>& groups, const Context& context,
                  const std::function<void(std::size_t)>& look_at) {
  std::size_t next = 0;
  const auto work = [&] {
    while (next < groups.size())
      for (const std::size_t place : groups[next++]) look_at(place);
  };
  if (context.baton == nullptr || groups.size() < 2) return work();
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < std::min(most_at_once, groups.size()); ++i)
    threads.emplace_back([&] {
      const Turn turn(*context.baton);
      work();
    });
  const Aside aside(context);
  for (auto& thread : threads) thread.join();
}

class HttpKind : public Kind {
 public:
  [[nodiscard]] Keeping keeping() const override { return Keeping::copy; }

  Result<std::vector<Observed>> look(std::span<const Resource* const> resources, Context& context) override {
    HttpSession session(context);
    std::vector<Observed> all(resources.size());
    Diagnostics interrupted;
    const auto look_at = [&](std::size_t i) {
      const Value attributes(resources[i]->attributes);
      const auto seen = HttpObjectLink(session, resources[i]->id, attributes).look(false);
      if (!seen && seen.error().cancelled)
        interrupted = as_failure(resources[i]->id, seen.error()).value();
      else if (seen)
        all[i] = observed_from(attributes, *seen);
      else
        all[i].before = seen.error().why;
    };
    side_by_side(by_list(resources), context, look_at);
    if (interrupted.has_errors()) return failure(interrupted);
    return all;
  }

  /// A service that was restarted just now would seem to have nothing, and what it has to be made.
  Result<std::vector<Observed>> look_in_turn(std::span<const Resource* const> resources, Context& context) override {
    HttpSession session(context);
    std::vector<Observed> all;
    for (const auto* resource : resources) {
      const Value attributes(resource->attributes);
      const auto seen = HttpObjectLink(session, resource->id, attributes).look_patiently(wait_of(attributes), context);
      if (!seen) return as_failure(resource->id, seen.error());
      all.push_back(observed_from(attributes, *seen));
    }
    return all;
  }

  Difference compare(const Resource& resource, const Observed& observed) const override {
    Difference difference;
    const std::string why = observed.before.text_or("");
    if (wanted_absent(resource)) {
      if (observed.exists || !why.empty()) difference.action = Action::remove;
    } else {
      compare_fields(resource, observed, difference.attributes);
      if (!observed.exists)
        difference.action = Action::create;
      else if (!difference.attributes.empty())
        difference.action = Action::update;
    }
    if (difference.action != Action::none && Value(resource.attributes)["joins"].bool_or(false))
      difference.notes.emplace_back("unless another host of the component does it first");
    difference.unseen = why;
    return difference;
  }

  Result<Value> prepare(std::span<const Item> items, Context& context) override {
    HttpSession session(context);
    Value::Map undo;
    for (const auto& item : items) {
      const Value attributes(item.resource->attributes);
      const auto seen =
          HttpObjectLink(session, item.resource->id, attributes).look_patiently(wait_of(attributes), context);
      if (!seen) return as_failure(item.resource->id, seen.error());
      Value::Map record{{"there", seen->there}, {"object", seen->object}};
      for (const char* name : kept_attributes)
        if (!attributes[name].is_null()) record[name] = attributes[name];
      undo[item.resource->id.name] = std::move(record);
    }
    return Value(std::move(undo));
  }

  Result<Value> change(std::span<const Item> items, const Value& undo, Context& context) override {
    (void)undo;
    HttpSession session(context);
    for (const auto& item : items) {
      const Value attributes(item.resource->attributes);
      HttpObjectLink link(session, item.resource->id, attributes);
      if (auto changed = change_one(*item.resource, link, context); !changed)
        return as_failure(item.resource->id, changed.error());
    }
    return Value();
  }

  Result<> undo(const UndoRecord& record, Context& context) override { return undo_.undo(record, context); }
  Result<> settle(const UndoRecord& record, Context& context) override { return undo_.settle(record, context); }

 private:
  Asked<> change_one(const Resource& resource, HttpObjectLink& link, Context& context) const {
    const Value attributes(resource.attributes);
    const Patience patience(Patience::Clock::now() + std::min(settling_time, wait_of(attributes)),
                            context.cancellation);
    auto seen = link.look(true);
    while (seen && !seen->missing.empty() && patience.pause(milliseconds(50)) == Patience::Wait::ready)
      seen = link.look(true);
    if (!seen) return tl::unexpected(seen.error());
    if (compare(resource, observed_from(attributes, *seen)).action == Action::none) return {};
    const auto tell = [&] {
      return wanted_absent(resource) ? link.remove(*seen) : link.put(*seen, body_for(resource, *seen));
    };
    auto told = tell();
    const Patience settling(Patience::Clock::now() + std::min(settling_time, wait_of(attributes)),
                            context.cancellation);
    // Another host's agent may do the same at this moment, or change what the service keeps together with it.
    while (!told && told.error().conflict && settling.pause(milliseconds(50)) == Patience::Wait::ready) {
      seen = link.look(true);
      if (!seen && seen.error().may_pass) continue;
      if (!seen) return tl::unexpected(both(told.error(), seen.error()));
      if (compare(resource, observed_from(attributes, *seen)).action == Action::none) return {};
      told = tell();
    }
    // A service that fails may have been about to do the same by itself.
    if (!told && !told.error().may_pass) return told;
    while (true) {
      const auto now = link.look(true);
      if (!now && !told) return tl::unexpected(both(told.error(), now.error()));
      if (!now) return tl::unexpected(now.error());
      const auto left = compare(resource, observed_from(attributes, *now));
      if (left.action == Action::none) return {};
      if (settling.pause(milliseconds(50)) == Patience::Wait::ready) continue;
      if (!told) return told;
      const std::string field = left.attributes.empty() ? "" : "\"" + left.attributes.front().name + "\" ";
      return tl::unexpected(
          Unknown{"the service took it, but " + field + "is not what was asked for", false, context.cancelled()});
    }
  }
  void forget() override { undo_.forget(); }

  HttpUndo undo_;
};

}  // namespace

std::unique_ptr<Kind> make_http_kind() { return std::make_unique<HttpKind>(); }

}  // namespace wright::agent

#include <unistd.h>

#include <algorithm>
#include <set>

#include "agent/files/files.hpp"
#include "agent/files/relocate.hpp"
#include "agent/resources/before.hpp"
#include "agent/resources/http_link.hpp"
#include "agent/resources/http_object.hpp"

#include "agent/resources/kinds.hpp"
#include "base/sha256.hpp"
#include "model/encoding.hpp"

namespace wright::agent {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds undo_wait{20000};
constexpr milliseconds settling_time{5000};  ///< until a change can be seen by those who look
constexpr std::int64_t usual_wait_ms = 60000;

/// What is kept of a resource to take it back. Passwords are not: see Passwords.
constexpr const char* kept_attributes[] = {"auth_user", "headers",  "trust",   "find",    "id_field",
                                           "within",    "data_url", "read_as", "restore", "wait_ms"};

std::string service_of(const ResourceId& id) {
  return id.name.substr(0, id.name.find('/', std::string_view("https://").size()));
}

milliseconds wait_of(const Value& attributes) { return milliseconds(attributes["wait_ms"].int_or(usual_wait_ms)); }

std::string body_for(const Resource& resource, const Seen& seen) {
  const Value attributes(resource.attributes);
  const std::string body = attributes["body"].text_or("{}");
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
  observed.state["object"] = part_of(seen.object, wanted_object(attributes));
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

class HttpKind : public Kind {
 public:
  Result<std::vector<Observed>> look(std::span<const Resource* const> resources, Context& context) override {
    HttpSession session(context);
    std::vector<Observed> all;
    for (const auto* resource : resources) {
      const Value attributes(resource->attributes);
      const auto seen = HttpObjectLink(session, resource->id, attributes).look(false);
      if (!seen && seen.error().cancelled) return as_failure(resource->id, seen.error());
      Observed observed;
      if (seen)
        observed = observed_from(attributes, *seen);
      else
        observed.before = seen.error().why;
      all.push_back(std::move(observed));
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
    if (!why.empty()) difference.notes.push_back("cannot be seen now: " + why);
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

  Result<> undo(const UndoRecord& record, Context& context) override {
    Diagnostics problems;
    HttpSession session(context);
    for (auto id = record.ids.rbegin(); id != record.ids.rend(); ++id) {
      const bool edited = std::find(record.edited.begin(), record.edited.end(), *id) != record.edited.end();
      const Value& before = record.undo[id->name];
      if (before.is_null()) continue;
      HttpObjectLink link(session, *id, before);
      auto undone = undo_one(*id, before, edited, link, context);
      if (!undone) problems.add(undone.error());
    }
    if (problems.has_errors()) return failure(problems);
    return {};
  }

 private:
  Asked<> change_one(const Resource& resource, HttpObjectLink& link, Context& context) const {
    const auto seen = link.look(true);
    if (!seen) return tl::unexpected(seen.error());
    const Value attributes(resource.attributes);
    if (compare(resource, observed_from(attributes, *seen)).action == Action::none) return {};
    const auto told = wanted_absent(resource) ? link.remove(*seen) : link.put(*seen, body_for(resource, *seen));
    if (!told) return told;
    const Patience patience(Patience::Clock::now() + std::min(settling_time, wait_of(attributes)),
                            context.cancellation);
    while (true) {
      const auto now = link.look(true);
      if (!now) return tl::unexpected(now.error());
      const auto left = compare(resource, observed_from(attributes, *now));
      if (left.action == Action::none) return {};
      if (patience.pause(milliseconds(50)) == Patience::Wait::ready) continue;
      const std::string field = left.attributes.empty() ? "" : "\"" + left.attributes.front().name + "\" ";
      return tl::unexpected(
          Unknown{"the service took it, but " + field + "is not what was asked for", false, context.cancelled()});
    }
  }

  Result<> undo_one(const ResourceId& id, const Value& before, bool edited, HttpObjectLink& link, Context& context) {
    const auto wait = std::min(undo_wait, wait_of(before));
    const auto seen = dead_.contains(service_of(id)) ? link.look(false) : link.look_patiently(wait, context);
    if (!seen && seen.error().may_pass) {
      // What the service would know is out of reach; it must not keep everything else from being taken back.
      dead_.insert(service_of(id));
      note(context, id, "was left as it is, as the service does not answer: " + seen.error().why);
      return {};
    }
    if (!seen) return as_failure(id, seen.error());
    if (edited && seen->there)
      if (auto kept = keep(id, seen->object, context); !kept) return kept;
    const auto told =
        before["there"].bool_or(false) ? put_back(before, *seen, link) : take_away(id, *seen, link, context);
    if (!told) return as_failure(id, told.error());
    return {};
  }

  static Asked<> put_back(const Value& before, const Seen& seen, HttpObjectLink& link) {
    if (seen.there && seen.object == before["object"]) return {};
    Value object = renamed(before["object"], before["read_as"], true);
    if (const auto fields = before["restore"].strings(); !fields.empty() && object.as_map() != nullptr)
      std::erase_if(*object.as_map(), [&](const auto& field) {
        return std::find(fields.begin(), fields.end(), field.first) == fields.end();
      });
    return link.put(seen, to_json(object));
  }

  static Asked<> take_away(const ResourceId& id, const Seen& seen, HttpObjectLink& link, Context& context) {
    if (!seen.there) return {};
    const auto held = link.held();
    if (!held) return tl::unexpected(held.error());
    if (*held == 0) return link.remove(seen);
    note(context, id, "was left as it is: it holds data (" + std::to_string(*held) + ")");
    return {};
  }

  /// The object that somebody else changed, as a file among the hand edits that are kept.
  static Result<> keep(const ResourceId& id, const Value& object, Context& context) {
    const std::string folder = context.state_folder + "/http";
    const std::string path = folder + "/" + sha256_hex(id.name).substr(0, 16) + ".json";
    if (auto made = make_private_folders(folder); !made) return made;
    auto done = replace_file(path, id.name + "\n" + to_json(object, 2) + "\n", {0600, ::geteuid(), ::getegid()});
    if (done) done = context.keep(path);
    if (done) done = remove_path(path);
    return done;
  }

  static void note(const Context& context, const ResourceId& id, const std::string& text) {
    Event event;
    event.event = "note";
    event.subject = to_string(id);
    event.text = event.subject + " " + text;
    context.emit(event);
  }

  std::set<std::string> dead_;  ///< what did not answer an undo; not waited for twice
};

}  // namespace

std::unique_ptr<Kind> make_http_kind() { return std::make_unique<HttpKind>(); }

}  // namespace wright::agent

#include <algorithm>
#include <set>

#include "agent/resources/account_files.hpp"
#include "agent/resources/before.hpp"
#include "agent/resources/home.hpp"
#include "agent/resources/kinds.hpp"

namespace wright::agent {
namespace {

constexpr std::string_view usual_shell = "/usr/sbin/nologin";

bool flag(const Resource& resource, std::string_view name) {
  const auto found = resource.attributes.find(name);
  return found != resource.attributes.end() && found->second.bool_or(false);
}

std::vector<std::string> groups_wanted(const Resource& resource) {
  const auto found = resource.attributes.find("groups");
  return found == resource.attributes.end() ? std::vector<std::string>() : found->second.strings();
}

/// A system account without a home gets the one that Debian gives those.
std::string home_wanted(const Resource& resource) {
  const bool homeless = flag(resource, "system") && !flag(resource, "create_home");
  return text_attribute(resource, "home", homeless ? "/nonexistent" : "/home/" + resource.id.name);
}

const AttributeChange* change_of(const Item& item, std::string_view name) {
  const auto& all = item.difference.attributes;
  const auto found = std::find_if(all.begin(), all.end(), [&](const AttributeChange& a) { return a.name == name; });
  return found == all.end() ? nullptr : &*found;
}

std::vector<std::string> arguments_for_new(const Resource& resource, const Accounts& accounts) {
  std::vector<std::string> argv{"/usr/sbin/useradd", "--no-log-init", "--no-create-home"};
  const auto add = [&](const char* option, std::string value) {
    argv.emplace_back(option);
    argv.push_back(std::move(value));
  };
  if (flag(resource, "system")) argv.emplace_back("--system");
  if (const auto uid = int_attribute(resource, "uid", -1); uid >= 0) add("--uid", std::to_string(uid));
  add("--home-dir", home_wanted(resource));
  add("--shell", text_attribute(resource, "shell", usual_shell));
  if (const std::string comment = text_attribute(resource, "comment"); !comment.empty()) add("--comment", comment);
  const std::string group = text_attribute(resource, "group", resource.id.name);
  if (resource.attributes.contains("group") || accounts.group(group) != nullptr)
    add("--gid", group);
  else
    argv.emplace_back("--user-group");
  std::string groups;
  for (const auto& one : groups_wanted(resource)) groups += (groups.empty() ? "" : ",") + one;
  if (!groups.empty()) add("--groups", groups);
  argv.insert(argv.end(), {"--", resource.id.name});
  return argv;
}

/// Only `usermod --append` leaves the user in the other groups. Empty when nothing but the home is to be made.
std::vector<std::string> arguments_for_change(const Item& item) {
  std::vector<std::string> argv{"/usr/sbin/usermod"};
  const auto add = [&](const char* attribute, const char* option, const std::string& value) {
    if (change_of(item, attribute) == nullptr) return;
    argv.emplace_back(option);
    argv.push_back(value);
  };
  const Resource& resource = *item.resource;
  add("uid", "--uid", std::to_string(int_attribute(resource, "uid", -1)));
  add("group", "--gid", text_attribute(resource, "group"));
  add("home", "--home", text_attribute(resource, "home"));
  add("shell", "--shell", text_attribute(resource, "shell"));
  add("comment", "--comment", text_attribute(resource, "comment"));
  if (const auto* groups = change_of(item, "groups")) {
    std::string missing;
    for (const auto& one : groups->after.strings()) missing += (missing.empty() ? "" : ",") + one;
    argv.insert(argv.end(), {"--append", "--groups", missing});
  }
  if (argv.size() == 1) return {};
  argv.insert(argv.end(), {"--", resource.id.name});
  return argv;
}

class UserKind : public Kind {
 public:
  Result<std::vector<Observed>> look(std::span<const Resource* const> resources, Context& context) override {
    const auto accounts = accounts_of(context);
    if (!accounts) return failure(accounts.error());
    std::vector<Observed> all;
    for (const auto* resource : resources) {
      Observed& observed = all.emplace_back();
      const UserEntry* user = (*accounts)->user(resource->id.name);
      if (user == nullptr) continue;
      observed.exists = true;
      observed.state = {{"uid", static_cast<std::int64_t>(user->uid)},
                        {"group", (*accounts)->name_of_group(user->gid)},
                        {"gid", static_cast<std::int64_t>(user->gid)},
                        {"home", user->home},
                        {"shell", user->shell},
                        {"comment", user->comment}};
      std::vector<std::string> groups;
      for (const gid_t gid : (*accounts)->groups_of(*user)) groups.push_back((*accounts)->name_of_group(gid));
      std::sort(groups.begin(), groups.end());
      observed.state["groups"] = groups;
      if (!flag(*resource, "create_home")) continue;
      const auto home = look_at(user->home);
      if (!home) return failure(home.error());
      observed.state["home_exists"] = home->type != FileState::Type::absent;
    }
    return all;
  }

  Difference compare(const Resource& resource, const Observed& observed) const override {
    Difference difference;
    if (wanted_absent(resource)) {
      if (!observed.exists) return difference;
      difference.action = Action::remove;
      difference.notes.emplace_back("its home directory stays");
      return difference;
    }
    const Value now(observed.state);
    const auto differ = [&](const char* name, const Value& before, const Value& wanted) {
      if (before != wanted) difference.attributes.push_back({name, before, wanted, {}, false});
    };
    for (const char* name : {"uid", "home", "shell", "comment"})
      if (const auto wanted = resource.attributes.find(name); wanted != resource.attributes.end())
        differ(name, now[name], wanted->second);
    if (const std::string group = text_attribute(resource, "group");
        !group.empty() && group != std::to_string(now["gid"].int_or(-1)))
      differ("group", now["group"], group);
    const auto is_in = now["groups"].strings();
    std::vector<std::string> missing = groups_wanted(resource);
    std::erase_if(missing,
                  [&](const std::string& g) { return std::find(is_in.begin(), is_in.end(), g) != is_in.end(); });
    if (!missing.empty())
      difference.attributes.push_back({"groups", observed.exists ? now["groups"] : Value(), missing, {}, false});
    if (flag(resource, "create_home") && !now["home_exists"].bool_or(false))
      difference.attributes.push_back({"create_home", Value(), true, {}, false});
    if (!observed.exists)
      difference.action = Action::create;
    else if (!difference.attributes.empty())
      difference.action = Action::update;
    return difference;
  }

  Result<Value> prepare(std::span<const Item> items, Context& context) override {
    if (auto named = check_account_names(items); !named) return failure(named.error());
    auto files = record_account_files(context);
    if (!files) return failure(files.error());
    Value::Map homes;
    Value::Map numbers;
    std::set<std::string> touched;
    for (const auto& item : items) {
      const Resource& resource = *item.resource;
      const Value now(item.observed.state);
      for (const auto& group : groups_wanted(resource)) touched.insert(group);
      if (change_of(item, "create_home") != nullptr) {
        const bool moves = !item.observed.exists || change_of(item, "home") != nullptr;
        auto home = record_home(moves ? home_wanted(resource) : now["home"].text_or(""));
        if (!home) return failure(home.error());
        homes[resource.id.name] = std::move(*home);
      }
      if (change_of(item, "uid") != nullptr || change_of(item, "group") != nullptr)
        if (item.observed.exists) numbers[resource.id.name] = Value::Map{{"uid", now["uid"]}, {"gid", now["gid"]}};
    }
    return Value(Value::Map{{"files", std::move(*files)},
                            {"ids", names_in(items)},
                            {"touched", std::vector<std::string>(touched.begin(), touched.end())},
                            {"homes", std::move(homes)},
                            {"numbers", std::move(numbers)}});
  }

  Result<Value> change(std::span<const Item> items, const Value& undo, Context& context) override {
    (void)undo;
    for (const auto& item : items) {
      auto changed = change_one(item, context);
      context.request.erase("accounts");
      if (!changed) return failure(changed.error());
    }
    auto files = record_account_files(context);
    if (!files) return failure(files.error());
    return Value(Value::Map{{"files", std::move(*files)}});
  }

  Result<> undo(const UndoRecord& record, Context& context) override {
    context.request.erase("accounts");
    const auto accounts = Accounts::read();
    if (!accounts) return failure(accounts.error());
    for (auto id = record.ids.rbegin(); id != record.ids.rend(); ++id) {
      if (auto home = take_home_back(record.undo["homes"][id->name], context); !home) return home;
      if (auto back = numbers_back(*id, record.undo["numbers"][id->name], *accounts, context); !back) return back;
    }
    return restore_account_files(account_change(record), context);
  }

 private:
  static Result<> change_one(const Item& item, Context& context) {
    const Resource& resource = *item.resource;
    const std::string where = to_string(resource.id);
    if (item.difference.action == Action::remove)
      return run_account_tool(where, {"/usr/sbin/userdel", "--", resource.id.name}, context);
    std::vector<std::string> argv;
    if (item.difference.action == Action::create) {
      const auto accounts = Accounts::read();
      if (!accounts) return failure(accounts.error());
      argv = arguments_for_new(resource, *accounts);
    } else {
      argv = arguments_for_change(item);
    }
    if (!argv.empty())
      if (auto made = run_account_tool(where, std::move(argv), context); !made) return made;
    return change_of(item, "create_home") != nullptr ? make_home(resource.id.name, context) : Result<>();
  }

  /// A new number was given to all that the user has at home; only usermod gives the old one back.
  static Result<> numbers_back(const ResourceId& id, const Value& before, const Accounts& accounts, Context& context) {
    const UserEntry* user = accounts.user(id.name);
    if (before.is_null() || user == nullptr) return {};
    const auto uid = before["uid"].int_or(-1);
    const auto gid = before["gid"].int_or(-1);
    std::vector<std::string> argv{"/usr/sbin/usermod"};
    if (uid != static_cast<std::int64_t>(user->uid)) argv.insert(argv.end(), {"--uid", std::to_string(uid)});
    if (gid != static_cast<std::int64_t>(user->gid)) argv.insert(argv.end(), {"--gid", std::to_string(gid)});
    if (argv.size() == 1) return {};
    argv.insert(argv.end(), {"--", id.name});
    return run_account_tool(to_string(id), std::move(argv), context);
  }
};

}  // namespace

std::unique_ptr<Kind> make_user_kind() { return std::make_unique<UserKind>(); }

}  // namespace wright::agent

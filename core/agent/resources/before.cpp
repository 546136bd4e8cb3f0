#include "agent/resources/before.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "agent/files/place.hpp"
#include "agent/files/relocate.hpp"
#include "base/sha256.hpp"

namespace wright::agent {
namespace {

using Type = FileState::Type;

constexpr std::size_t content_limit = std::size_t{1} << 30U;

Ownership ownership_of(const Value& before) {
  return {static_cast<mode_t>(before["mode"].int_or(0600)), static_cast<uid_t>(before["uid"].int_or(0)),
          static_cast<gid_t>(before["gid"].int_or(0))};
}

bool same_ownership(const FileState& now, const Ownership& then) {
  return now.mode == then.mode && now.uid == then.uid && now.gid == then.gid;
}

Extended extended_of(const Value& before) {
  Extended extended;
  if (const auto* list = before["extended"].as_map())
    for (const auto& [name, value] : *list) extended[name] = value.text_or("");
  return extended;
}

Former former(const Value& before) { return {ownership_of(before), extended_of(before), before["mtime_ns"].int_or(0)}; }

bool same_extended(const std::string& path, const Value& before) {
  const auto now = extended_at(path);
  return now && now->value_or(Extended{}) == extended_of(before);
}

/// True when the path is already as it was.
Result<bool> already_there(const std::string& path, const FileState& now, const Value& before) {
  if (name_of(now.type) != before["type"].text_or("")) return false;
  switch (now.type) {
    case Type::absent:
      return true;
    case Type::symlink:
      return now.target == before["target"].text_or("");
    case Type::directory:
      return same_ownership(now, ownership_of(before)) && same_extended(path, before);
    case Type::regular: {
      if (!same_ownership(now, ownership_of(before)) || now.mtime_ns != before["mtime_ns"].int_or(0)) return false;
      if (!same_extended(path, before)) return false;
      const auto content = read_file(path, content_limit);
      if (!content) return failure(content.error());
      return sha256_hex(*content) == before["blob"].text_or("");
    }
    case Type::other:
      return true;
  }
  return false;
}

/// A link's owner matters to nobody but a comparison of before and after.
Result<> restore_symlink(const std::string& path, const Value& before) {
  if (auto made = replace_symlink(path, before["target"].text_or("")); !made) return made;
  const Ownership owner = ownership_of(before);
  auto place = find_place(path);
  if (!place) return system_failure(path, "set its owner", place.error());
  if (::fchownat(place->folder.get(), place->name.c_str(), owner.uid, owner.gid, AT_SYMLINK_NOFOLLOW) != 0)
    return system_failure(path, "set its owner", errno);
  return {};
}

/// Makes room for something that is no directory.
Result<> remove_directory(const std::string& path, bool is_data, Context& context) {
  if (is_data) return context.quarantine(path);
  if (remove_path(path)) return {};
  return context.quarantine(path);
}

}  // namespace

std::string_view name_of(Type type) {
  switch (type) {
    case Type::absent:
      return "absent";
    case Type::regular:
      return "file";
    case Type::directory:
      return "directory";
    case Type::symlink:
      return "symlink";
    case Type::other:
      return "special";
  }
  return "special";
}

Result<Value> record_before(const std::string& path, Context& context) {
  const auto now = look_at(path);
  if (!now) return failure(now.error());
  Value::Map before{{"type", name_of(now->type)}};
  if (now->type == Type::absent) return Value(std::move(before));
  before["mode"] = static_cast<std::int64_t>(now->mode);
  before["uid"] = static_cast<std::int64_t>(now->uid);
  before["gid"] = static_cast<std::int64_t>(now->gid);
  before["mtime_ns"] = now->mtime_ns;
  if (now->type == Type::symlink) before["target"] = now->target;
  if (now->type == Type::regular || now->type == Type::directory) {
    const auto extended = extended_at(path);
    if (!extended) return failure(extended.error());
    if (*extended && !(*extended)->empty()) before["extended"] = Value::Map((*extended)->begin(), (*extended)->end());
  }
  if (now->type == Type::regular) {
    const auto content = read_file(path, content_limit);
    if (!content) return failure(content.error());
    auto blob = context.blobs.put(*content);
    if (!blob) return failure(blob.error());
    before["blob"] = std::move(*blob);
  }
  return Value(std::move(before));
}

Result<> restore_before(const std::string& path, const Value& before, Restoring how, Context& context) {
  const auto now = look_at(path);
  if (!now) return failure(now.error());
  const auto there = already_there(path, *now, before);
  if (!there) return failure(there.error());
  if (*there) return remove_staging(path);
  if (how.edited && (now->type == Type::regular || now->type == Type::symlink))
    if (auto kept = context.keep(path); !kept) return kept;
  const std::string type = before["type"].text_or("");
  if (now->type == Type::directory && type != "directory")
    if (auto removed = remove_directory(path, how.is_data, context); !removed) return removed;
  if (type == "absent") return remove_path(path);
  if (type == "symlink") return restore_symlink(path, before);
  if (type == "file") {
    const auto content = context.blobs.get(before["blob"].text_or(""));
    if (!content) return failure(content.error());
    return restore_file(path, *content, former(before));
  }
  if (type == "directory") {
    if (now->type != Type::directory && now->type != Type::absent)
      if (auto removed = remove_path(path); !removed) return removed;
    return restore_directory(path, former(before));
  }
  return failure(path, "cannot be put back: it was neither a file nor a directory nor a link");
}

Result<> restore_all(const UndoRecord& record, bool directories, Context& context) {
  Diagnostics problems;
  for (auto id = record.ids.rbegin(); id != record.ids.rend(); ++id) {
    const Value& before = record.undo[id->name];
    if (before.is_null()) continue;
    const bool edited = std::find(record.edited.begin(), record.edited.end(), *id) != record.edited.end();
    const bool is_data = directories && before["data"].bool_or(false);
    auto restored = restore_before(id->name, before, {edited, is_data}, context);
    if (!restored) problems.add(restored.error());
  }
  if (problems.has_errors()) return failure(problems);
  return {};
}

std::string text_attribute(const Resource& resource, std::string_view name, std::string_view otherwise) {
  const auto found = resource.attributes.find(name);
  return found == resource.attributes.end() ? std::string(otherwise) : found->second.text_or(otherwise);
}

std::int64_t int_attribute(const Resource& resource, std::string_view name, std::int64_t otherwise) {
  const auto found = resource.attributes.find(name);
  return found == resource.attributes.end() ? otherwise : found->second.int_or(otherwise);
}

bool wanted_absent(const Resource& resource) { return text_attribute(resource, "ensure", "present") == "absent"; }

Result<const Accounts*> accounts_of(Context& context) {
  const std::string key = "accounts";
  if (const auto found = context.request.find(key); found != context.request.end())
    if (const auto* accounts = std::any_cast<Accounts>(&found->second)) return accounts;
  auto accounts = Accounts::read();
  if (!accounts) return failure(accounts.error());
  std::any& kept = context.request[key];
  kept = std::move(*accounts);
  return std::any_cast<Accounts>(&kept);
}

Result<Ownership> ownership_for(const Resource& resource, mode_t mode) {
  const auto accounts = Accounts::read();
  if (!accounts) return failure(accounts.error());
  Diagnostics problems;
  const auto uid = accounts->uid_of(text_attribute(resource, "owner", "root"));
  const auto gid = accounts->gid_of(text_attribute(resource, "group", "root"));
  if (!uid) problems.add(uid.error());
  if (!gid) problems.add(gid.error());
  if (problems.has_errors()) return failure(problems);
  return Ownership{static_cast<mode_t>(int_attribute(resource, "mode", mode)), *uid, *gid};
}

void describe_ownership(const FileState& seen, const Accounts& accounts, Value::Map& state) {
  state["mode"] = static_cast<std::int64_t>(seen.mode);
  state["owner"] = accounts.name_of_user(seen.uid);
  state["group"] = accounts.name_of_group(seen.gid);
  state["uid"] = static_cast<std::int64_t>(seen.uid);
  state["gid"] = static_cast<std::int64_t>(seen.gid);
}

void compare_ownership(const Resource& resource, const Value::Map& state, std::vector<AttributeChange>& changes) {
  const Value now(state);
  if (const auto mode = resource.attributes.find("mode"); mode != resource.attributes.end())
    if (now["mode"] != mode->second) changes.push_back({"mode", now["mode"], mode->second, {}, false});
  auto compare = [&](const char* name, const char* number) {
    const std::string wanted = text_attribute(resource, name, "root");
    if (now[name].text_or("") != wanted && std::to_string(now[number].int_or(-1)) != wanted)
      changes.push_back({name, now[name], wanted, {}, false});
  };
  compare("owner", "uid");
  compare("group", "gid");
}

}  // namespace wright::agent

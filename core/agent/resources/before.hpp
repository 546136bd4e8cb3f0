#pragma once

#include <string>

#include "agent/files/accounts.hpp"
#include "agent/files/files.hpp"
#include "agent/resources/kind.hpp"
#include "base/result.hpp"
#include "model/plan.hpp"
#include "model/resource.hpp"

namespace wright::agent {

std::string_view name_of(FileState::Type type);

/// What is at a path now, with everything to put it back: {"type", "mode", "uid", "gid", "mtime_ns", "extended" when
/// it has such attributes, and "blob" (the content's digest in Context::blobs) or "target"}; {"type": "absent"} when
/// nothing is there.
Result<Value> record_before(const std::string& path, Context& context);

struct Restoring {
  bool edited = false;   ///< what is there now is not what the step left: keep it first
  bool is_data = false;  ///< a directory goes to quarantine as a whole, empty or not
};
/// Puts back what record_before() saw; fine when it is there already. A directory that is in the way and not empty goes
/// to quarantine.
Result<> restore_before(const std::string& path, const Value& before, Restoring how, Context& context);

/// Undo of a kind whose record is a table from each path to what record_before() saw; the last one first.
Result<> restore_all(const UndoRecord& record, bool directories, Context& context);

/// The attribute's text, or `otherwise`.
std::string text_attribute(const Resource& resource, std::string_view name, std::string_view otherwise = {});
std::int64_t int_attribute(const Resource& resource, std::string_view name, std::int64_t otherwise);
bool wanted_absent(const Resource& resource);

/// /etc/passwd and /etc/group, read once for each request.
Result<const Accounts*> accounts_of(Context& context);

/// Mode, owner and group that a resource asks for, as numbers; an error when a name is unknown on this host.
Result<Ownership> ownership_for(const Resource& resource, mode_t mode);

/// Adds "owner", "uid", "group", "gid" and "mode" to a state.
void describe_ownership(const FileState& seen, const Accounts& accounts, Value::Map& state);
/// What of owner and group differs, and of the mode when the resource has one.
void compare_ownership(const Resource& resource, const Value::Map& state, std::vector<AttributeChange>& changes);

}  // namespace wright::agent

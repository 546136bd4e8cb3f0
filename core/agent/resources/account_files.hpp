#pragma once

#include <set>
#include <string>
#include <string_view>

#include "agent/context.hpp"
#include "agent/resources/kind.hpp"
#include "base/result.hpp"
#include "model/value.hpp"

namespace wright::agent {

/// Names that the tools for accounts take, and that no tool takes for an option or two fields.
bool is_account_name(std::string_view name);

/// Every name of the items that is none, at once.
Result<> check_account_names(std::span<const Item> items);
std::vector<std::string> names_in(std::span<const Item> items);

/// /etc/passwd, group, shadow, gshadow, subuid, subgid, and what the tools keep of the version before: each path with
/// what record_before() says of it. `etc` stands for /etc in tests.
Result<Value> record_account_files(Context& context, const std::string& etc = "/etc");

/// What a change did to the account files.
struct AccountChange {
  Value before;                              ///< of record_account_files()
  Value after;                               ///< the same after the change; null when it was killed on the way
  std::set<std::string, std::less<>> names;  ///< users and groups that the change may have touched
  std::set<std::string, std::less<>> stay;   ///< of these, the ones whose lines are not to be taken back
};
/// Of an undo record with "files", "ids" (all names of the step) and "touched" (other groups), and a done value with
/// "files".
AccountChange account_change(const UndoRecord& record);
/// Takes it back while the tools are locked out. Lines and members that somebody else added meanwhile stay.
Result<> restore_account_files(const AccountChange& change, Context& context, const std::string& etc = "/etc");

/// `now` without the lines that differ from `before`, but for those of `names`.
std::string only_of_names(std::string_view before, std::string_view now,
                          const std::set<std::string, std::less<>>& names);

/// Runs one of the tools to its end, even when the run is cancelled: half of its files would be written.
Result<> run_account_tool(const std::string& where, std::vector<std::string> argv, const Context& context);

}  // namespace wright::agent

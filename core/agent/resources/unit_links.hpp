#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "model/value.hpp"

namespace wright::agent {

/// What enabling and disabling units changes: every link under ETC/systemd/system and its folders, and those of
/// ETC/rc?.d, each path with the link's target; of folders the path with an empty target.
using UnitLinks = std::map<std::string, std::string>;

Result<UnitLinks> read_unit_links(const std::string& etc = "/etc");
Value to_value(const UnitLinks& links);
UnitLinks unit_links_from(const Value& value);

/// True when the init script of that name is started at boot.
bool started_by_init(const UnitLinks& links, std::string_view script);

/// `now` as far as it differs from `before` by links of that unit or to it, and folders; else `before`.
UnitLinks only_of_unit(const UnitLinks& before, const UnitLinks& now, std::string_view unit);

/// Takes back what a change from `before` to `after` did. What somebody else changed since stays. True when anything
/// was put back.
Result<bool> restore_unit_links(const UnitLinks& before, const UnitLinks& after, const std::string& etc = "/etc");

}  // namespace wright::agent

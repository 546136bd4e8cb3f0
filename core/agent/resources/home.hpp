#pragma once

#include <string>

#include "agent/context.hpp"
#include "base/result.hpp"
#include "model/value.hpp"

namespace wright::agent {

/// For an undo record: {"path", "made" (list of the folders that are missing now, the topmost first)}.
Result<Value> record_home(const std::string& home);
/// Makes the home directory of a user that exists, with what is in /etc/skel.
Result<> make_home(const std::string& user, const Context& context);
/// Removes the folders that were missing when record_home() looked. A home in which anything is that /etc/skel does not
/// have goes to quarantine; folders above it stay when they are not empty.
Result<> take_home_back(const Value& before, Context& context, const std::string& skeleton = "/etc/skel");

}  // namespace wright::agent

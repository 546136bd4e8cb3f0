#pragma once

#include <string>

namespace wright::agent {

inline constexpr const char* supervisor_settings = "/etc/supervisor/supervisord.conf";

/// The user and password that supervisorctl would give a supervisord at `socket`, as "USER:PASSWORD": those of the
/// section [supervisorctl] of the file `settings`, if that is about this socket. Empty when there are none.
std::string supervisor_login(const std::string& socket, const std::string& settings = supervisor_settings);

}  // namespace wright::agent

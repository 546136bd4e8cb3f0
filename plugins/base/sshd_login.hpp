#pragma once

#include "options.hpp"

namespace base {

/// How wright comes in, as far as that is known. There is no user when it does not come in at all, as on a "local"
/// host.
struct Incoming {
  std::string user;
  std::string client;      ///< numeric address that it comes from, as the host sees it
  std::string server;      ///< and the one that it comes in at
  std::uint16_t port = 0;  ///< of sshd
};
Incoming incoming(const wright::Phase& on);

/// Says an error for each setting of sshd that would keep wright out. What cannot be told from the settings alone, such
/// as who is in a group, is for the login that verify tries.
void check_sshd_login(wright::Configure& on, const std::map<std::string, std::string>& sshd);

}  // namespace base

#pragma once

#include "transport/ssh_session.hpp"

namespace wright {

/// Logs in with the target's key, or with the ssh agent and then the usual files of ~/.ssh. No passwords, and nothing
/// asks for one: a key with a passphrase belongs into the agent. Fault::failed names the user and every key that was
/// tried; Fault::unreachable when the connection went meanwhile.
/// An ssh agent that waits for its user (a touch, a question) is waited for without a limit.
Result<> log_in(SshSession& session, const Target& target, Deadline deadline);

}  // namespace wright

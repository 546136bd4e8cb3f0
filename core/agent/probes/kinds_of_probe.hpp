#pragma once

#include <string>

#include "agent/context.hpp"
#include "agent/probes/stream.hpp"
#include "model/resource.hpp"

namespace wright::agent {

// Each asks once. The text of a trouble says what was expected and what came.
Talk<> ask_tcp(const Probe& probe, const Patience& patience);
Talk<> ask_tls(const Probe& probe, const Patience& patience);
Talk<> ask_http(const Probe& probe, const Patience& patience);
Talk<> ask_mongodb(const Probe& probe, const Patience& patience);
Talk<> ask_command(const Probe& probe, const Patience& patience, const Context& context);
Talk<> ask_file(const Probe& probe);
Talk<> ask_program(const Probe& probe, const Patience& patience);

/// The attribute; a null value when the probe has none of that name.
const Value& attribute(const Probe& probe, std::string_view name);
/// With the probe's own secrets left out, which a peer or a log may hold.
std::string without_secrets(const Probe& probe, std::string bytes);
/// What came from elsewhere, as a message may show it: quoted, shortened, harmless on a terminal, and without the
/// probe's own secrets, which a peer may send back.
std::string shown(const Probe& probe, std::string bytes);
/// The same, but of something long its end, where the reason is in a conversation.
std::string shown_end(const Probe& probe, std::string bytes);

}  // namespace wright::agent

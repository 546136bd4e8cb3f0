#pragma once

#include <cstdint>
#include <string>

#include "base/result.hpp"
#include "transport/deadline.hpp"
#include "transport/descriptor.hpp"

namespace wright {

/// A connected, non-blocking TCP socket that notices within 30 s when the other end is gone: by keepalive when idle, by
/// a limit on unacknowledged data otherwise. Names are looked up, each address is tried in turn. Fault::unreachable
/// says which: no such name, refused, no route, no answer in time. `where` begins diagnostics.
Result<Descriptor> connect_tcp(const std::string& where, const std::string& address, std::uint16_t port,
                               std::chrono::milliseconds limit);

}  // namespace wright

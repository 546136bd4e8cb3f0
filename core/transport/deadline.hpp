#pragma once

#include <poll.h>

#include <chrono>
#include <string>
#include <vector>

namespace wright {

/// A moment after which a wait is over. Every wait of this folder has one.
using Deadline = std::chrono::steady_clock::time_point;

inline Deadline after(std::chrono::milliseconds span) { return std::chrono::steady_clock::now() + span; }
[[nodiscard]] bool passed(Deadline deadline);

/// Waits until one of the descriptors has something to say; false when the deadline passed first, and always after it.
bool wait_for_any(std::vector<pollfd>& descriptors, Deadline deadline);

/// "10 s", "0.25 s": a span for people.
std::string in_seconds(std::chrono::milliseconds span);

}  // namespace wright

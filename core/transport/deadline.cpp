#include "transport/deadline.hpp"

#include <algorithm>
#include <cerrno>
#include <climits>

namespace wright {

bool passed(Deadline deadline) { return std::chrono::steady_clock::now() >= deadline; }

bool wait_for_any(std::vector<pollfd>& descriptors, Deadline deadline) {
  // Looked at first: a descriptor that is always ready must not keep a wait from ever ending.
  while (!passed(deadline)) {
    // Rounded up: a wait that ends a moment early would come back here many times.
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    const int timeout = static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, INT_MAX));
    const int ready = ::poll(descriptors.data(), descriptors.size(), timeout);
    if (ready > 0) return true;
    if (ready == 0 || errno != EINTR) return false;
  }
  return false;
}

std::string in_seconds(std::chrono::milliseconds span) {
  std::string text = std::to_string(span.count() / 1000);
  if (const auto rest = span.count() % 1000; rest != 0) {
    std::string digits = std::to_string(1000 + rest).substr(1);
    while (digits.back() == '0') digits.pop_back();
    text += "." + digits;
  }
  return text + " s";
}

}  // namespace wright

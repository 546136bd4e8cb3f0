#pragma once

#include <wright/text.hpp>

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <string>

namespace wright {

/// Thrown by the SDK when the host refuses something or has no value of the wanted type. Becomes a diagnostic.
struct HostError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

namespace detail {

/// Leaves the phase when a fact is not known yet; the phase is called again with it. Deliberately no std::exception, so
/// that a plugin's own catch blocks let it pass.
struct Suspended {};

/// The host's table as this SDK knows it. Slots of a newer SDK than the host's are NULL.
inline wright_host copy_of(const wright_host* theirs) {
  wright_host ours{};
  std::memcpy(&ours, theirs, std::min<std::size_t>(theirs->struct_size, sizeof(ours)));
  return ours;
}

/// One call: the host's table and the call's handle.
struct Call {
  wright_host host;
  wright_call* handle;
  bool failed = false;

  void diagnose(std::int32_t severity, std::string_view summary, std::string_view why, std::string_view option) {
    if (severity == WRIGHT_ERROR) failed = true;
    host.diagnose(handle, severity, borrow(summary), borrow(why), borrow(option));
  }
};

/// A host function did nothing although its handle was good: memory ran out, or the host is broken.
inline void expect_ok(std::int32_t status, std::string_view what) {
  if (status != WRIGHT_OK) throw HostError("the host refused " + std::string(what));
}

}  // namespace detail
}  // namespace wright

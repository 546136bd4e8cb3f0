#pragma once

#include <poll.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace wright {

/// How the process at the other end ended. Neither status nor signal: the link went first.
struct Ending {
  std::optional<int> status;
  std::string signal;  ///< "KILL", without SIG
};

/// Both directions of a talk with a process that reads and writes bytes. Nothing here waits; one thread at a time. An
/// error is the reason why the link is lost, and is repeated by every later call.
class ByteStream {
 public:
  template <class T>
  using Io = tl::expected<T, std::string>;

  virtual ~ByteStream() = default;

  /// Takes the first of the bytes, as many as go now, and says how many.
  virtual Io<std::size_t> write(std::string_view bytes) = 0;
  /// False while bytes that write() took have not reached the kernel.
  virtual Io<bool> flush() = 0;
  /// Appends what the process wrote to its standard output; false at its end.
  virtual Io<bool> read(std::string& out) = 0;
  /// Appends what it wrote to its standard error.
  virtual void read_errors(std::string& out) = 0;
  /// True when output came in by another call than read(), so that a poll of the descriptors would miss it.
  virtual bool holds_input() = 0;
  /// The process reads the end of its input.
  virtual void end_input() = 0;
  /// What to poll before the next call; `writing` when there are bytes to write.
  virtual void watch(std::vector<pollfd>& descriptors, bool writing) = 0;
  /// Known some time after the end of the output.
  virtual std::optional<Ending> ending() = 0;
};

}  // namespace wright

#pragma once

#include <sys/types.h>

#include "transport/descriptor.hpp"
#include "transport/stream.hpp"

namespace wright {

/// A connected stream socket, with the standard error and the process at the other end where they are known.
class FdStream final : public ByteStream {
 public:
  /// Owns what it is given. `errors` may be none; `child` may be 0, or a child process that is reaped here.
  explicit FdStream(Descriptor socket, Descriptor errors = {}, pid_t child = 0);
  /// Ends the input and gives the child a moment to end; a child that goes on (it rolls back) is left to itself.
  ~FdStream() override;

  Io<std::size_t> write(std::string_view bytes) override;
  Io<bool> flush() override;
  Io<bool> read(std::string& out) override;
  void read_errors(std::string& out) override;
  bool holds_input() override { return false; }
  void end_input() override;
  void watch(std::vector<pollfd>& descriptors, bool writing) override;
  std::optional<Ending> ending() override;

 private:
  Descriptor socket_;
  Descriptor errors_;
  Descriptor process_;  ///< of the child, becomes readable when it ends
  pid_t child_;
  bool ended_ = false;
  std::string lost_;
  std::optional<Ending> ending_;
};

}  // namespace wright

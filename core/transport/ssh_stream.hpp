#pragma once

#include <memory>

#include "transport/ssh_session.hpp"
#include "transport/stream.hpp"

struct ssh_channel_struct;

namespace wright {

/// One command on the host, over a channel of a session. Commands of one session are used by one thread at a time.
class SshStream final : public ByteStream {
 public:
  /// Fault::failed when the server does not run commands, Fault::unreachable when it does not answer in time.
  static Result<std::unique_ptr<SshStream>> run(const std::shared_ptr<SshSession>& session, const std::string& command,
                                                Deadline deadline);
  ~SshStream() override;

  Io<std::size_t> write(std::string_view bytes) override;
  Io<bool> flush() override;
  Io<bool> read(std::string& out) override;
  void read_errors(std::string& out) override;
  bool holds_input() override;
  void end_input() override;
  void watch(std::vector<pollfd>& descriptors, bool writing) override;
  std::optional<Ending> ending() override;

 private:
  struct Callbacks;
  explicit SshStream(std::shared_ptr<SshSession> session);
  [[nodiscard]] tl::unexpected<std::string> lose();

  std::shared_ptr<SshSession> session_;
  std::unique_ptr<Callbacks> callbacks_;
  ssh_channel_struct* channel_;
  Ending ending_;
  std::string lost_;
};

}  // namespace wright

#include "transport/ssh_stream.hpp"

#include <libssh/callbacks.h>
#include <libssh/libssh.h>

#include <algorithm>

#include "transport/problem.hpp"

namespace wright {
namespace {

constexpr std::size_t piece = 64U << 10U;
/// What the library is given at once. It keeps a copy until the socket takes it, so this bounds the copy.
constexpr std::size_t largest_write = 256U << 10U;

}  // namespace

struct SshStream::Callbacks {
  ssh_channel_callbacks_struct table{};
};

SshStream::SshStream(std::shared_ptr<SshSession> session)
    : session_(std::move(session)),
      callbacks_(std::make_unique<Callbacks>()),
      channel_(ssh_channel_new(session_->get())) {
  ssh_callbacks_init(&callbacks_->table);
  callbacks_->table.userdata = &ending_;
  callbacks_->table.channel_exit_status_function = [](ssh_session, ssh_channel, int status, void* ending) {
    static_cast<Ending*>(ending)->status = status;
  };
  callbacks_->table.channel_exit_signal_function = [](ssh_session, ssh_channel, const char* signal, int, const char*,
                                                      const char*,
                                                      void* ending) { static_cast<Ending*>(ending)->signal = signal; };
  ssh_set_channel_callbacks(channel_, &callbacks_->table);
}

SshStream::~SshStream() {
  ssh_remove_channel_callbacks(channel_, &callbacks_->table);
  ssh_channel_free(channel_);
}

Result<std::unique_ptr<SshStream>> SshStream::run(const std::shared_ptr<SshSession>& session,
                                                  const std::string& command, Deadline deadline) {
  std::unique_ptr<SshStream> stream(new SshStream(session));
  int result = session->drive([&] { return ssh_channel_open_session(stream->channel_); }, SSH_AGAIN, deadline);
  if (result == SSH_OK)
    result = session->drive([&] { return ssh_channel_request_exec(stream->channel_, command.c_str()); }, SSH_AGAIN,
                            deadline);
  if (result == SSH_OK) return stream;
  if (result == SSH_AGAIN)
    return problem(Fault::unreachable, session->where(), "the server let us in and then did not answer in time");
  if (ssh_get_error_code(session->get()) == SSH_REQUEST_DENIED)
    return problem(Fault::failed, session->where(), "the server runs no commands for this user", session->error());
  return problem(Fault::unreachable, session->where(), "lost the connection after the login", session->error());
}

tl::unexpected<std::string> SshStream::lose() {
  if (lost_.empty()) lost_ = session_->error();
  if (lost_.empty()) lost_ = "the server closed the channel";
  return tl::unexpected(lost_);
}

ByteStream::Io<std::size_t> SshStream::write(std::string_view bytes) {
  const auto flushed = flush();
  if (!flushed) return tl::unexpected(flushed.error());
  if (!*flushed) return 0;
  const auto size = static_cast<std::uint32_t>(std::min(bytes.size(), largest_write));
  const int took = ssh_channel_write(channel_, bytes.data(), size);
  if (took >= 0) return static_cast<std::size_t>(took);
  // A command that ended takes nothing more, and the link goes on: its last words and its exit status are still to
  // come.
  if (ssh_is_connected(session_->get()) != 0) return tl::unexpected(std::string("the agent reads no more"));
  return lose();
}

ByteStream::Io<bool> SshStream::flush() {
  if (!lost_.empty()) return lose();
  const int result = ssh_blocking_flush(session_->get(), 0);
  if (result == SSH_ERROR) return lose();
  return result == SSH_OK;
}

ByteStream::Io<bool> SshStream::read(std::string& out) {
  if (!lost_.empty()) return lose();
  const std::size_t held = out.size();
  out.resize(held + piece);
  const int got = ssh_channel_read_nonblocking(channel_, out.data() + held, piece, 0);
  out.resize(held + static_cast<std::size_t>(std::max(got, 0)));
  if (got > 0) return true;
  if (got == SSH_EOF || ssh_channel_is_eof(channel_) != 0) return false;
  if (got < 0 || ssh_channel_is_closed(channel_) != 0) return lose();
  return true;
}

void SshStream::read_errors(std::string& out) {
  char buffer[4096];
  int got = 0;
  while (lost_.empty() && (got = ssh_channel_read_nonblocking(channel_, buffer, sizeof buffer, 1)) > 0)
    out.append(buffer, static_cast<std::size_t>(got));
}

bool SshStream::holds_input() { return ssh_channel_poll(channel_, 0) != 0; }

void SshStream::end_input() {
  if (ssh_channel_send_eof(channel_) == SSH_OK) (void)flush();
}

// What there is to write waits for the library's own buffer or for the server's window; the session knows the first,
// and the second comes as input.
void SshStream::watch(std::vector<pollfd>& descriptors, bool) { session_->watch(descriptors); }

std::optional<Ending> SshStream::ending() {
  // After the end of the output read() takes no more packets, and the exit status may be in the next one.
  (void)ssh_channel_get_exit_status(channel_);
  if (ending_.status || !ending_.signal.empty() || ssh_channel_is_closed(channel_) != 0) return ending_;
  return std::nullopt;
}

}  // namespace wright

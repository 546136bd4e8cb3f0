#include "transport/fd_stream.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <cerrno>
#include <cstring>

#include "transport/deadline.hpp"

namespace wright {
namespace {

constexpr std::size_t piece = 64U << 10U;
constexpr std::chrono::seconds parting{2};

void set_nonblocking(const Descriptor& fd) {
  if (fd.valid()) ::fcntl(fd.get(), F_SETFL, ::fcntl(fd.get(), F_GETFL) | O_NONBLOCK);
}

bool would_wait(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

}  // namespace

FdStream::FdStream(Descriptor socket, Descriptor errors, pid_t child)
    : socket_(std::move(socket)), errors_(std::move(errors)), child_(child) {
  set_nonblocking(socket_);
  set_nonblocking(errors_);
  if (child_ > 0) process_ = Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, child_, 0)));
}

FdStream::~FdStream() {
  if (child_ <= 0) return;
  end_input();
  // Closed before waiting: a child that writes must not wait for a reader that waits for it.
  socket_.reset();
  errors_.reset();
  const auto deadline = after(parting);
  while (!ending()) {
    std::vector<pollfd> descriptors{{process_.get(), POLLIN, 0}};
    if (!wait_for_any(descriptors, deadline)) return;
  }
}

ByteStream::Io<std::size_t> FdStream::write(std::string_view bytes) {
  if (!lost_.empty()) return tl::unexpected(lost_);
  const ssize_t took = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (took >= 0) return static_cast<std::size_t>(took);
  if (would_wait(errno)) return 0;
  lost_ = errno == EPIPE ? "the agent reads no more" : std::strerror(errno);
  return tl::unexpected(lost_);
}

ByteStream::Io<bool> FdStream::flush() {
  if (!lost_.empty()) return tl::unexpected(lost_);
  return true;
}

ByteStream::Io<bool> FdStream::read(std::string& out) {
  if (ended_) return false;
  const std::size_t held = out.size();
  out.resize(held + piece);
  const ssize_t got = ::recv(socket_.get(), out.data() + held, piece, MSG_DONTWAIT);
  const int error = errno;
  out.resize(held + (got > 0 ? static_cast<std::size_t>(got) : 0));
  if (got > 0 || (got < 0 && would_wait(error))) return true;
  // A peer that ended with unread input of ours in its socket resets the connection.
  if (got == 0 || error == ECONNRESET) {
    ended_ = true;
    return false;
  }
  lost_ = std::strerror(error);
  return tl::unexpected(lost_);
}

void FdStream::read_errors(std::string& out) {
  if (!errors_.valid()) return;
  char buffer[4096];
  ssize_t got = 0;
  while ((got = ::read(errors_.get(), buffer, sizeof buffer)) > 0) out.append(buffer, static_cast<std::size_t>(got));
  if (got == 0 || !would_wait(errno)) errors_.reset();
}

void FdStream::end_input() { ::shutdown(socket_.get(), SHUT_WR); }

void FdStream::watch(std::vector<pollfd>& descriptors, bool writing) {
  // Once it ended, a socket is always ready; what is still to come is the end of the process.
  if (!ended_) descriptors.push_back({socket_.get(), static_cast<short>(writing ? POLLIN | POLLOUT : POLLIN), 0});
  if (ended_ && process_.valid()) descriptors.push_back({process_.get(), POLLIN, 0});
  if (errors_.valid()) descriptors.push_back({errors_.get(), POLLIN, 0});
}

std::optional<Ending> FdStream::ending() {
  if (ending_ || (!ended_ && socket_.valid())) return ending_;
  if (child_ <= 0) return ending_ = Ending{};
  int status = 0;
  const pid_t reaped = ::waitpid(child_, &status, WNOHANG);
  if (reaped == 0) return std::nullopt;
  ending_ = Ending{};
  if (reaped == child_ && WIFEXITED(status)) ending_->status = WEXITSTATUS(status);
  if (reaped == child_ && WIFSIGNALED(status)) {
    const char* name = ::sigabbrev_np(WTERMSIG(status));
    ending_->signal = name != nullptr ? name : std::to_string(WTERMSIG(status));
  }
  return ending_;
}

}  // namespace wright

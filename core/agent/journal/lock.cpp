#include "agent/journal/lock.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <utility>

#include "agent/journal/record.hpp"
#include "base/untrusted.hpp"
#include "model/encoding.hpp"

namespace wright::agent {
namespace {

constexpr std::chrono::milliseconds poll_interval{50};

Result<Value> owner_in(int fd) {
  char buffer[4096];
  const ssize_t count = ::pread(fd, buffer, sizeof buffer, 0);
  return from_json(std::string_view(buffer, count > 0 ? static_cast<std::size_t>(count) : 0));
}

std::string owner_text(int fd) {
  const auto owner = owner_in(fd);
  if (!owner) return "another agent, which does not say who started it";
  auto field = [&](std::string_view name) { return Untrusted((*owner)[name].text_or("?")).for_terminal(256); };
  return field("controller") + " since " + field("since") + " (run " + field("run") + ", pid " +
         std::to_string((*owner)["pid"].int_or(0)) + " on the host)";
}

/// By the kernel's list of locks, "1: FLOCK  ADVISORY  WRITE 4711 00:2a:1234 0 EOF". The number of the device there is
/// not always the one that stat tells, so it is not compared; but who says that it is the owner is.
bool is_locked_by(std::int64_t owner, ino_t inode) {
  std::ifstream locks("/proc/locks");
  const std::string end = ":" + std::to_string(inode);
  for (std::string line; std::getline(locks, line);) {
    std::istringstream words(line);
    std::string number, type, mode, access, pid, file;
    if (words >> number >> type >> mode >> access >> pid >> file && type == "FLOCK" && pid == std::to_string(owner) &&
        file.ends_with(end))
      return true;
  }
  return false;
}

bool still_at(int fd, const std::string& path) {
  struct stat opened {};
  struct stat named {};
  return ::fstat(fd, &opened) == 0 && ::stat(path.c_str(), &named) == 0 && opened.st_ino == named.st_ino &&
         opened.st_dev == named.st_dev;
}

void write_owner(int fd, const std::string& controller, const std::string& run) {
  const std::string text =
      to_json(Value::Map{
          {"controller", controller}, {"run", run}, {"since", utc_now()}, {"pid", std::int64_t{::getpid()}}}) +
      "\n";
  // Only for messages: a disk that is full must not keep a rollback from starting.
  if (::ftruncate(fd, 0) == 0) (void)!::pwrite(fd, text.data(), text.size(), 0);
}

}  // namespace

HostLock::HostLock(HostLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

HostLock& HostLock::operator=(HostLock&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

HostLock::~HostLock() {
  if (fd_ < 0) return;
  (void)!::ftruncate(fd_, 0);
  ::close(fd_);
}

std::string HostLock::holder(const Context& context) {
  const int fd = ::open((context.state_folder + "/lock").c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0) return {};
  // Not by trying to take it, which would be in the way of who really wants it.
  struct stat named {};
  std::string text;
  const auto owner = owner_in(fd);
  if (owner && ::fstat(fd, &named) == 0 && is_locked_by((*owner)["pid"].int_or(0), named.st_ino)) text = owner_text(fd);
  ::close(fd);
  return text;
}

Result<HostLock> HostLock::take(const Context& context, const std::string& controller, const std::string& run,
                                std::chrono::milliseconds timeout) {
  const std::string path = context.state_folder + "/lock";
  if (::mkdir(context.state_folder.c_str(), 0700) != 0 && errno != EEXIST)
    return failure(context.state_folder, "cannot be made", std::strerror(errno));
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  HostLock lock;
  while (true) {
    if (lock.fd_ < 0) lock.fd_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (lock.fd_ < 0) return failure(path, "cannot be opened", std::strerror(errno));
    if (::flock(lock.fd_, LOCK_EX | LOCK_NB) == 0) {
      if (still_at(lock.fd_, path)) break;
      ::close(std::exchange(lock.fd_, -1));  // somebody removed the file while we waited
      continue;
    }
    if (errno != EWOULDBLOCK && errno != EINTR) {
      const int error = errno;
      ::close(std::exchange(lock.fd_, -1));
      return failure(path, "cannot be locked", std::strerror(error));
    }
    const bool cancelled = context.cancelled();
    if (cancelled || std::chrono::steady_clock::now() >= deadline) {
      const std::string owner = owner_text(lock.fd_);
      ::close(std::exchange(lock.fd_, -1));
      return failure({Severity::error,
                      cancelled ? Fault::interrupted : Fault::locked,
                      {},
                      "the host is locked by " + owner,
                      {},
                      "wait for it to end, or give --lock-timeout"});
    }
    pollfd cancellation{context.cancellation == nullptr ? -1 : context.cancellation->fd(), POLLIN, 0};
    ::poll(&cancellation, 1, static_cast<int>(poll_interval.count()));
  }
  write_owner(lock.fd_, controller, run);
  return lock;
}

}  // namespace wright::agent

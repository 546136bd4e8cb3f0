#include "agent/inbox.hpp"

#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "model/protocol.hpp"
#include "transport/frame.hpp"

namespace wright::agent {

Inbox::Inbox(int fd, Cancellation& cancellation) : fd_(fd), cancellation_(cancellation), thread_([this] { read(); }) {}

Inbox::~Inbox() {
  stop_.cancel();
  thread_.join();
}

void Inbox::end(std::string problem) {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    problem_ = std::move(problem);
  }
  cancellation_.cancel();
  moved_.notify_all();
}

void Inbox::read() {
  using clock = std::chrono::steady_clock;
  FrameReader reader;
  std::array<char, 65536> buffer;
  auto heard = clock::now();
  while (true) {
    std::array<pollfd, 3> waiting{{{fd_, POLLIN, 0}, {cancellation_.fd(), POLLIN, 0}, {stop_.fd(), POLLIN, 0}}};
    if (::poll(waiting.data(), waiting.size(), 1000) < 0 && errno != EINTR) return end("poll failed");
    if (stop_.cancelled()) return;
    if (cancellation_.cancelled()) return end("a signal to end came");
    if ((waiting[0].revents & (POLLIN | POLLHUP | POLLERR)) == 0) {
      if (reader.beating() && clock::now() - heard > silence_limit) return end("the controller was silent too long");
      continue;
    }
    const ssize_t count = ::read(fd_, buffer.data(), buffer.size());
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (count <= 0) return end({});
    heard = clock::now();
    reader.feed(std::string_view(buffer.data(), static_cast<std::size_t>(count)));
    while (true) {
      auto message = reader.next();
      if (!message) return end(to_text(message.error()));
      if (message->is_null()) break;
      sort(std::move(*message));
    }
  }
}

void Inbox::sort(Value message) {
  const std::string type = message_type(message);
  const std::lock_guard lock(mutex_);
  if (type == "release")
    tokens_.insert(message["token"].text_or(""));
  else if (type == "finish")
    decisions_.push_back(message["commit"].bool_or(false));
  else
    requests_.push_back(std::move(message));
  moved_.notify_all();
}

std::optional<Value> Inbox::next_request() {
  std::unique_lock lock(mutex_);
  moved_.wait(lock, [this] { return ended_ || !requests_.empty(); });
  if (ended_) return std::nullopt;
  Value request = std::move(requests_.front());
  requests_.pop_front();
  return request;
}

std::string Inbox::problem() const {
  const std::lock_guard lock(mutex_);
  return problem_;
}

bool Inbox::released(const std::string& token) {
  const std::lock_guard lock(mutex_);
  seen_tokens_ = tokens_.size();
  return tokens_.contains(token);
}

bool Inbox::await_release(std::chrono::steady_clock::time_point deadline) {
  std::unique_lock lock(mutex_);
  moved_.wait_until(lock, deadline, [this] { return ended_ || tokens_.size() > seen_tokens_; });
  return !ended_ && tokens_.size() > seen_tokens_;
}

std::optional<bool> Inbox::await_decision() {
  std::unique_lock lock(mutex_);
  moved_.wait(lock, [this] { return ended_ || !decisions_.empty(); });
  if (decisions_.empty()) return std::nullopt;
  const bool commit = decisions_.front();
  decisions_.pop_front();
  return commit;
}

}  // namespace wright::agent

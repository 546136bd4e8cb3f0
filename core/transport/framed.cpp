#include "transport/framed.hpp"

#include <sys/eventfd.h>

#include "base/untrusted.hpp"
#include "transport/problem.hpp"

namespace wright {
namespace {

/// A peer that takes no byte for this long is gone.
constexpr std::chrono::seconds stall_limit{60};
/// How long an exit status may come after the end of the output.
constexpr std::chrono::seconds ending_limit{2};

void signal(const Descriptor& wake) { ::eventfd_write(wake.get(), 1); }
void drain(const Descriptor& wake) {
  eventfd_t count = 0;
  ::eventfd_read(wake.get(), &count);
}

void keep_last(std::string& text, std::size_t limit) {
  if (text.size() > limit) text.erase(0, text.size() - limit);
}

std::string described(const Ending& ending) {
  if (!ending.signal.empty()) return "the agent was ended by signal " + Untrusted(ending.signal).for_terminal(40);
  if (ending.status) return "the agent ended with exit status " + std::to_string(*ending.status);
  return "the agent's output ended";
}

}  // namespace

FramedConnection::FramedConnection(std::string where, std::unique_ptr<ByteStream> stream)
    : where_(std::move(where)),
      stream_(std::move(stream)),
      wake_receiver_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      wake_sender_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

FramedConnection::~FramedConnection() {
  close();
  if (beats_.joinable()) beats_.join();
}

void FramedConnection::close() {
  const std::lock_guard lock(mutex_);
  if (closed_) return;
  closed_ = true;
  stream_->end_input();
  signal(wake_sender_);
  signal(wake_receiver_);
  closing_.notify_all();
}

std::vector<pollfd> FramedConnection::watched(int wake, bool writing) {
  std::vector<pollfd> descriptors{{wake, POLLIN, 0}};
  stream_->watch(descriptors, writing);
  return descriptors;
}

tl::unexpected<Diagnostics> FramedConnection::gone(const std::string& how) const {
  return problem(Fault::unreachable, where_, "lost the connection: " + how, Untrusted(errors_).for_terminal());
}

Result<> FramedConnection::send(const Value& message) {
  const std::string bytes = frame(message);
  if (bytes.size() - 4 > largest_frame)
    return failure(where_, "a message of " + std::to_string(bytes.size()) + " bytes is longer than the " +
                               std::to_string(largest_frame) + " that a host accepts");
  const std::lock_guard one_frame(send_mutex_);
  return send_bytes(bytes);
}

Result<> FramedConnection::send_bytes(std::string_view rest) {
  auto deadline = after(stall_limit);
  for (;;) {
    std::vector<pollfd> descriptors;
    {
      const std::lock_guard lock(mutex_);
      sender_waits_ = false;
      drain(wake_sender_);
      if (closed_) return failure(where_, "the conversation was closed before a message was sent");
      ByteStream::Io<std::size_t> took = 0;
      while (!rest.empty() && (took = stream_->write(rest)) && *took > 0) {
        rest.remove_prefix(*took);
        deadline = after(stall_limit);
      }
      const auto flushed = took ? stream_->flush() : tl::unexpected(took.error());
      stream_->read_errors(errors_);
      keep_last(errors_, kept_errors);
      if (stream_->holds_input()) signal(wake_receiver_);
      // Not noted as the end of all: what the peer said before it, and how it ended, is for receive() to find.
      if (!flushed) return gone(lost_.empty() ? flushed.error() : lost_);
      if (rest.empty() && *flushed) return {};
      descriptors = watched(wake_sender_.get(), true);
      sender_waits_ = true;
    }
    if (!wait_for_any(descriptors, deadline)) {
      return problem(Fault::unreachable, where_, "the host took no data for " + in_seconds(stall_limit));
    }
  }
}

/// False when there is nothing more at the moment, or for ever: then lost_ says why.
bool FramedConnection::read_some(std::string& out) {
  out.clear();
  // Output last: reading one may bring in the other, and nobody would be woken for output that came that way.
  stream_->read_errors(errors_);
  keep_last(errors_, kept_errors);
  const auto open = ended_ ? ByteStream::Io<bool>(false) : stream_->read(out);
  if (sender_waits_) signal(wake_sender_);
  if (!open) {
    lost_ = open.error();
  } else if (!*open) {
    ended_ = true;
  }
  return !out.empty();
}

Ending FramedConnection::wait_for_ending() {
  const auto deadline = after(ending_limit);
  for (;;) {
    std::vector<pollfd> descriptors;
    {
      const std::lock_guard lock(mutex_);
      std::string none;
      const bool alive = stream_->read(none).has_value();
      stream_->read_errors(errors_);
      keep_last(errors_, kept_errors);
      const auto ending = stream_->ending();
      if (ending || !alive) return ending.value_or(Ending{});
      descriptors = watched(wake_receiver_.get(), false);
    }
    if (!wait_for_any(descriptors, deadline)) return {};
  }
}

Result<Value> FramedConnection::receive(std::chrono::milliseconds limit) {
  const auto deadline = after(limit);
  std::string arrived;
  for (bool waited_out = false;;) {
    std::vector<pollfd> descriptors;
    {
      const std::lock_guard lock(mutex_);
      drain(wake_receiver_);
      for (;;) {
        auto message = reader_.next();
        if (!message) return failure(where_, "sent what is no message", to_text(message.error()));
        if (!message->is_null()) return message;
        if (!lost_.empty()) return gone(lost_);
        if (!read_some(arrived)) break;
        reader_.feed(arrived);
      }
      if (!lost_.empty()) return gone(lost_);
      descriptors = watched(wake_receiver_.get(), false);
    }
    if (ended_) {
      note_end();
      continue;
    }
    if (waited_out)
      return problem(Fault::unreachable, where_, "the agent did not answer within " + in_seconds(limit),
                     Untrusted(errors_).for_terminal());
    // What came together with the end of the wait is still looked at.
    waited_out = !wait_for_any(descriptors, deadline);
  }
}

void FramedConnection::note_end() {
  const Ending ending = wait_for_ending();
  const std::lock_guard lock(mutex_);
  lost_ = described(ending);
  if (reader_.partial()) lost_ += " in the middle of a message";
}

tl::expected<void, NoPreamble> FramedConnection::skip_to_preamble(Deadline deadline) {
  using Reason = NoPreamble::Reason;
  std::string before;
  std::string arrived;
  const auto none = [&](Reason reason, Ending ending = {}) {
    keep_last(before, kept_errors);
    return tl::unexpected(NoPreamble{reason, std::move(ending), lost_, before + errors_});
  };
  for (bool waited_out = false;;) {
    std::vector<pollfd> descriptors;
    {
      const std::lock_guard lock(mutex_);
      drain(wake_receiver_);
      while (read_some(arrived)) {
        const std::size_t from = before.size() < agent_preamble.size() ? 0 : before.size() - agent_preamble.size();
        before += arrived;
        const auto at = before.find(agent_preamble, from);
        if (at != std::string::npos && at <= most_noise) {
          reader_.feed(std::string_view(before).substr(at + agent_preamble.size()));
          return {};
        }
        if (before.size() > most_noise + agent_preamble.size()) return none(Reason::noise);
      }
      if (!lost_.empty()) return none(Reason::lost);
      descriptors = watched(wake_receiver_.get(), false);
    }
    if (ended_) {
      auto ending = wait_for_ending();
      return none(Reason::ended, std::move(ending));
    }
    if (waited_out) return none(Reason::silent);
    waited_out = !wait_for_any(descriptors, deadline);
  }
}

void FramedConnection::start_beats(std::chrono::milliseconds every) {
  // At once: a link that is cut before the agent knows that there are beats would leave it waiting for good.
  (void)send_bytes(beat);
  beats_ = std::thread([this, every] { beat_until_closed(every); });
}

void FramedConnection::beat_until_closed(std::chrono::milliseconds every) {
  std::unique_lock lock(mutex_);
  while (!closing_.wait_for(lock, every, [this] { return closed_ || !lost_.empty(); })) {
    lock.unlock();
    // A frame on its way is a sign of life too. What goes wrong here is seen by the next send or receive.
    if (const std::unique_lock one_frame(send_mutex_, std::try_to_lock); one_frame) (void)send_bytes(beat);
    lock.lock();
  }
}

}  // namespace wright

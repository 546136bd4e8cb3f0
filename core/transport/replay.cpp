#include "transport/replay.hpp"

#include "model/protocol.hpp"
#include "transport/problem.hpp"

namespace wright {

Replay::Replay(std::vector<Exchange> script, std::shared_ptr<Record> record)
    : script_(std::make_move_iterator(script.begin()), std::make_move_iterator(script.end())),
      record_(std::move(record)) {
  record_->left = script_.size();
}

Result<> Replay::send(const Value& message) {
  const std::lock_guard lock(mutex_);
  if (losing_ && replies_.empty()) return problem(Fault::unreachable, "replay", "lost the connection, as scripted");
  const std::string type = message_type(message);
  record_->sent.push_back(message);
  if (script_.empty()) return failure("replay", "got \"" + type + "\" after the end of the script");
  if (script_.front().expects != type)
    return failure("replay", "got \"" + type + "\" where the script has \"" + script_.front().expects + "\"");
  for (auto& reply : script_.front().replies) replies_.push_back(std::move(reply));
  losing_ = script_.front().then_lost;
  script_.pop_front();
  record_->left = script_.size();
  return {};
}

Result<Value> Replay::receive(std::chrono::milliseconds) {
  const std::lock_guard lock(mutex_);
  if (replies_.empty())
    return problem(Fault::unreachable, "replay",
                   losing_ ? "lost the connection, as scripted" : "the script has no reply here");
  Value reply = std::move(replies_.front());
  replies_.pop_front();
  return reply;
}

void Replay::close() {
  const std::lock_guard lock(mutex_);
  record_->closed = true;
}

}  // namespace wright

#include "run/interruption.hpp"

#include <utility>

namespace wright {

bool Interruption::request() {
  const std::lock_guard lock(mutex_);
  requested_.store(true);
  if (!stop_) return false;
  stop_();
  return true;
}

Interruption::Changing::Changing(Interruption& owner, std::function<void()> stop) : owner_(owner) {
  const std::lock_guard lock(owner_.mutex_);
  owner_.stop_ = std::move(stop);
}

Interruption::Changing::~Changing() {
  const std::lock_guard lock(owner_.mutex_);
  owner_.stop_ = nullptr;
}

}  // namespace wright

#include "agent/baton.hpp"

namespace wright::agent {
namespace {

constexpr std::chrono::milliseconds longest_wait{200};  // what other hosts release is looked for this often

}  // namespace

void Baton::wait_until_told() {
  std::unique_lock<std::mutex> held(mutex_, std::adopt_lock);
  told_.wait_for(held, longest_wait);
  held.release();
}

}  // namespace wright::agent

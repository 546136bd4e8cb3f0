#include "agent/transaction/conversation.hpp"

#include <ctime>

#include "base/sha256.hpp"

namespace wright::agent {

Telling::Telling(const Context& context, Event event) : context_(context), event_(std::move(event)) {
  event_.state = "started";
  context_.emit(event_);
}

void Telling::done(std::string state, std::string text) {
  using std::chrono::duration_cast;
  event_.state = std::move(state);
  event_.text = std::move(text);
  event_.elapsed_ms = duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start_).count();
  context_.emit(event_);
}

std::string first_of(const std::vector<std::string>& components) {
  return components.empty() ? std::string() : components.front();
}

Diagnostic interruption(std::string what) { return {Severity::error, Fault::interrupted, {}, std::move(what), {}, {}}; }

std::string new_transaction_id() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  ::gmtime_r(&now, &utc);
  char text[32];
  return std::string(text, std::strftime(text, sizeof text, "%Y%m%dT%H%M%SZ", &utc)) + "-" + random_hex(4);
}

}  // namespace wright::agent

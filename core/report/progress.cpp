#include "report/progress.hpp"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

namespace wright {
namespace {

constexpr std::size_t most_live_lines = 20;
constexpr std::chrono::milliseconds redraw_every{200};

void to_stderr(std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = ::write(STDERR_FILENO, text.data(), text.size());
    if (n <= 0) return;  // nobody reads it any more
    text.remove_prefix(static_cast<std::size_t>(n));
  }
}

class LiveProgress final : public Progress {
 public:
  LiveProgress(const Style& style, bool verbose) : style_(style), verbose_(verbose), ticker_([this] { tick(); }) {}

  ~LiveProgress() override {
    {
      const std::lock_guard lock(mutex_);
      ending_ = true;
      to_stderr(erase());
    }
    wake_.notify_all();
    ticker_.join();
  }

  void event(const Event& e) override {
    const std::lock_guard lock(mutex_);
    std::string out = erase();
    if (const std::string line = event_text(e, style_, verbose_); !line.empty()) out += line + "\n";
    const Place place{e.host, e.component};
    if (e.state == "started" || e.event == "waiting")
      active_[place] = {e, std::chrono::steady_clock::now()};
    else if (const auto known = active_.find(place); known != active_.end() && known->second.event.subject == e.subject)
      active_.erase(known);
    to_stderr(out + draw());
  }

  void pause() override {
    const std::lock_guard lock(mutex_);
    active_.clear();
    to_stderr(erase());
  }

 private:
  using Place = std::pair<std::string, std::string>;  ///< host and component
  struct Active {
    Event event;
    std::chrono::steady_clock::time_point since;
  };

  void tick() {
    std::unique_lock lock(mutex_);
    while (!ending_) {
      wake_.wait_for(lock, redraw_every);
      if (!ending_ && !active_.empty()) to_stderr(erase() + draw());
    }
  }

  /// Back over the live lines, clearing to the end of the screen.
  std::string erase() {
    if (drawn_ == 0) return {};
    const std::string out = fmt::format("\x1b[{}A\x1b[J", drawn_);
    drawn_ = 0;
    return out;
  }

  std::string draw() {
    const std::size_t width = terminal_width(STDERR_FILENO);
    const auto now = std::chrono::steady_clock::now();
    std::string out;
    for (auto one = active_.begin(); one != active_.end(); ++one) {
      const auto& [place, active] = *one;
      const std::string& host = place.first;
      // What a host is at as a whole comes first; its components say more.
      if (place.second.empty() && std::next(one) != active_.end() && std::next(one)->first.first == host) continue;
      if (drawn_ == most_live_lines) {
        out += fmt::format("... and {} more\n", std::distance(one, active_.end()));
        ++drawn_;
        break;
      }
      const auto elapsed = std::chrono::duration_cast<std::chrono::seconds>(now - active.since).count();
      const Event& e = active.event;
      const std::string component = e.component.empty() ? "" : safe(e.component) + "  ";
      const std::string what = e.event == "waiting" ? "waiting for " + safe(e.subject) : safe(e.subject);
      out += fitted(fmt::format("{}  {}{}  {} s", safe(host), component, what, elapsed), width - 1) + "\n";
      ++drawn_;
    }
    return out;
  }

  const Style style_;
  const bool verbose_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::map<Place, Active> active_;
  std::size_t drawn_ = 0;
  bool ending_ = false;
  std::thread ticker_;
};

class PlainProgress final : public Progress {
 public:
  explicit PlainProgress(bool verbose)
      : verbose_(verbose), log_("progress", std::make_shared<spdlog::sinks::stderr_sink_mt>()) {
    log_.set_pattern("%Y-%m-%dT%H:%M:%SZ %v", spdlog::pattern_time_type::utc);
  }

  void event(const Event& e) override {
    if (const std::string line = event_text(e, Style(), verbose_); !line.empty()) log_.info("{}", line);
  }

  void pause() override { log_.flush(); }

 private:
  const bool verbose_;
  spdlog::logger log_;
};

class NoProgress final : public Progress {
 public:
  void event(const Event&) override {}
  void pause() override {}
};

}  // namespace

std::unique_ptr<Progress> live_progress(const Style& style, bool verbose) {
  return std::make_unique<LiveProgress>(style, verbose);
}
std::unique_ptr<Progress> plain_progress(bool verbose) { return std::make_unique<PlainProgress>(verbose); }
std::unique_ptr<Progress> no_progress() { return std::make_unique<NoProgress>(); }

}  // namespace wright

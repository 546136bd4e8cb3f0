#include "report/reporter.hpp"

#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <mutex>

#include "model/lists.hpp"
#include "report/json_lines.hpp"
#include "report/next_step.hpp"
#include "report/plan_text.hpp"
#include "report/progress.hpp"
#include "report/tables.hpp"

namespace wright {
namespace {

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = ::write(fd, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

Diagnostics each_naming_site(const Diagnostics& problems, const std::string& site) {
  Diagnostics out;
  for (Diagnostic one : problems.items()) {
    one.next = naming_site(one.next, site);
    out.add(std::move(one));
  }
  return out;
}

class HumanReporter final : public Reporter {
 public:
  explicit HumanReporter(const ReportSettings& settings)
      : settings_(settings),
        out_(wants_colour(settings.colour, STDOUT_FILENO)),
        err_(wants_colour(settings.colour, STDERR_FILENO)) {}

  void event(const Event& e) override {
    const std::lock_guard lock(mutex_);
    if (progress_ == nullptr) progress_ = make_progress();
    progress_->event(e);
  }

  void plans(const std::vector<Plan>& plans) override {
    print(settings_.quiet ? plan_summary(plans, out_) : plan_text(plans, out_, settings_.verbose));
  }

  void outcomes(const std::vector<Outcome>& outcomes) override {
    print(recap_text(outcomes, out_));
    for (const auto& outcome : outcomes) diagnostics(outcome.diagnostics);
  }

  void verified(const std::vector<Outcome>& outcomes, const std::vector<Event>& events) override {
    print(verified_text(outcomes, events, out_));
    for (const auto& outcome : outcomes) diagnostics(outcome.diagnostics);
  }

  void history(const std::string& host, const std::vector<TransactionInfo>& transactions) override {
    print(history_text(host, transactions, out_));
  }
  void status(const std::string& host, const StatusReport& report) override { print(status_text(host, report, out_)); }
  void facts(const std::string& host, const Value::Map& facts) override { print(facts_text(host, facts)); }
  void result(std::string_view, const Value::Map&, const std::string& text) override { print(text); }

  void diagnostics(const Diagnostics& problems) override {
    pause();
    write_all(STDERR_FILENO, diagnostics_text(each_naming_site(problems, settings_.site), err_));
  }

  void message(const std::string& text) override {
    pause();
    if (!settings_.quiet) write_all(STDERR_FILENO, safe(naming_site(text, settings_.site), true) + "\n");
  }

  void pause() override {
    const std::lock_guard lock(mutex_);
    if (progress_ != nullptr) progress_->pause();
  }

  void end(int) override {
    const std::lock_guard lock(mutex_);
    progress_.reset();
  }

 private:
  std::unique_ptr<Progress> make_progress() const {
    if (settings_.quiet) return no_progress();
    if (::isatty(STDERR_FILENO) == 1 && !settings_.verbose) return live_progress(err_, false);
    return plain_progress(settings_.verbose);
  }

  void print(const std::string& text) {
    pause();
    to_stdout(text);
  }

  const ReportSettings settings_;
  const Style out_;
  const Style err_;
  std::mutex mutex_;
  std::unique_ptr<Progress> progress_;
};

class JsonReporter final : public Reporter {
 public:
  explicit JsonReporter(const ReportSettings& settings) : site_(settings.site) {}

  void event(const Event& e) override { line("event", to_value(e)); }

  void plans(const std::vector<Plan>& plans) override {
    for (const auto& plan : plans) line("plan", to_value(plan));
    const Totals t = totals_of(plans);
    line("summary", Value::Map{{"create", t.create},
                               {"change", t.change},
                               {"remove", t.remove},
                               {"perhaps_remove", t.perhaps_remove},
                               {"run", t.run},
                               {"restart", t.restart},
                               {"reload", t.reload},
                               {"unchanged", t.unchanged}});
  }

  void outcomes(const std::vector<Outcome>& outcomes) override {
    for (Outcome outcome : outcomes) {
      outcome.diagnostics = each_naming_site(outcome.diagnostics, site_);
      line("outcome", to_value(outcome));
    }
  }

  void verified(const std::vector<Outcome>& all, const std::vector<Event>&) override { outcomes(all); }

  void history(const std::string& host, const std::vector<TransactionInfo>& transactions) override {
    line("history", Value::Map{{"host", host}, {"transactions", list_to_value(transactions)}});
  }

  void status(const std::string& host, const StatusReport& report) override {
    Value message = to_message(report);
    (*message.as_map())["host"] = host;
    line("status", message);
  }

  void facts(const std::string& host, const Value::Map& facts) override {
    line("facts", Value::Map{{"host", host}, {"facts", facts}});
  }

  void result(std::string_view type, const Value::Map& fields, const std::string&) override { line(type, fields); }

  void diagnostics(const Diagnostics& problems) override {
    const Diagnostics named = each_naming_site(problems, site_);
    for (const auto& one : named.items()) line("diagnostic", to_value(one));
    write_all(STDERR_FILENO, diagnostics_text(named, Style()));
  }

  void message(const std::string&) override {}
  void pause() override {}
  void end(int exit_code) override { line("end", Value::Map{{"exit_code", exit_code}}); }

 private:
  void line(std::string_view type, const Value& fields) {
    const std::string text = json_line(type, *fields.as_map());
    const std::lock_guard lock(mutex_);
    to_stdout(text);
  }

  const std::string site_;
  std::mutex mutex_;
};

}  // namespace

bool to_stdout(std::string_view text) {
  static std::atomic<bool> closed{false};
  if (closed) return false;
  if (!write_all(STDOUT_FILENO, text)) closed = true;
  return !closed;
}

std::unique_ptr<Reporter> make_reporter(const ReportSettings& settings) {
  if (settings.json) return std::make_unique<JsonReporter>(settings);
  return std::make_unique<HumanReporter>(settings);
}

}  // namespace wright

#include "agent/probes/probe.hpp"

#include <algorithm>

#include "agent/probes/kinds_of_probe.hpp"

namespace wright::agent {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds first_pause{50};
constexpr milliseconds longest_pause{1000};
constexpr std::chrono::minutes settling{1};
constexpr std::chrono::minutes longest_settling{10};  ///< a deadline beyond is for the work that a program does

Patience patience_for(const Probe& probe, const Context& context) {
  const auto deadline = milliseconds(std::clamp<std::int64_t>(probe.deadline_ms, 1, 24 * 3600 * 1000));
  return {Patience::Clock::now() + deadline, context.cancellation};
}

Talk<> ask(const Probe& probe, const Patience& patience, const Context& context) {
  if (probe.kind == "tcp") return ask_tcp(probe, patience);
  if (probe.kind == "tls") return ask_tls(probe, patience);
  if (probe.kind == "http") return ask_http(probe, patience);
  if (probe.kind == "mongodb") return ask_mongodb(probe, patience);
  if (probe.kind == "command") return ask_command(probe, patience, context);
  if (probe.kind == "file") return ask_file(probe);
  if (probe.kind == "program") return ask_program(probe, patience);
  return trouble(Trouble::Kind::unfit, "no kind of probe is named \"" + probe.kind + "\"");
}

}  // namespace

Result<> run_probe(const Probe& probe, const Context& context) {
  const Patience patience = patience_for(probe, context);
  // A program may be given hours for its work, such as restoring a backup. What it says then is no sign of a service
  // that has just begun, and doing the work again and again finds out nothing.
  const auto begun = Patience::Clock::now();
  const bool works = probe.kind == "command" && milliseconds(probe.deadline_ms) > longest_settling;
  const auto is_enough = [&] { return works && Patience::Clock::now() - begun >= settling; };
  milliseconds pause = first_pause;
  Trouble
      told;  // the last that was more than "too late": a peer that hangs at the end must not hide what it was before
  for (int asked = 1;; ++asked) {
    const auto answer = ask(probe, patience, context);
    if (answer) return {};
    const Trouble::Kind kind = answer.error().kind;
    if (kind == Trouble::Kind::unfit || kind == Trouble::Kind::cancelled) return as_failure(answer.error());
    if (kind != Trouble::Kind::late || told.text.empty()) told = answer.error();
    const auto wait = patience.pause(pause);
    if (wait == Patience::Wait::cancelled)
      return as_failure({Trouble::Kind::cancelled, "the run was cancelled; until then: " + told.text});
    if (wait == Patience::Wait::late || is_enough()) {
      told.text += " (asked " + std::to_string(asked) + (asked == 1 ? " time in " : " times in ") +
                   std::to_string(wait == Patience::Wait::late ? probe.deadline_ms : milliseconds(settling).count()) +
                   " ms)";
      return as_failure(told);
    }
    pause = std::min(pause * 8 / 5, longest_pause);
  }
}

Result<> ask_probe(const Probe& probe, const Context& context) {
  const auto answer = ask(probe, patience_for(probe, context), context);
  return answer ? Result<>() : Result<>(as_failure(answer.error()));
}

}  // namespace wright::agent

namespace wright {

Result<> ask_from_controller(const Probe& probe) {
  if (probe.kind != "tcp" && probe.kind != "tls" && probe.kind != "http")
    return failure({Severity::error,
                    Fault::bad_plugin,
                    {},
                    "a probe of kind " + probe.kind + " cannot be asked from the controller",
                    {},
                    {}});
  return agent::run_probe(probe, agent::Context());
}

}  // namespace wright

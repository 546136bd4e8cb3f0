#include "agent/resources/program_group.hpp"

#include <algorithm>

#include "agent/resources/program_output.hpp"

namespace wright::agent {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds answer_time{2000};
constexpr milliseconds reading_time{20000};
constexpr milliseconds first_pause{20};
constexpr milliseconds longest_pause{250};
constexpr milliseconds stable_after_reload{300};
constexpr std::int64_t usual_timeout_ms = 90000;

bool has(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

ProgramGroup::ProgramGroup(const ResourceId& id, const Value& attributes, const Context& context)
    : id_(id),
      attributes_(attributes),
      context_(context),
      supervisor_(attributes["socket"].text_or(usual_supervisor_socket)),
      timeout_(attributes["timeout_ms"].int_or(usual_timeout_ms)) {}

Patience ProgramGroup::patience_for(milliseconds time) const {
  return {Patience::Clock::now() + time, context_.cancellation};
}

tl::unexpected<Diagnostics> ProgramGroup::failed(const Trouble& trouble) const {
  if (trouble.kind == Trouble::Kind::cancelled)
    return failure({Severity::error, Fault::interrupted, to_string(id_), "the run was interrupted", {}, {}});
  return failed(trouble.text);
}

tl::unexpected<Diagnostics> ProgramGroup::failed(const std::string& what) const {
  Finished text;
  text.out = what;
  return failure(to_string(id_), shown_output(text, texts_to_mask(attributes_)), {},
                 "see supervisord.log and the program's own log on the host");
}

Talk<std::vector<SupervisedProcess>> ProgramGroup::processes() {
  auto all = supervisor_.processes(patience_for(answer_time));
  if (all) std::erase_if(*all, [&](const SupervisedProcess& process) { return process.group != id_.name; });
  return all;
}

Talk<std::vector<SupervisedProcess>> ProgramGroup::processes_patiently(milliseconds wait) {
  const Patience patience = patience_for(wait);
  milliseconds pause = first_pause;
  while (true) {
    auto all = processes();
    if (all) return all;
    const auto kind = all.error().kind;
    const bool may_pass = kind != Trouble::Kind::unfit && kind != Trouble::Kind::cancelled;
    if (!may_pass || patience.pause(pause) != Patience::Wait::ready) return all;
    pause = std::min(pause * 2, longest_pause);
  }
}

Result<ProgramGroup::Loaded> ProgramGroup::load() {
  const auto changes = supervisor_.read_again(patience_for(reading_time));
  if (!changes) return failed(changes.error());
  if (has(changes->removed, id_.name)) return Loaded::not_configured;
  const bool fresh = has(changes->added, id_.name);
  if (!fresh && !has(changes->changed, id_.name)) {
    const auto now = processes();
    if (!now) return failed(now.error());
    return now->empty() ? Loaded::not_configured : Loaded::as_before;
  }
  if (!fresh)
    if (auto removed = remove(); !removed) return failure(removed.error());
  if (auto added = supervisor_.add(id_.name, patience_for(answer_time)); !added) return failed(added.error());
  return Loaded::anew;
}

Result<> ProgramGroup::wait_until_down() {
  const Patience patience = patience_for(timeout_);
  milliseconds pause = first_pause;
  while (true) {
    const auto all = processes();
    if (!all) return failed(all.error());
    const auto busy = std::find_if(all->begin(), all->end(), [](const auto& process) { return !process.is_down(); });
    if (busy == all->end()) return {};
    const auto wait = patience.pause(pause);
    if (wait == Patience::Wait::cancelled) return failed(Trouble{Trouble::Kind::cancelled, {}});
    if (wait == Patience::Wait::late)
      return failed(busy->full_name() + " did not stop in " + std::to_string(timeout_.count()) + " ms");
    pause = std::min(pause * 2, longest_pause);
  }
}

Result<> ProgramGroup::wait_until_up() {
  const Patience patience = patience_for(timeout_);
  milliseconds pause = first_pause;
  while (true) {
    const auto all = processes();
    if (!all) return failed(all.error());
    if (all->empty()) return failed("supervisord does not have it any more");
    const auto late = std::find_if(all->begin(), all->end(), [](const auto& process) { return !process.runs(); });
    if (late == all->end()) return {};
    // It has just been started, so one that is down has given up.
    const auto wait = late->is_down() ? Patience::Wait::late : patience.pause(pause);
    if (wait == Patience::Wait::cancelled) return failed(Trouble{Trouble::Kind::cancelled, {}});
    if (wait == Patience::Wait::late) return failed(told(supervisor_, *late, patience_for(answer_time)));
    pause = std::min(pause * 2, longest_pause);
  }
}

Result<> ProgramGroup::stop() {
  if (auto stopped = supervisor_.stop(id_.name, patience_for(answer_time)); !stopped) return failed(stopped.error());
  return wait_until_down();
}

Result<> ProgramGroup::start() {
  const auto started = supervisor_.start(id_.name, patience_for(answer_time));
  if (!started) return failed(started.error());
  if (!started->empty()) return failed("cannot be started: " + *started);
  return wait_until_up();
}

bool ProgramGroup::can_reload() const { return !attributes_["reload_signal"].text_or("").empty(); }

Result<> ProgramGroup::reload() {
  if (!can_reload()) {
    if (auto stopped = stop(); !stopped) return stopped;
    return start();
  }
  const auto before = processes();
  if (!before) return failed(before.error());
  const bool all_run = std::all_of(before->begin(), before->end(), [](const auto& process) { return process.runs(); });
  if (!all_run) return start();
  if (auto checked = check_reload(); !checked) return checked;
  const std::string signal = attributes_["reload_signal"].text_or("");
  if (auto sent = supervisor_.signal(id_.name, signal, patience_for(answer_time)); !sent) return failed(sent.error());
  return stays(*before);
}

Result<> ProgramGroup::check_reload() {
  Command command;
  command.argv = attributes_["reload_check"].strings();
  if (command.argv.empty()) return {};
  command.timeout = timeout_;
  command.others_work_meanwhile = true;
  const auto finished = run(command, context_);
  if (!finished) return failure(finished.error());
  if (finished->ok()) return {};
  return failure(
      to_string(id_), "its new state is refused: " + command.argv.front() + " " + how_it_ended(*finished, timeout_),
      shown_output(*finished, texts_to_mask(attributes_)), "what runs was left as it is; put right what it says");
}

Result<> ProgramGroup::stays(const std::vector<SupervisedProcess>& before) {
  const Patience patience = patience_for(stable_after_reload);
  while (true) {
    const auto now = processes();
    if (!now) return failed(now.error());
    for (const auto& old : before) {
      const auto same = std::find_if(now->begin(), now->end(), [&](const auto& one) { return one.name == old.name; });
      if (same == now->end()) return failed(old.full_name() + " is gone after its reload");
      if (same->pid != old.pid || !same->runs()) return failed(told(supervisor_, *same, patience_for(answer_time)));
    }
    const auto wait = patience.pause(first_pause * 2);
    if (wait == Patience::Wait::cancelled) return failed(Trouble{Trouble::Kind::cancelled, {}});
    if (wait == Patience::Wait::late) return {};
  }
}

Result<> ProgramGroup::remove() {
  const auto now = processes();
  if (!now) return failed(now.error());
  if (now->empty()) return {};
  if (auto stopped = stop(); !stopped) return stopped;
  if (auto removed = supervisor_.remove(id_.name, patience_for(answer_time)); !removed) return failed(removed.error());
  return {};
}

}  // namespace wright::agent

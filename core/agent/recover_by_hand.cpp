#include <cstdio>

#include "agent/journal/lock.hpp"
#include "agent/serve.hpp"
#include "agent/surroundings.hpp"
#include "agent/transaction/rolling_back.hpp"
#include "base/untrusted.hpp"

namespace wright::agent {
namespace {

void say(std::FILE* where, const std::string& text) {
  std::fprintf(where, "%s\n", Untrusted(text).for_terminal().c_str());
}

}  // namespace

int recover_by_hand(const std::string& state_folder, const Means& means, bool giving_up) {
  static Cancellation cancellation;
  prepare_process(cancellation);
  Context context;
  context.state_folder = state_folder;
  context.blobs = Blobs(state_folder + "/blobs");
  context.cancellation = &cancellation;
  context.emit = [](const Event& event) {
    if (event.event == "step" && event.state != "started") say(stdout, event.state + " " + event.subject);
  };
  Journal journal(state_folder);
  auto open = journal.unfinished();
  if (!open) {
    say(stderr, to_text(open.error()));
    return 1;
  }
  if (!*open) {
    say(stdout, "no transaction is open");
    return 0;
  }
  auto lock = HostLock::take(context, "by hand on this host", "", std::chrono::milliseconds(0));
  if (!lock) {
    say(stderr, to_text(lock.error()));
    return 7;
  }
  const Outcome outcome = giving_up ? give_up(journal) : recover(journal, means, context);
  for (const auto& moved : outcome.quarantined) say(stdout, "data moved aside: " + moved);
  for (const auto& kept : outcome.kept) say(stdout, "kept: " + kept);
  if (!outcome.diagnostics.empty()) say(stderr, to_text(outcome.diagnostics));
  say(stdout, "transaction " + outcome.transaction + ": " + outcome.state);
  if (outcome.state == "incomplete") return 6;
  return outcome.diagnostics.has_errors() ? 1 : 0;
}

}  // namespace wright::agent

#include "agent/serve.hpp"

#include <unistd.h>

#include "agent/answers.hpp"
#include "agent/inbox.hpp"
#include "agent/outbox.hpp"
#include "agent/surroundings.hpp"
#include "transport/frame.hpp"

namespace wright::agent {

int serve(const std::string& state_folder, const Means& means) {
  static Cancellation cancellation;  // signals may still come while the process ends
  prepare_process(cancellation);
  Outbox outbox(STDOUT_FILENO, cancellation);
  outbox.send_bytes(agent_preamble);
  Context context;
  context.state_folder = state_folder;
  context.blobs = Blobs(state_folder + "/blobs");
  context.cancellation = &cancellation;
  Inbox inbox(STDIN_FILENO, cancellation);
  Answers answers(context, means, inbox, [&](const Value& message) { outbox.send(message); });
  while (auto request = inbox.next_request())
    if (!answers.answer(*request)) return 1;
  if (const auto problem = inbox.problem(); !problem.empty()) {
    outbox.send(to_message(Diagnostics({Severity::error, Fault::failed, {}, "the agent ends: " + problem, {}, {}})));
    return 1;
  }
  return 0;
}

}  // namespace wright::agent

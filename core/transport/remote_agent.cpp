#include "transport/remote_agent.hpp"

#include <algorithm>
#include <fstream>

#include "base/untrusted.hpp"
#include "transport/framed.hpp"
#include "transport/problem.hpp"
#include "transport/refusal.hpp"
#include "transport/ssh_stream.hpp"

namespace wright {
namespace {

/// sudo may ask a directory server, and a first check hashes the agent on a slow disk.
constexpr std::chrono::seconds start_limit{30};
/// No byte for so long ends a push, and this much after the last of them: hashing and a sync.
constexpr std::chrono::seconds push_stall{30};

bool is_hash(std::string_view text) {
  return text.size() == 64 &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

struct Finished {
  Ending ending;
  std::string said;
};

/// Gives a command its input and waits for its end.
Result<Finished> feed_to_end(SshSession& session, SshStream& stream, std::string_view input) {
  const auto lost = [&](const std::string& why) {
    return problem(Fault::unreachable, session.where(), "lost the connection while the agent was sent", why);
  };
  Finished out;
  bool input_open = true;
  bool output_open = true;
  auto deadline = after(push_stall);
  for (;;) {
    const std::size_t before = input.size();
    while (!input.empty()) {
      const auto took = stream.write(input);
      // A command that ended early takes no more, and says why by its exit status.
      if (!took || *took == 0) break;
      input.remove_prefix(*took);
    }
    if (input.size() != before) deadline = after(push_stall);
    const auto flushed = stream.flush();
    if (!flushed) return lost(flushed.error());
    if (input.empty() && input_open && *flushed) {
      stream.end_input();
      input_open = false;
    }
    if (output_open) {
      std::string arrived;
      auto more = stream.read(arrived);
      if (!more && !stream.ending()) return lost(more.error());
      output_open = more.value_or(false);
      out.said += arrived;
      stream.read_errors(out.said);
      if (out.said.size() > kept_errors) out.said.erase(0, out.said.size() - kept_errors);
    }
    if (!output_open) {
      if (const auto ending = stream.ending()) {
        out.ending = *ending;
        return out;
      }
    }
    if (passed(deadline)) return lost("the host was silent for " + in_seconds(push_stall));
    session.wait(deadline);
  }
}

Result<> store_agent(const std::shared_ptr<SshSession>& session, const Target& target, const AgentBinary& agent,
                     bool sudo) {
  std::ifstream file(agent.path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  if (!file || bytes.empty()) return failure(agent.path, "cannot read the agent that goes to the hosts");
  auto stream = SshStream::run(session, store_command(agent.sha256, sudo), after(target.connect_timeout));
  if (!stream) return failure(stream.error());
  const auto finished = feed_to_end(*session, **stream, bytes);
  if (!finished) return failure(finished.error());

  const auto status = finished->ending.status.value_or(-1);
  if (status == 0) return {};
  std::string what = "cannot store the agent on the host";
  std::string next;
  if (status == folder_not_ours) {
    next = "/var/lib/wright, and what is in it, must be directories of root: see `ls -ld /var/lib/wright{,/agent}`";
  } else if (status == agent_differs) {
    what = "the agent arrived damaged on the host";
    next = "try again; if " + agent.path + " is being rebuilt, wait until it is done";
  } else if (status == agent_not_stored) {
    next = "see `df /var/lib` on the host";
  } else {
    what += " (exit status " + std::to_string(status) + ")";
  }
  return failure(target.name, what, Untrusted(finished->said).for_terminal(), next);
}

}  // namespace

Result<std::unique_ptr<Connection>> start_agent(const std::shared_ptr<SshSession>& session, const Target& target,
                                                const AgentBinary& agent) {
  if (!is_hash(agent.sha256)) return failure(agent.path, "has no SHA-256 hash");
  const bool sudo = target.user != "root";
  for (bool stored = false;; stored = true) {
    auto stream = SshStream::run(session, start_command(agent.sha256, sudo), after(target.connect_timeout));
    if (!stream) return failure(stream.error());
    auto connection = std::make_unique<FramedConnection>(target.name, std::move(*stream));
    const auto greeted = connection->skip_to_preamble(after(start_limit));
    if (greeted) {
      connection->start_beats(beat_interval);
      return connection;
    }
    const auto& cause = greeted.error();
    const bool to_store = cause.reason == NoPreamble::Reason::ended &&
                          (cause.ending.status == agent_missing || cause.ending.status == agent_differs);
    if (stored || !to_store) return failure(no_agent(target.name, target.user, sudo, cause, start_limit));
    if (auto done = store_agent(session, target, agent, sudo); !done) return failure(done.error());
  }
}

}  // namespace wright

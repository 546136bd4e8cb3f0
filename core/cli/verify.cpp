#include "run/verifying.hpp"

#include <fstream>
#include <mutex>

#include "cli/commands.hpp"
#include "report/junit.hpp"

namespace wright::commands {

int verify(Context& context) {
  auto files = plugin_files(context);
  if (!files) return fail(context, files.error());
  auto site = open_site(context, *files);
  if (!site) return fail(context, site.error());
  std::mutex mutex;
  std::vector<Event> events;
  Run run = run_over(context, *site, *files);
  run.on_event = [&](const Event& event) {
    context.reporter.event(event);
    const std::lock_guard lock(mutex);
    if (event.event == "probe") events.push_back(event);
  };
  auto verified = wright::verify(run);
  if (!verified) return fail(context, verified.error());
  if (!verified->warnings.empty()) context.reporter.diagnostics(verified->warnings);
  context.reporter.verified(verified->outcomes, events);
  if (!context.arguments.junit.empty()) {
    std::ofstream file(context.arguments.junit, std::ios::binary | std::ios::trunc);
    file << junit_xml(events, verified->outcomes);
    if (!file.flush())
      return fail(context,
                  Diagnostics({Severity::error, Fault::failed, context.arguments.junit, "cannot be written", {}, {}}));
  }
  const int code = exit_code(verified->outcomes);
  if (!verified->missing.has_errors()) return code;
  const int missing = fail(context, verified->missing);
  return code == exit_ok ? missing : code;
}

}  // namespace wright::commands

#include <algorithm>

#include "base/nearest.hpp"
#include "cli/commands.hpp"
#include "run/session.hpp"

namespace wright::commands {
namespace {

int trust_one(Context& context, const Site& site, const SiteHost& host) {
  const Target target = target_of(site, host);
  auto key = fetch_host_key(target);
  if (!key) return fail(context, key.error());
  const std::string pinned = target.known_hosts;
  const Value::Map fields{
      {"host", host.name}, {"address", host.address}, {"key_type", key->type}, {"fingerprint", key->fingerprint}};
  const auto say = [&](const std::string& state, const std::string& more) {
    Value::Map all = fields;
    all["state"] = state;
    context.reporter.result(
        "host_key", all,
        host.name + " (" + host.address + ")  " + key->type + "  " + key->fingerprint + "  " + more + "\n");
  };
  if (key->pin == HostKey::Pin::same) {
    say("pinned", "is pinned already");
    return exit_ok;
  }
  say("offered", key->pin == HostKey::Pin::different ? "is NOT the key that is pinned" : "is not pinned yet");
  if (key->pin == HostKey::Pin::different && !context.arguments.replace)
    return fail(context, Diagnostics({Severity::error, Fault::trust, host.name,
                                      "the host shows another key than the one pinned in " + pinned,
                                      "it was installed anew, or something answers in its place",
                                      "compare the fingerprint with what the host itself says; if it is right: wright "
                                      "trust " +
                                          host.name + " --replace"}));
  auto go_on = confirm(context, key->pin == HostKey::Pin::different ? "Replace the pinned key?" : "Pin this key?");
  if (!go_on) return fail(context, go_on.error());
  if (!*go_on) {
    context.reporter.message("Not pinned.");
    return exit_trust;
  }
  if (auto done = pin_host_key(target, *key); !done) return fail(context, done.error());
  say("pinned", "is pinned in " + pinned);
  return exit_ok;
}

}  // namespace

int trust(Context& context) {
  auto site = open_site(context, {});
  if (!site) return fail(context, site.error());
  std::vector<std::string> known;
  for (const auto& host : site->hosts) known.push_back(host.name);
  Diagnostics problems;
  for (const auto& word : context.arguments.words)
    if (site->host(word) == nullptr)
      problems.add({Severity::error,
                    Fault::usage,
                    {},
                    "no host of " + site->path + " is named \"" + word + "\"",
                    {},
                    suggestion(word, known)});
  if (problems.has_errors()) return fail(context, problems);
  int worst = exit_ok;
  for (const auto& word : context.arguments.words)
    worst = std::max(worst, trust_one(context, *site, *site->host(word)));
  return worst;
}

}  // namespace wright::commands

#include "cli/option_table.hpp"

#include <algorithm>
#include <string>

namespace wright {
namespace {

constexpr std::size_t any_number = 10000;

constexpr OptionSpec options[] = {
    {"site", "FILE", "", "", "The site file; site.toml in the current folder when not given."},
    {"limit", "NAMES", "", "", "Only these hosts or groups, with commas between them."},
    {"plugin-dir", "DIR", "", "", "Look for plugins here first. May be given more than once."},
    {"json", "", "", "", "One JSON object a line on standard output."},
    {"color", "WHEN", "auto|always|never", "", "Colours: auto (the default), always or never."},
    {"quiet", "", "", "", "Only results and problems; of a plan, what it removes and how many it changes."},
    {"verbose", "", "", "", "Also what commands on the hosts write, and diffs without end."},
    {"help", "", "", "", "This text. -h is the same."},
    {"version", "", "", "", "The version."},
    {"yes", "", "", " apply rollback trust ", "Do not ask."},
    {"replace", "", "", " trust ", "Let the key take the place of the one that is pinned."},
    {"detailed-exitcode", "", "", " plan ", "Exit with 2 when something would change."},
    {"out", "FILE", "", " plan ", "Save the plan, for apply --plan."},
    {"plan", "FILE", "", " apply ",
     "Apply exactly the saved plan, without a question; refused when a host changed since."},
    {"on-failure", "WHAT", "rollback|stop", " apply ",
     "rollback (the default) undoes everything; stop leaves what failed as it is."},
    {"lock-timeout", "SECONDS", "", " apply rollback ", "Wait so long for another run that holds a host."},
    {"skip-unreachable", "", "", " plan apply verify rollback status history facts ",
     "Go on without hosts that cannot be reached."},
    {"to", "TRANSACTION", "", " rollback ", "Undo this transaction and every later one."},
    {"junit", "FILE", "", " verify ", "Also write the results as JUnit XML."},
    {"count", "N", "", " history ", "So many transactions of each host; 20 when not given."},
    {"generate", "", "", " secrets ", "With set: make a random value."},
    {"length", "N", "", " secrets ", "So many letters and digits of a generated value; 50 when not given."},
    {"format", "FORMAT", "text|dot|mermaid|json", " graph ", "text (the default), dot, mermaid or json."},
};

constexpr CommandSpec commands[] = {
    {"plan", "[COMPONENT...]", 0, any_number, "Show what would change, exactly",
     "  wright plan                        the whole site\n"
     "  wright plan nginx --limit web      one component, and what it requires, on one host\n"
     "  wright plan --out today.plan       to apply just that later\n"},
    {"apply", "[COMPONENT...]", 0, any_number,
     "Plan, show, ask, apply, verify and commit; undo everything when it fails",
     "  wright apply\n"
     "  wright apply memcached --yes\n"
     "  wright apply --plan today.plan\n\n"
     "What a component requires comes along. Exit codes: 5 failed and completely rolled back, 6 rollback "
     "incomplete.\n"},
    {"verify", "[COMPONENT...]", 0, any_number, "Prove that the services work",
     "  wright verify\n"
     "  wright verify nginx --junit report.xml\n\n"
     "Changes nothing. Exit code 3 when a probe fails.\n"},
    {"rollback", "[COMPONENT...]", 0, any_number, "Undo the last run, or what is named",
     "  wright rollback                    the last run, on every host it changed\n"
     "  wright rollback nginx              everything of one component, back to what was before wright\n"
     "  wright rollback --to TRANSACTION   this one and every later one\n"},
    {"status", "", 0, 0, "What wright owns on the hosts, and what is unfinished", "  wright status --limit web\n"},
    {"history", "", 0, 0, "The transactions of each host", "  wright history --count 5\n"},
    {"facts", "[FACT...]", 0, any_number, "What is known about the hosts",
     "  wright facts\n"
     "  wright facts apt.candidate:nginx   asks for more; so do dpkg.version:PACKAGE, path.exists:/PATH,\n"
     "                                       disk:/PATH and port.owner:tcp/127.0.0.1:9200\n"},
    {"trust", "HOST...", 1, any_number, "Show a host's key and pin it",
     "  wright trust web\n"
     "  wright trust web --replace         after the host was installed anew\n\n"
     "Compare the fingerprint with what the host itself says: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub\n"},
    {"secrets", "init | set NAME | edit | list | rekey", 1, 2, "Make and change the encrypted file of secrets",
     "  wright secrets init                a value for each ${secret.NAME} of the site, and a key to open them\n"
     "  wright secrets set NAME            typed unseen, or from standard input: pass show db | wright secrets set db\n"
     "  wright secrets set NAME --generate\n"
     "  wright secrets edit                in your editor; the clear text is in memory only\n"
     "  wright secrets list                names, and whether the site uses them; never values\n"
     "  wright secrets rekey               after a change of secrets.recipients, the public keys of all who may "
     "read\n\n"
     "The file is the one that [site] secrets names, encrypted with age. Your private key is "
     "~/.config/wright/identity.txt,\n"
     "or what WRIGHT_IDENTITY names. To take part in a team, list everybody's public keys in secrets.recipients beside "
     "it.\n"},
    {"lint", "", 0, 0, "Check the site file against the plugins", "  wright lint --site staging.toml\n"},
    {"graph", "", 0, 0, "The components in the order they are deployed",
     "  wright graph --format dot | dot -Tsvg -o site.svg\n"},
    {"plugin", "list | inspect NAME", 1, 2, "The plugins, and what one of them takes",
     "  wright plugin list\n"
     "  wright plugin inspect nginx\n"},
    {"docs", "[PLUGIN[.OPTION]]", 0, 1, "The options of a plugin, as a site file to copy from",
     "  wright docs nginx\n  wright docs nginx.sites.tls\n"},
    {"help", "[COMMAND]", 0, 1, "What wright can do, or one of its commands",
     "  wright help\n  wright help apply                  the same as wright apply --help\n"},
};

}  // namespace

std::span<const OptionSpec> all_options() { return options; }
std::span<const CommandSpec> all_commands() { return commands; }

const CommandSpec* find_command(std::string_view name) {
  const auto found =
      std::find_if(std::begin(commands), std::end(commands), [&](const auto& c) { return c.name == name; });
  return found == std::end(commands) ? nullptr : &*found;
}

bool takes(const CommandSpec& command, const OptionSpec& option) {
  return option.commands.empty() ||
         option.commands.find(" " + std::string(command.name) + " ") != std::string_view::npos;
}

}  // namespace wright

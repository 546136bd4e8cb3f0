#include "model/resource_families.hpp"

namespace wright {
namespace {

using enum AttributeType;

constexpr AttributeSpec package_attributes[] = {
    ensure,
    {"version", text, false, "Exactly this version; any installed version will do when it is not given."},
    {"recommends", boolean, false, "Install recommended packages too; false by default."},
    {"environment", table, false,
     "Variables for the scripts of all packages that are installed with it. The journal has them: nothing secret."},
    {"random_environment", strings, false,
     "Names of such variables that get a random text each, which nobody knows afterwards: for a package that is not "
     "installed without a password, though its configuration is replaced before anything starts."},
};

constexpr AttributeSpec service_attributes[] = {
    {"enabled", boolean, false, "Starts at boot."},
    {"running", boolean, false, "Runs now."},
    {"stable_ms", integer, false, "How long it must stay up after a start to count as running; 1000 by default."},
    {"timeout_ms", integer, false, "Deadline of a start, stop, restart or reload; 90000 by default."},
};

constexpr AttributeSpec command_attributes[] = {
    {"argv", strings, true, "The program, by its absolute path, and its arguments."},
    {"unless", strings, false, "A command; when it succeeds, nothing is to be done."},
    {"creates", text, false, "A path; when it exists, nothing is to be done."},
    {"stamp", secret_or_text, false,
     "A digest of the command's inputs, or a secret made of them: done once for each value of it."},
    {"anew_with", strings, false,
     "With stamp: resources, such as \"sql:database shop\", that the command is done for again when they were made "
     "anew, by wright or by hand. One that is not of the site counts for nothing."},
    {"undo", strings, false,
     "The command that takes it back, with the same user, directory and variables, but for secret ones: nothing secret "
     "is kept."},
    {"makes", strings, false,
     "With undo: every path that undo takes away. When the command leaves the site, these are moved to quarantine "
     "instead, and a rollback moves them back."},
    {"irreversible", boolean, false, "It cannot be taken back; the plan says so."},
    {"user", text, false, "Runs as this user; root by default."},
    {"directory", text, false, "Working directory; / by default."},
    {"environment", table, false, "Variables, besides PATH and LC_ALL=C.UTF-8."},
    {"stdin", secret_or_text, false, "Bytes for its standard input: the way to hand over a secret.", true},
    {"timeout_ms", integer, false, "Deadline; 300000 by default."},
};

constexpr AttributeSpec sysctl_attributes[] = {
    {"value", text, true, "What it is set to, as the kernel writes it; numbers with single spaces between them."},
};

constexpr AttributeSpec program_attributes[] = {
    ensure,
    {"running", boolean, false, "All its processes run. Not given: supervisord knows it, and does as its file says."},
    {"socket", text, false, "Of the supervisord that has it; /run/supervisor.sock by default."},
    {"timeout_ms", integer, false, "How long a start or a stop may take; 90000 by default."},
    {"reload_signal", text, false,
     "Signal, such as \"HUP\", on which it begins anew in the same process; without it, a reload is a restart."},
    {"reload_check", strings, false, "A program and its arguments that must succeed before that signal is sent."},
    {"secrets", table, false, "Texts that are left out when the end of its log is shown."},
};

}  // namespace

constinit const KindSpec package_kind{
    "package",
    "A Debian package by its name. All that can be are installed in one apt transaction, service starts held back.",
    package_attributes};
constinit const KindSpec service_kind{"service", "A systemd unit by its name; \".service\" when it has no suffix.",
                                      service_attributes};
constinit const KindSpec command_kind{
    "command", "A program run when it is needed, by a name for people. Needs unless, creates or stamp.",
    command_attributes};
constinit const KindSpec sysctl_kind{
    "sysctl", "A setting of the running kernel by its name, such as net.core.somaxconn. It is lost with a reboot.",
    sysctl_attributes};
constinit const KindSpec program_kind{
    "program",
    "A program or group of Supervisor by its name. A restart makes supervisord read its files, and load anew what "
    "changed of this one. One that supervisord does not have is taken not to be there.",
    program_attributes};

}  // namespace wright

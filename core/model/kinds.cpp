#include "model/kinds.hpp"

#include <algorithm>

#include "base/nearest.hpp"
#include "model/encoding.hpp"

namespace wright {
namespace {

using enum AttributeType;

constexpr AttributeSpec ensure{"ensure", text, false, "\"present\" (the default) or \"absent\"."};
constexpr AttributeSpec owner{"owner", text, false, "User name or number; root by default."};
constexpr AttributeSpec group_attribute{"group", text, false, "Group name or number; root by default."};

constexpr AttributeSpec package_attributes[] = {
    ensure,
    {"version", text, false, "Exactly this version; any installed version will do when it is not given."},
    {"recommends", boolean, false, "Install recommended packages too; false by default."},
};
constexpr AttributeSpec file_attributes[] = {
    ensure,
    {"content", secret_or_text, false,
     "The bytes. Required unless ensure = \"absent\". A secret's diff is never shown.", true},
    {"mode", mode, false, "Permission bits, such as 0644. Required unless ensure = \"absent\"."},
    owner,
    group_attribute,
    {"validate", strings, false,
     "Command that must succeed before the new content replaces the live file. \"{}\" stands for the staged file. "
     "Without "
     "\"{}\" it runs in a private mount namespace where every changed file, symlink and directory with the same "
     "validate "
     "and validate_tree is already in place."},
    {"validate_tree", text, false,
     "Directory that the validation without \"{}\" sees in its new state, such as /etc/nginx."},
};
constexpr AttributeSpec directory_attributes[] = {
    ensure,
    {"mode", mode, false, "Permission bits, such as 0755. Required unless ensure = \"absent\"."},
    owner,
    group_attribute,
    {"data", boolean, false, "Holds data: a rollback moves it to quarantine instead of removing it."},
};
constexpr AttributeSpec symlink_attributes[] = {
    ensure,
    {"target", text, false, "What the link says. Required unless ensure = \"absent\"."},
};
constexpr AttributeSpec user_attributes[] = {
    ensure,
    {"uid", integer, false, "Numeric id; the next free one when not given."},
    {"system", boolean, false, "A system account; false by default."},
    {"home", text, false, "Home directory."},
    {"create_home", boolean, false, "Make the home directory; false by default."},
    {"shell", text, false, "Login shell; /usr/sbin/nologin by default."},
    {"group", text, false, "Primary group; one named like the user by default."},
    {"groups", strings, false, "Supplementary groups the user must be in."},
    {"comment", text, false, "The GECOS field."},
};
constexpr AttributeSpec group_attributes[] = {
    ensure,
    {"gid", integer, false, "Numeric id; the next free one when not given."},
    {"system", boolean, false, "A system group; false by default."},
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
    {"irreversible", boolean, false, "It cannot be taken back; the plan says so."},
    {"user", text, false, "Runs as this user; root by default."},
    {"directory", text, false, "Working directory; / by default."},
    {"environment", table, false, "Variables, besides PATH and LC_ALL=C.UTF-8."},
    {"stdin", secret_or_text, false, "Bytes for its standard input: the way to hand over a secret.", true},
    {"timeout_ms", integer, false, "Deadline; 300000 by default."},
};
constexpr AttributeSpec certificate_attributes[] = {
    ensure,
    {"key", text, false, "Path of the private key, made with the certificate. Required unless ensure = \"absent\"."},
    {"common_name", text, false, "Subject CN. Required unless ensure = \"absent\"."},
    {"names", strings, false, "Subject alternative names: DNS names and numeric addresses."},
    {"subject", table, false,
     "More of the subject: organization, unit, country (two letters), state, locality, email. A certificate that "
     "wright "
     "made has no others; of one that somebody else made these alone count, when they are given."},
    {"days", integer, false, "Validity; 825 by default. Made anew when fewer than a tenth of them are left."},
    {"key_type", text, false, "\"ecdsa-p256\" (the default), \"rsa-2048\" or \"rsa-4096\"."},
    {"mode", mode, false, "Of the certificate; 0644 by default."},
    {"key_mode", mode, false, "Of the key; 0600 by default."},
    owner,
    group_attribute,
};

constexpr AttributeSpec http_attributes[] = {
    ensure,
    {"body", secret_or_text, false,
     "A JSON object. Every field in it must be in the object that the service has, lists and numbers exactly; what "
     "else is there does not matter. Required unless ensure = \"absent\".",
     true},
    {"send", secret_or_text, false, "What is sent to make or change it, where that is more than body.", true},
    {"find", table, false,
     "The URL is that of a collection: GET lists it, POST adds to it. The object is the member with these fields, a "
     "list there holding the value or an object being what a value says in JSON; the name's part behind \"#\" tells "
     "objects of one collection apart."},
    {"single", boolean, false,
     "With find: GET answers one object instead of a list; it is there when it has these fields, and make_url makes it "
     "so."},
    {"id_field", text, false, "With find: the member's field that completes the URL; \"id\" by default."},
    {"within", text, false, "JSON pointer to the object or the list in what GET answers, such as /inputs."},
    {"read_as", table, false, "Fields of body that GET has by another name."},
    {"unordered", strings, false,
     "Fields, at any depth, whose lists GET has in any order: their members are told apart by their \"id\"."},
    {"password", secret_or_text, false,
     "The object is an account: its password, compared with and stored as a salted hash."},
    {"password_hash_field", text, false, "Field with base64 of a salt of 4 bytes and SHA-256 of salt and password."},
    {"auth_user", text, false, "User for basic authentication."},
    {"auth_password", secret_or_text, false,
     "And password. One that worked before is tried when it is refused, so that a password can be changed by itself."},
    {"headers", table, false, "Request headers; values may be secrets."},
    {"trust", text, false,
     "Of https: \"any\" accepts a self-signed certificate; \"system\" (the default) the host's store."},
    {"restore", strings, false, "Fields of a former object that are sent to put it back; all by default."},
    {"data_url", text, false,
     "GET there answers a list of what the object holds. A rollback removes the object only when that is empty."},
    {"data_count", text, false,
     "JSON pointer to how many things it holds, such as /messages, where GET of data_url answers no list. A number "
     "that is not there yet is 0 with stays_when, as the service itself refuses then; without, a rollback waits some "
     "seconds for it and leaves the object where it does not come."},
    {"data_age_ms", integer, false,
     "How old the number may be: a 0 is believed when it is still 0 so much later. None by default."},
    {"remove_query", text, false, "What DELETE adds to the URL, such as if-empty=true."},
    {"stays_when", strings, false,
     "When the service answers 400, 409 or 412 to a deletion and says one of these texts, others use the object: a "
     "rollback leaves it and goes on."},
    {"ids", table, false,
     "Ids that the service gave to other objects, each by a word: a JSON object with url, find and, as above, within "
     "and id_field. \"{word}\" stands for the id in the URL, body, send, find, make_url, remove_url and remove_body."},
    {"puts_id", boolean, false, "PUT to a member says its id in what it sends, too."},
    {"make_url", text, false, "POST there makes it, instead of PUT to its URL or POST to its collection."},
    {"remove_url", text, false, "POST there takes it away, instead of DELETE."},
    {"remove_body", text, false, "What is sent to remove_url; {} by default."},
    {"stays", boolean, false, "It cannot be taken away: the service forgets it when nothing refers to it any more."},
    {"unit", text, false,
     "The service's unit on this host, which a rollback starts when it does not run, and waits for; gone, what the "
     "service held is gone too. Without it, a rollback leaves what a silent service holds, with a note."},
    {"wait_ms", integer, false,
     "How long an apply waits for the service to answer, and a rollback, which waits 5 minutes at most; 60000 by "
     "default."},
};

constexpr AttributeSpec sql_attributes[] = {
    {"look", text, true,
     "A query with at most one row: its state as a text, the statements that bring it back, and, with `password`, what "
     "the server keeps of the password. No row: there is none. Asked read-only."},
    {"wanted", text, false, "What the state must be. Not given: there must be no row."},
    {"change", secret_or_text, true,
     "Statements that make it so, each a transaction of its own. \"{verifier}\" stands for a quoted SCRAM-SHA-256 "
     "verifier of `password`, as the server need not learn the password.",
     true},
    {"undo", text, false, "Statements that take away what was not there before; doing them twice is doing them once."},
    {"password", secret_or_text, false, "What the server keeps must be a SCRAM-SHA-256 verifier of it."},
    {"identity", boolean, false,
     "The last column of look tells it from another of the same name, such as its oid. Commands that name it in "
     "anew_with are done again for another one."},
    {"dump", text, false,
     "Database that `undo` drops, or `change` when `wanted` is not given: it is dumped to quarantine first. What "
     "brings "
     "it back is given the dump."},
    {"database", text, false, "Where they run; postgres by default."},
    {"programs", text, false, "Directory of the server's own psql and pg_dump; /usr/bin by default."},
    {"user", text, false, "Account on the host and in the server; postgres by default."},
    {"port", integer, false, "Of the server's socket; 5432 by default."},
    {"unit", text, false, "The server's unit, which a rollback starts when it does not run."},
};
constexpr AttributeSpec mongodb_user_attributes[] = {
    ensure,
    {"password", secret_or_text, false, "What it logs in with, by SCRAM-SHA-256. Required unless ensure = \"absent\"."},
    {"roles", strings, false, "Its roles, each ROLE@DATABASE; exactly these."},
    {"admin_user", text, false,
     "Account of the database admin that makes it; admin by default. It makes itself while the server has no account."},
    {"admin_password", secret_or_text, false,
     "And its password. One that worked before is tried when it is refused, so that it can be changed by itself."},
    {"host", text, false, "Numeric address of the server; 127.0.0.1 by default."},
    {"port", integer, false, "And its port; 27017 by default."},
    {"tls", boolean, false, "It is asked over TLS, on a loopback address whatever its certificate; false by default."},
    {"ca", text, false,
     "Path of the certificates that those of other members must come from; with it they are asked over TLS."},
    {"members", strings, false,
     "HOST:PORT each, of the replica set that it is an account of; the one that takes writes is asked. When the host "
     "leaves a set of several, the account stays with the others."},
    {"joins", boolean, false,
     "Another host of the component makes it; this one does it only when it is not there then."},
    {"unit", text, false, "The server's unit, which a rollback starts when it does not run."},
    {"wait_ms", integer, false,
     "How long an apply waits for the server to answer, or for a member that takes writes; 60000 by default."},
};
constexpr AttributeSpec mongodb_replica_set_attributes[] = {
    {"members", strings, true, "Its members, HOST:PORT as all of them reach each other. Fixed once the set is made."},
    {"joins", boolean, false,
     "Another host of the component makes the set. This one waits until it has, and then until it is in it."},
    {"gathers", boolean, false, "It is made when the hosts that join it have come so far, too."},
    {"admin_user", text, false, "As for mongodb_user: needed where the server has accounts already."},
    {"admin_password", secret_or_text, false, "And its password."},
    {"host", text, false, "Numeric address of the server; 127.0.0.1 by default."},
    {"port", integer, false, "And its port; 27017 by default."},
    {"tls", boolean, false, "It is asked over TLS, on a loopback address whatever its certificate; false by default."},
    {"ca", text, false,
     "Path of the certificates that those of other members must come from; with it they are asked over TLS."},
    {"wait_ms", integer, false,
     "How long an apply waits for the other members, and for one that takes writes; 60000 by default."},
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

constexpr KindSpec resources[] = {
    {"package",
     "A Debian package by its name. All that can be are installed in one apt transaction, service starts held back.",
     package_attributes},
    {"file", "A regular file by its absolute path.", file_attributes},
    {"directory", "A directory by its absolute path.", directory_attributes},
    {"symlink", "A symbolic link by its absolute path.", symlink_attributes},
    {"user", "A local account by its name.", user_attributes},
    {"group", "A local group by its name.", group_attributes},
    {"service", "A systemd unit by its name; \".service\" when it has no suffix.", service_attributes},
    {"command", "A program run when it is needed, by a name for people. Needs unless, creates or stamp.",
     command_attributes},
    {"certificate", "A self-signed certificate by the absolute path of its PEM file.", certificate_attributes},
    {"http",
     "An object that a service holds behind a REST interface with JSON, by its URL: GET looks, PUT makes or changes, "
     "DELETE removes. A service that does not answer is taken to have none until it is the object's turn.",
     http_attributes},
    {"sql",
     "Something in a PostgreSQL server on the host, by a name for people. A server that does not answer is taken to "
     "have none until it is its turn.",
     sql_attributes},
    {"mongodb_replica_set",
     "The replica set of a MongoDB server on the host, by its name. A set that was made stays in the server's data.",
     mongodb_replica_set_attributes},
    {"mongodb_user",
     "An account in a MongoDB server on the host, by DATABASE.USER. A server that does not answer is taken to have "
     "none until it is its turn.",
     mongodb_user_attributes},
    {"sysctl", "A setting of the running kernel by its name, such as net.core.somaxconn. It is lost with a reboot.",
     sysctl_attributes},
    {"program",
     "A program or group of Supervisor by its name. A restart makes supervisord read its files, and load anew what "
     "changed of this one. One that supervisord does not have is taken not to be there.",
     program_attributes},
};

bool fits(AttributeType type, const Value& value) {
  switch (type) {
    case text:
      return value.as_string() != nullptr;
    case secret_or_text:
      return value.as_string() != nullptr || value.as_secret() != nullptr;
    case integer:
      return value.as_int() != nullptr;
    case boolean:
      return value.as_bool() != nullptr;
    case mode:
      return value.as_int() != nullptr && *value.as_int() >= 0 && *value.as_int() <= 07777;
    case table:
      return value.as_map() != nullptr;
    case strings: {
      const auto* list = value.as_list();
      return list != nullptr &&
             std::all_of(list->begin(), list->end(), [](const Value& v) { return v.as_string() != nullptr; });
    }
  }
  return false;
}

std::string_view describe(AttributeType type) {
  switch (type) {
    case text:
      return "a text";
    case secret_or_text:
      return "a text or a secret";
    case integer:
      return "an integer";
    case boolean:
      return "true or false";
    case mode:
      return "permission bits from 0 to 07777";
    case table:
      return "a table";
    case strings:
      return "a list of texts";
  }
  return "a value";
}

Diagnostics check_attributes(const std::string& where, const KindSpec& kind, const Value::Map& attributes) {
  Diagnostics problems;
  std::vector<std::string> known;
  for (const auto& spec : kind.attributes) known.emplace_back(spec.name);
  for (const auto& [name, value] : attributes) {
    const auto spec = std::find_if(kind.attributes.begin(), kind.attributes.end(),
                                   [&, &wanted = name](const AttributeSpec& s) { return s.name == wanted; });
    if (spec == kind.attributes.end()) {
      problems.add({Severity::error,
                    Fault::bad_plugin,
                    where,
                    "kind " + std::string(kind.name) + " has no attribute \"" + name + "\"",
                    suggestion(name, known),
                    {}});
    } else if (!fits(spec->type, value)) {
      problems.add({Severity::error,
                    Fault::bad_plugin,
                    where,
                    "attribute \"" + name + "\" must be " + std::string(describe(spec->type)) + ", not a " +
                        std::string(value.type_name()),
                    {},
                    {}});
    }
  }
  for (const auto& spec : kind.attributes)
    if (spec.required && !attributes.contains(spec.name))
      problems.add({Severity::error,
                    Fault::bad_plugin,
                    where,
                    "attribute \"" + std::string(spec.name) + "\" is missing",
                    std::string(spec.doc),
                    {}});
  return problems;
}

Diagnostics unknown_kind(const std::string& where, std::string_view what, std::string_view kind,
                         std::span<const KindSpec> kinds) {
  std::vector<std::string> known;
  for (const auto& k : kinds) known.emplace_back(k.name);
  return Diagnostics({Severity::error,
                      Fault::bad_plugin,
                      where,
                      "no kind of " + std::string(what) + " is named \"" + std::string(kind) + "\"",
                      suggestion(kind, known),
                      {}});
}

/// Parts of letters, digits, "_" and "-", separated by points or slashes.
bool is_sysctl_name(std::string_view name) {
  bool in_part = false;
  for (const char c : name) {
    const bool separator = c == '.' || c == '/';
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == ':';
    if (separator ? !in_part : !plain) return false;
    in_part = !separator;
  }
  return in_part;
}

void check_http(const std::string& where, const Resource& r, bool wanted, Diagnostics& problems) {
  auto bad = [&](std::string what) {
    problems.add({Severity::error, Fault::bad_plugin, where, std::move(what), {}, {}});
  };
  if (!r.id.name.starts_with("http://") && !r.id.name.starts_with("https://"))
    bad("its name must be a URL that begins with http:// or https://");
  if (r.attributes.contains("password") != r.attributes.contains("password_hash_field"))
    bad("password and password_hash_field need each other");
  if (const auto ids = r.attributes.find("ids"); ids != r.attributes.end() && ids->second.as_map() != nullptr)
    for (const auto& [word, whereabouts] : *ids->second.as_map()) {
      const auto place = from_json(whereabouts.text_or(""));
      if (!place || (*place)["url"].text_or("").empty() || (*place)["find"].as_map() == nullptr)
        bad("ids." + word + " must be a JSON object with url and find");
    }
  if (r.attributes.contains("single") && !(r.attributes.contains("find") && r.attributes.contains("make_url")))
    bad("single needs find and make_url");
  const auto body = r.attributes.find("body");
  if (body == r.attributes.end()) {
    if (wanted) bad("attribute \"body\" is missing");
    return;
  }
  const auto object = from_json(body->second.text_or(""));
  if (!object || object->as_map() == nullptr) bad("body must be a JSON object");
}

/// What a table cannot say: absolute paths, and attributes needed only when the thing is to be there.
void check_meaning(const std::string& where, const Resource& r, Diagnostics& problems) {
  auto need = [&](std::string_view attribute) {
    if (!r.attributes.contains(attribute))
      problems.add({Severity::error,
                    Fault::bad_plugin,
                    where,
                    "attribute \"" + std::string(attribute) + "\" is missing",
                    {},
                    {}});
  };
  const auto ensure_value = r.attributes.find("ensure");
  const std::string state = ensure_value == r.attributes.end() ? "present" : ensure_value->second.text_or("");
  if (state != "present" && state != "absent")
    problems.add({Severity::error,
                  Fault::bad_plugin,
                  where,
                  "ensure must be \"present\" or \"absent\", not \"" + state + "\"",
                  {},
                  {}});
  const std::string& kind = r.id.kind;
  const bool is_path = kind == "file" || kind == "directory" || kind == "symlink" || kind == "certificate";
  if (is_path && (r.id.name.empty() || r.id.name[0] != '/' || r.id.name.find("/../") != std::string::npos ||
                  r.id.name.find('\0') != std::string::npos))
    problems.add(
        {Severity::error, Fault::bad_plugin, where, "its name must be an absolute path without \"..\"", {}, {}});
  if (state == "present") {
    if (kind == "file") need("content"), need("mode");
    if (kind == "directory") need("mode");
    if (kind == "symlink") need("target");
    if (kind == "mongodb_user") need("password");
    if (kind == "certificate") need("key"), need("common_name");
  }
  if (kind == "sysctl" && !is_sysctl_name(r.id.name))
    problems.add({Severity::error, Fault::bad_plugin, where, "its name must be one as sysctl(8) has them", {}, {}});
  if (kind == "mongodb_user" &&
      (r.id.name.find('.') == std::string::npos || r.id.name.front() == '.' || r.id.name.back() == '.'))
    problems.add({Severity::error, Fault::bad_plugin, where, "its name must be DATABASE.USER", {}, {}});
  if (kind == "http") check_http(where, r, state == "present", problems);
  if (kind == "command" && r.attributes.contains("anew_with") &&
      (r.attributes.contains("unless") || r.attributes.contains("creates")))
    problems.add({Severity::error, Fault::bad_plugin, where, "anew_with goes with stamp alone", {}, {}});
  if (kind == "command" && !r.attributes.contains("unless") && !r.attributes.contains("creates") &&
      !r.attributes.contains("stamp"))
    problems.add({Severity::error,
                  Fault::bad_plugin,
                  where,
                  "needs one of unless, creates or stamp, or it would run every time",
                  {},
                  {}});
}

}  // namespace

std::span<const KindSpec> resource_kinds() { return resources; }
bool is_running_kind(std::string_view kind) { return kind == "service" || kind == "program"; }

const KindSpec* find_kind(std::span<const KindSpec> kinds, std::string_view name) {
  const auto found = std::find_if(kinds.begin(), kinds.end(), [&](const KindSpec& k) { return k.name == name; });
  return found == kinds.end() ? nullptr : &*found;
}

Diagnostics check(const Resource& resource) {
  const std::string where = to_string(resource.id);
  const KindSpec* kind = find_kind(resources, resource.id.kind);
  if (kind == nullptr) return unknown_kind(where, "resource", resource.id.kind, resources);
  Diagnostics problems = check_attributes(where, *kind, resource.attributes);
  check_meaning(where, resource, problems);
  return problems;
}

Diagnostics check(const Probe& probe) {
  const std::string where = "probe \"" + probe.name + "\"";
  const KindSpec* kind = find_kind(probe_kinds(), probe.kind);
  if (kind == nullptr) return unknown_kind(where, "probe", probe.kind, probe_kinds());
  Diagnostics problems = check_attributes(where, *kind, probe.attributes);
  if (probe.from != "host" && probe.from != "controller")
    problems.add({Severity::error, Fault::bad_plugin, where, "from must be \"host\" or \"controller\"", {}, {}});
  if (probe.from == "controller" && probe.kind != "tcp" && probe.kind != "tls" && probe.kind != "http" &&
      probe.kind != "login")
    problems.add({Severity::error,
                  Fault::bad_plugin,
                  where,
                  "only tcp, tls, http and login can be asked from the controller",
                  {},
                  {}});
  if (probe.from == "host" && probe.kind == "login")
    problems.add({Severity::error, Fault::bad_plugin, where, "a login can only be asked from the controller", {}, {}});
  return problems;
}

}  // namespace wright

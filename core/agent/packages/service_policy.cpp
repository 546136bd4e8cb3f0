#include "agent/packages/service_policy.hpp"

#include <algorithm>

#include "agent/files/files.hpp"
#include "agent/process/process.hpp"

namespace wright::agent::packages {
namespace {

constexpr const char* policy = "/usr/sbin/policy-rc.d";
constexpr std::string_view head = "#!/bin/sh\n# wright: services are held back while it changes packages\n";
constexpr std::size_t largest = 1U << 20U;

bool is_unit_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-' || c == '@' || c == ':';
  });
}

std::string kept_original(const Context& context) { return context.state_folder + "/apt/policy-rc.d"; }

/// True when the file is one that this tool wrote.
bool is_ours() {
  const auto content = read_file(policy, largest);
  return content && content->starts_with(head);
}

}  // namespace

Result<Value> policy_before() {
  const auto seen = look_at(policy);
  if (!seen) return failure(seen.error());
  Value::Map out{{"type", "absent"}};
  if (seen->type == FileState::Type::symlink) {
    out["type"] = "symlink";
    out["target"] = seen->target;
  } else if (seen->type == FileState::Type::regular && !is_ours()) {
    auto content = read_file(policy, largest);
    if (!content) return failure(content.error());
    out = {{"type", "file"},
           {"content", std::move(*content)},
           {"mode", static_cast<std::int64_t>(seen->mode)},
           {"uid", static_cast<std::int64_t>(seen->uid)},
           {"gid", static_cast<std::int64_t>(seen->gid)},
           {"mtime", seen->mtime_ns}};
  } else if (seen->type == FileState::Type::directory || seen->type == FileState::Type::other) {
    return failure(policy, "is no file, so services cannot be held back while packages are installed", {},
                   "move it away");
  }
  return Value(std::move(out));
}

Result<std::vector<std::string>> running_units(const Context& context) {
  std::vector<std::string> out;
  const auto booted = look_at("/run/systemd/system");
  if (!booted || booted->type != FileState::Type::directory) return out;
  Command asking;
  asking.argv = {"/bin/systemctl", "list-units", "--no-legend", "--no-pager", "--plain", "--full", "--state=active"};
  asking.timeout = std::chrono::seconds(30);
  asking.finish_when_cancelled = true;
  const auto finished = run(asking, context);
  if (!finished) return failure(finished.error());
  if (!finished->ok())
    return failure("systemctl", "does not say which services run", last_lines(*finished), "see that systemd answers");
  std::string_view rest = finished->out;
  while (!rest.empty()) {
    const auto end = std::min(rest.find('\n'), rest.size());
    std::string_view unit = rest.substr(0, std::min(end, rest.find(' ')));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (unit.ends_with(".service")) unit.remove_suffix(8);
    if (is_unit_name(unit) && !unit.ends_with(".device") && !unit.ends_with(".mount") && !unit.ends_with(".slice"))
      out.emplace_back(unit);
  }
  return out;
}

std::string policy_script(const std::vector<std::string>& running, const std::string& original) {
  std::string script(head);
  script +=
      "while [ \"${1#--}\" != \"$1\" ]; do shift; done\ncase \"$2\" in *start*)\n  case \"${1%.service}\" in *.timer";
  // A timer runs nothing by being started; without it logs would not be rotated until the next boot.
  for (const auto& unit : running) script += "|" + unit;
  script += ") ;; *) exit 101 ;; esac ;;\nesac\n";
  if (!original.empty()) script += "exec " + original + " \"$@\"\n";
  return script + "exit 0\n";
}

Result<> hold_services(const Value& before, const std::vector<std::string>& running, const Context& context) {
  std::string original;
  const std::string type = before["type"].text_or("absent");
  if (type == "file") {
    original = kept_original(context);
    if (auto kept = replace_file(original, before["content"].text_or(""), {0700, 0, 0}); !kept) return kept;
  } else if (type == "symlink") {
    const std::string target = before["target"].text_or("");
    if (target.starts_with('/') && is_unit_name(target.substr(target.rfind('/') + 1)) &&
        target.find_first_of(" '\"$`\\\n;&|<>()*?") == std::string::npos)
      original = target;
  }
  return replace_file(policy, policy_script(running, original), {0755, 0, 0});
}

Result<> let_services_start(const Value& before, const Context& context) {
  if (is_ours()) {
    const std::string type = before["type"].text_or("absent");
    Result<> put_back;
    if (type == "file")
      put_back =
          replace_file(policy, before["content"].text_or(""),
                       {static_cast<mode_t>(before["mode"].int_or(0755)), static_cast<uid_t>(before["uid"].int_or(0)),
                        static_cast<gid_t>(before["gid"].int_or(0))},
                       before["mtime"].int_or(0));
    else if (type == "symlink")
      put_back = replace_symlink(policy, before["target"].text_or(""));
    else
      put_back = remove_path(policy);
    if (!put_back) return put_back;
  }
  return remove_path(kept_original(context));
}

}  // namespace wright::agent::packages

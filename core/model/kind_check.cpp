#include <algorithm>

#include "base/nearest.hpp"
#include "model/encoding.hpp"
#include "model/kinds.hpp"

namespace wright {
namespace {

using enum AttributeType;

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

Diagnostics check(const Resource& resource) {
  const std::string where = to_string(resource.id);
  const KindSpec* kind = find_kind(resource_kinds(), resource.id.kind);
  if (kind == nullptr) return unknown_kind(where, "resource", resource.id.kind, resource_kinds());
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

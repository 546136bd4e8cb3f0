#include "site/reference.hpp"

#include <algorithm>

#include "site/template.hpp"

namespace wright {
namespace {

constexpr std::string_view how_to_write =
    "write ${secret.NAME}, ${file.PATH}, ${host.FACT}, ${hosts.NAME.FACT} or ${COMPONENT.EXPORT}; $${ stands for a "
    "plain "
    "${";

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

/// Segments with a dot between, none empty. Facts hold package names: "apt.candidate:g++-12".
bool is_path(std::string_view path) {
  if (path.empty() || path.front() == '.' || path.back() == '.' || path.find("..") != std::string_view::npos)
    return false;
  return std::all_of(path.begin(), path.end(), [](char c) {
    return is_letter_or_digit(c) || c == '.' || c == '_' || c == '-' || c == ':' || c == '+';
  });
}

/// A file's path may lead out of the site file's folder.
bool is_file_path(std::string_view path) {
  return !path.empty() && path.size() <= 4096 && path.back() != '/' &&
         std::all_of(path.begin(), path.end(), [](char c) {
           return is_letter_or_digit(c) || c == '.' || c == '_' || c == '-' || c == '+' || c == '/';
         });
}

/// A secret's name is one segment that can be the name of a file.
bool is_secret_name(std::string_view name) {
  return !name.empty() && name.size() <= 64 && name.front() != '-' &&
         std::all_of(name.begin(), name.end(), [](char c) { return is_letter_or_digit(c) || c == '_' || c == '-'; });
}

tl::unexpected<Diagnostics> malformed(std::string_view text, std::string what) {
  constexpr std::size_t shown = 120;
  std::string start(text.substr(0, shown));
  if (text.size() > shown) start += "...";
  return failure({Severity::error,
                  Fault::bad_site,
                  {},
                  "bad reference " + start + ": " + std::move(what),
                  {},
                  std::string(how_to_write)});
}

/// `text` is the whole "${...}".
Result<Reference> parse_reference(std::string_view text) {
  const std::string_view inside = text.substr(2, text.size() - 3);
  if (inside.empty()) return malformed(text, "it is empty");
  constexpr std::string_view of_file = "file.";
  if (inside.starts_with(of_file)) {
    Reference reference;
    reference.kind = Reference::Kind::file;
    reference.text = text;
    reference.path = inside.substr(of_file.size());
    if (!is_file_path(reference.path))
      return malformed(text, "the path of a file has letters, digits, \".\", \"_\", \"-\", \"+\" and \"/\" here");
    return reference;
  }
  if (!is_path(inside))
    return malformed(text, "only letters, digits, \"_\", \"-\", \":\" and \"+\", in parts with dots between");
  Reference reference;
  reference.text = text;
  const std::size_t dot = inside.find('.');
  if (dot == std::string_view::npos) return malformed(text, "it names nothing of \"" + std::string(inside) + "\"");
  const std::string_view first = inside.substr(0, dot);
  const std::string_view rest = inside.substr(dot + 1);
  reference.path = rest;
  if (first == "secret") {
    reference.kind = Reference::Kind::secret;
    if (!is_secret_name(rest))
      return malformed(text, "a secret's name has letters, digits, \"_\" and \"-\", at most 64");
  } else if (first == "host") {
    reference.kind = Reference::Kind::host_fact;
  } else if (first == "hosts") {
    reference.kind = Reference::Kind::other_host_fact;
    const std::size_t second = rest.find('.');
    if (second == std::string_view::npos) return malformed(text, "it names no fact of \"" + std::string(rest) + "\"");
    reference.owner = rest.substr(0, second);
    reference.path = rest.substr(second + 1);
  } else {
    reference.owner = first;
  }
  return reference;
}

}  // namespace

Result<std::vector<TemplatePart>> template_parts(std::string_view text) {
  std::vector<TemplatePart> parts(1);
  Diagnostics problems;
  while (!text.empty()) {
    const std::size_t dollar = text.find('$');
    parts.back().literal += text.substr(0, dollar);
    if (dollar == std::string_view::npos) break;
    text.remove_prefix(dollar);
    if (text.starts_with("$${")) {
      parts.back().literal += "${";
      text.remove_prefix(3);
    } else if (!text.starts_with("${")) {
      parts.back().literal += '$';
      text.remove_prefix(1);
    } else {
      const std::size_t end = text.find('}');
      if (end == std::string_view::npos) {
        problems.add(malformed(text, "it is not closed").value());
        break;
      }
      auto reference = parse_reference(text.substr(0, end + 1));
      if (reference) {
        parts.back().has_reference = true;
        parts.back().reference = std::move(*reference);
        parts.emplace_back();
      } else {
        problems.add(reference.error());
      }
      text.remove_prefix(end + 1);
    }
  }
  if (problems.has_errors()) return failure(problems);
  return parts;
}

Result<std::vector<Reference>> references_in(std::string_view text) {
  auto parts = template_parts(text);
  if (!parts) return failure(parts.error());
  std::vector<Reference> references;
  for (auto& part : *parts)
    if (part.has_reference) references.push_back(std::move(part.reference));
  return references;
}

}  // namespace wright

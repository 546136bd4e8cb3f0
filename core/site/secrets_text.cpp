#include <cstring>

#include "site/document.hpp"
#include "site/secrets_file.hpp"
#include "site/toml_text.hpp"

namespace wright {
namespace {

tl::unexpected<Diagnostics> refused(const std::string& path, std::string what, std::string next) {
  return failure({Severity::error, Fault::bad_site, path, std::move(what), {}, std::move(next)});
}

/// Whether the lines are this one secret and nothing else.
bool is_just(std::string_view lines, const std::string& name, const Secret& value) {
  const auto alone = secrets_in(Secret(std::string(lines) + "\n"), {});
  return alone && alone->size() == 1 && alone->begin()->first == name && alone->begin()->second == value;
}

std::size_t end_of_line(std::string_view text, std::size_t at) {
  const std::size_t newline = text.find('\n', at);
  return newline == std::string_view::npos ? text.size() : newline;
}

/// Where the entry that begins with the line at `begin` ends: at the first newline, or the text's end, that leaves it
/// whole. A value may go over several lines. npos when there is none.
std::size_t end_of_entry(std::string_view text, std::size_t begin, const std::string& name, const Secret& value) {
  for (std::size_t end = end_of_line(text, begin);; end = end_of_line(text, end + 1)) {
    if (is_just(text.substr(begin, end - begin), name, value)) return end;
    if (end >= text.size()) return std::string_view::npos;
  }
}

/// The comment behind the value, with the blanks before it.
std::string_view comment_of(std::string_view entry, const std::string& name, const Secret& value) {
  for (std::size_t at = entry.find('#'); at != std::string_view::npos; at = entry.find('#', at + 1))
    if (is_just(entry.substr(0, at), name, value)) {
      const std::size_t before = entry.find_last_not_of(" \t", at - 1);
      return entry.substr(before + 1);
    }
  return {};
}

std::size_t start_of_line(std::string_view text, std::uint32_t line) {
  std::size_t at = 0;
  for (std::uint32_t i = 1; i < line; ++i) at = end_of_line(text, at) + 1;
  return at;
}

}  // namespace

Result<std::map<std::string, Secret>> secrets_in(const Secret& text, const std::string& path) {
  Problems syntax(path);
  const Node table = parse_document(text.reveal(), syntax);
  // The parser's own words may quote the text, so only the place of a problem is passed on.
  if (const Diagnostics found = syntax.errors(); !found.empty())
    return refused(found.items().front().where, "is not valid TOML", "write one line a secret: NAME = \"value\"");
  Problems problems(path);
  std::map<std::string, Secret> secrets;
  for (const auto& [name, node] : table.entries) {
    if (const auto* value = node.text())
      secrets.emplace(name, Secret(*value));
    else
      problems.add(node.position, "the secret \"" + name + "\" must be a string, not " + node.described());
  }
  if (!problems.empty()) return failure(problems.errors());
  return secrets;
}

Result<Secret> with_secret(const SecretsFile& file, const std::string& name, const Secret& value) {
  const std::string& text = file.text.reveal();
  const Secret line(toml_key(name) + " = " + Secret(quoted(value.reveal())).reveal());
  std::string changed;
  changed.reserve(text.size() + line.reveal().size() + 2);
  if (const auto known = file.values.find(name); known != file.values.end()) {
    Problems none(file.path);
    const Node table = parse_document(text, none);
    const std::size_t begin = start_of_line(text, table.entry(name)->position.line);
    const std::size_t end = end_of_entry(text, begin, name, known->second);
    if (end == std::string::npos)
      return refused(file.path, "the secret \"" + name + "\" is not on lines of its own", "wright secrets edit");
    const std::string_view entry = std::string_view(text).substr(begin, end - begin);
    changed.append(text, 0, begin).append(line.reveal()).append(comment_of(entry, name, known->second));
    changed.append(text, end);
  } else {
    changed = text;
    if (!changed.empty() && changed.back() != '\n') changed += '\n';
    changed.append(line.reveal()).append("\n");
  }
  Secret out(std::move(changed));
  auto expected = file.values;
  expected[name] = value;
  const auto got = secrets_in(out, file.path);
  if (!got || *got != expected)
    return refused(file.path, "the value of \"" + name + "\" cannot be written as TOML: it is not valid UTF-8",
                   "give it encoded, in base64 for example");
  return out;
}

}  // namespace wright

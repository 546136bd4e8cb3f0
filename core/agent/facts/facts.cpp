#include "agent/facts/facts.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "agent/facts/sources.hpp"
#include "model/fact_kinds.hpp"

namespace wright::agent {
namespace {

const Value& at_path(const Value::Map& facts, const std::string& path) {
  static const Value nothing;
  const Value::Map* table = &facts;
  std::size_t start = 0;
  while (true) {
    const std::size_t dot = path.find('.', start);
    const auto found = table->find(path.substr(start, dot == std::string::npos ? dot : dot - start));
    if (found == table->end()) return nothing;
    if (dot == std::string::npos) return found->second;
    table = found->second.as_map();
    if (table == nullptr) return nothing;
    start = dot + 1;
  }
}

Value version(const std::string& text) { return text.empty() ? Value() : Value(text); }

bool is_candidate(const std::string& name) { return name.starts_with(std::string(candidate_fact) + ":"); }

Value named(const std::string& kind, const std::string& argument) {
  if (kind == installed_fact) return version(installed_version(argument));
  if (kind == path_fact && !argument.empty() && argument.front() == '/') {
    struct stat info {};
    return ::lstat(argument.c_str(), &info) == 0;
  }
  if (kind == disk_fact && !argument.empty() && argument.front() == '/') return disk_at(argument);
  return {};
}

}  // namespace

std::string text_of(const std::string& path, std::size_t limit) {
  std::string text;
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return text;
  char buffer[16384];
  ssize_t count = 0;
  while (text.size() < limit && (count = ::read(fd, buffer, std::min(sizeof buffer, limit - text.size()))) > 0)
    text.append(buffer, static_cast<std::size_t>(count));
  ::close(fd);
  return text;
}

std::string trimmed(std::string_view text) {
  constexpr std::string_view space = " \t\r\n";
  const auto first = text.find_first_not_of(space);
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(space) - first + 1));
}

Value::Map asked_facts(const std::vector<std::string>& names, Context& context) {
  Value::Map out;
  Value::Map usual;
  std::vector<std::string> ports;
  std::vector<std::string> packages;
  for (const auto& name : names) {
    const auto colon = name.find(':');
    if (colon != std::string::npos && name.substr(0, colon) == port_fact) {
      ports.push_back(name.substr(colon + 1));
      continue;
    }
    if (colon != std::string::npos) {
      out[name] = named(name.substr(0, colon), name.substr(colon + 1));
      if (is_candidate(name)) packages.push_back(name.substr(colon + 1));
      continue;
    }
    if (usual.empty()) usual = usual_facts();
    out[name] = at_path(usual, name);
  }
  for (auto& [place, owner] : owners_of_ports(ports)) out[std::string(port_fact) + ":" + place] = std::move(owner);
  if (packages.empty()) return out;
  for (auto& [package, found] : candidate_versions(packages, context))
    out[std::string(candidate_fact) + ":" + package] = std::move(found);
  return out;
}

Value::Map quick_facts(const std::vector<std::string>& names, Context& context) {
  if (std::none_of(names.begin(), names.end(), is_candidate) || !candidates_take_long(context))
    return asked_facts(names, context);
  auto quick = names;
  std::erase_if(quick, is_candidate);
  return asked_facts(quick, context);
}

}  // namespace wright::agent

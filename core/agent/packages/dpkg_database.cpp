#include "agent/packages/dpkg_database.hpp"

#include <dirent.h>

#include <algorithm>
#include <memory>
#include <set>

#include "agent/files/files.hpp"

namespace wright::agent::packages {
namespace {

constexpr std::size_t largest_status = 256U << 20U;

bool is_lower_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

std::string_view word(std::string_view& rest) {
  rest = trimmed(rest);
  const auto end = rest.find_first_of(" \t");
  const auto out = rest.substr(0, end);
  rest.remove_prefix(out.size());
  return out;
}

bool is_architecture(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_lower_or_digit(c) || c == '-'; });
}

/// Hands each "Name: value" line of a paragraph to `field`; continuation lines are of no use here.
template <class Field>
void each_field(std::string_view paragraph, Field field) {
  while (!paragraph.empty()) {
    const auto end = std::min(paragraph.find('\n'), paragraph.size());
    const auto line = paragraph.substr(0, end);
    paragraph.remove_prefix(std::min(end + 1, paragraph.size()));
    if (line.empty() || line[0] == ' ' || line[0] == '\t') continue;
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    field(line.substr(0, colon), trimmed(line.substr(colon + 1)));
  }
}

Package package_in(std::string_view paragraph) {
  Package p;
  each_field(paragraph, [&](std::string_view name, std::string_view value) {
    if (name == "Package") {
      p.name = value;
    } else if (name == "Status") {
      p.want = word(value);
      p.flag = word(value);
      p.status = word(value);
    } else if (name == "Architecture") {
      p.architecture = value;
    } else if (name == "Version") {
      p.version = value;
    } else if (name == "Depends" || name == "Pre-Depends") {
      p.depends.append(p.depends.empty() ? "" : ", ").append(value);
    } else if (name == "Provides") {
      p.provides = value;
    }
  });
  return p;
}

}  // namespace

bool Package::whole() const {
  return flag == "ok" && (status == "installed" || status == "triggers-awaited" || status == "triggers-pending");
}

void Database::merge(std::string_view paragraphs) {
  while (!paragraphs.empty()) {
    const auto end = std::min(paragraphs.find("\n\n"), paragraphs.size());
    Package p = package_in(paragraphs.substr(0, end));
    paragraphs.remove_prefix(std::min(end + 2, paragraphs.size()));
    if (!is_package_name(p.name) || !is_architecture(p.architecture) || p.status.empty()) continue;
    std::string key = p.name + ":" + p.architecture;
    if (p.status == "not-installed")
      packages_.erase(key);
    else
      packages_[std::move(key)] = std::move(p);
  }
  if (!native_.empty()) return;
  for (const auto& [key, p] : packages_)
    if (p.name == "dpkg") native_ = p.architecture;
}

Result<Database> Database::read(const std::string& folder) {
  const auto status = read_file(folder + "/status", largest_status);
  if (!status) return failure(status.error());
  Database out;
  // The first line is the host's own architecture; the file is there only when others were added.
  if (const auto architectures = read_file(folder + "/arch", 4096)) {
    const auto first = trimmed(std::string_view(*architectures).substr(0, architectures->find('\n')));
    if (is_architecture(first)) out.native_ = first;
  }
  out.merge(*status);
  const std::unique_ptr<DIR, int (*)(DIR*)> updates(::opendir((folder + "/updates").c_str()), &::closedir);
  if (updates == nullptr) return out;
  std::set<std::string> pieces;
  while (const dirent* entry = ::readdir(updates.get())) {
    const std::string_view name = entry->d_name;
    if (std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; })) pieces.emplace(name);
  }
  for (const auto& piece : pieces) {
    const auto update = read_file(folder + "/updates/" + piece, largest_status);
    if (!update) return failure(update.error());
    out.merge(*update);
    out.journaled_ = true;
  }
  return out;
}

const Package* Database::find(std::string_view name) const {
  if (const auto colon = name.find(':'); colon != std::string_view::npos) {
    auto found = packages_.find(name);
    if (found == packages_.end() && name.substr(colon + 1) == native_)
      found = packages_.find(std::string(name.substr(0, colon)) + ":all");
    return found == packages_.end() ? nullptr : &found->second;
  }
  const Package* best = nullptr;
  int best_rank = 0;
  const std::string prefix = std::string(name) + ":";
  for (auto at = packages_.lower_bound(prefix); at != packages_.end() && at->first.starts_with(prefix); ++at) {
    const Package& p = at->second;
    const bool own = p.architecture == native_ || p.architecture == "all";
    const int rank = 1 + (own ? 2 : 0) + (p.present() ? 4 : 0);
    if (rank > best_rank) {
      best = &p;
      best_rank = rank;
    }
  }
  return best;
}

std::vector<std::string> Database::broken() const {
  std::vector<std::string> out;
  for (const auto& [key, p] : packages_)
    if (p.flag != "ok" || (p.present() && !p.whole())) out.push_back(key);
  return out;
}

std::string Database::shown(std::string_view key) const {
  const auto colon = key.find(':');
  const auto architecture = colon == std::string_view::npos ? std::string_view() : key.substr(colon + 1);
  return std::string(architecture == "all" || architecture == native_ ? key.substr(0, colon) : key);
}

bool is_package_name(std::string_view text) {
  const auto colon = text.find(':');
  if (colon != std::string_view::npos && !is_architecture(text.substr(colon + 1))) return false;
  const auto name = text.substr(0, colon);
  return name.size() >= 2 && name.size() <= 200 && is_lower_or_digit(name[0]) && name.back() != '-' &&
         std::all_of(name.begin(), name.end(),
                     [](char c) { return is_lower_or_digit(c) || c == '+' || c == '-' || c == '.' || c == '_'; });
}

bool is_version(std::string_view text) {
  return !text.empty() && text.size() <= 200 &&
         ((text[0] >= '0' && text[0] <= '9') || (text[0] >= 'a' && text[0] <= 'z')) &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return is_lower_or_digit(c) || (c >= 'A' && c <= 'Z') || c == '.' || c == '+' || c == '~' || c == ':' ||
                  c == '-';
         });
}

std::vector<std::string> names_in_relations(std::string_view field) {
  std::vector<std::string> out;
  while (!field.empty()) {
    const auto end = std::min(field.find_first_of(",|"), field.size());
    auto one = trimmed(field.substr(0, end));
    field.remove_prefix(std::min(end + 1, field.size()));
    one = one.substr(0, one.find_first_of(" \t(:["));
    if (!one.empty()) out.emplace_back(one);
  }
  return out;
}

std::vector<std::string> files_of(const Package& package, const std::string& folder) {
  auto list = read_file(folder + "/info/" + package.name + ":" + package.architecture + ".list");
  if (!list) list = read_file(folder + "/info/" + package.name + ".list");
  std::vector<std::string> out;
  if (!list) return out;
  std::string_view rest = *list;
  while (!rest.empty()) {
    const auto end = std::min(rest.find('\n'), rest.size());
    if (rest[0] == '/' && end > 1 && rest.substr(0, end) != "/.") out.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return out;
}

}  // namespace wright::agent::packages

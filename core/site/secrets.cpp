#include "site/secrets.hpp"

#include <sys/stat.h>
#include <unistd.h>
#include <cstring>

#include "site/document.hpp"
#include "site/file.hpp"
#include "site/reference.hpp"

namespace wright {
namespace {

tl::unexpected<Diagnostics> refused(const std::string& path, std::string what, std::string next = {}) {
  return failure({Severity::error, Fault::bad_site, path, std::move(what), {}, std::move(next)});
}

Result<> check_owner(const FileContent& file, const std::string& path) {
  if (file.owner != ::geteuid() && file.owner != 0)
    return refused(path, "the file with the secrets belongs to somebody else", "chown it to yourself");
  if ((file.mode & 0077U) != 0)
    return refused(path, "others than its owner can read or write the file with the secrets", "chmod 600 " + path);
  return {};
}

/// The parser's own words may quote the text, so only the place of a problem is passed on.
Result<std::map<std::string, Secret>> secrets_in(const std::string& text, const std::string& path) {
  Problems syntax(path);
  const Node table = parse_document(text, syntax);
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

void find_missing(const Value& value, const std::string& at, const Site& site, const SiteComponent& component,
                  const std::map<std::string, Secret>& known, const std::string& next, Diagnostics& out) {
  if (const auto* map = value.as_map())
    for (const auto& [key, item] : *map)
      find_missing(item, at.empty() ? key : at + "." + key, site, component, known, next, out);
  if (const auto* list = value.as_list())
    for (std::size_t i = 0; i < list->size(); ++i)
      find_missing((*list)[i], at + "[" + std::to_string(i) + "]", site, component, known, next, out);
  if (value.as_string() == nullptr) return;
  const auto references = references_in(*value.as_string());
  if (!references) return;  // judged when the site was read
  for (const auto& reference : *references)
    if (reference.kind == Reference::Kind::secret && !known.contains(reference.path))
      out.add({Severity::error,
               Fault::bad_site,
               where_in(site, component, at),
               "the secret \"" + reference.path + "\" has no value",
               {},
               next});
}

}  // namespace

Diagnostics missing_secrets(const Site& site, const std::map<std::string, Secret>& known, const std::string& next) {
  Diagnostics out;
  for (const auto& component : site.components)
    find_missing(Value(component.options), {}, site, component, known, next, out);
  return out;
}

Result<std::map<std::string, Secret>> load_secrets(const Site& site) {
  if (site.secrets.empty()) return std::map<std::string, Secret>{};
  auto file = read_file(site.secrets, largest_site_file, Links::refuse);
  if (!file) return failure(file.error());
  if (auto owned = check_owner(*file, site.secrets); !owned) return failure(owned.error());
  const Secret text(std::move(file->bytes));
  if (text.reveal().starts_with("age-encryption.org/") || text.reveal().starts_with("-----BEGIN AGE"))
    return refused(site.secrets, "is encrypted with age, which this version cannot read");
  auto secrets = secrets_in(text.reveal(), site.secrets);
  if (!secrets) return secrets;
  const auto missing = missing_secrets(site, *secrets, "add it to " + site.secrets);
  if (missing.has_errors()) return failure(missing);
  return secrets;
}

}  // namespace wright

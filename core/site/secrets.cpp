#include "site/secrets.hpp"

#include <functional>

#include "site/age.hpp"
#include "site/document.hpp"
#include "site/file.hpp"
#include "site/reference.hpp"
#include "site/secrets_file.hpp"

namespace wright {
namespace {

using NextStep = std::function<std::string(const std::string& name)>;

void find_missing(const Value& value, const std::string& at, const Site& site, const SiteComponent& component,
                  const std::map<std::string, Secret>& known, const NextStep& next, Diagnostics& out) {
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
               next(reference.path)});
}

Diagnostics missing(const Site& site, const std::map<std::string, Secret>& known, const NextStep& next) {
  Diagnostics out;
  for (const auto& component : site.components)
    find_missing(Value(component.options), {}, site, component, known, next, out);
  return out;
}

}  // namespace

Diagnostics missing_secrets(const Site& site, const std::map<std::string, Secret>& known, const std::string& next) {
  return missing(site, known, [&](const std::string&) { return next; });
}

Result<std::map<std::string, Secret>> needed_secrets(const Site& site) {
  auto secrets = load_secrets(site);
  if (!secrets) return secrets;
  const auto lacking = missing_secrets(
      site, *secrets, "name a file of secrets in [site]: secrets = \"secrets.age\"; then: wright secrets init");
  if (lacking.has_errors()) return failure(lacking);
  return secrets;
}

bool secrets_are_encrypted(const Site& site) {
  if (site.secrets.empty()) return false;
  const auto file = read_file(site.secrets, largest_site_file, Links::refuse);
  return file && is_age_encrypted(file->bytes);
}

Result<std::map<std::string, Secret>> load_secrets(const Site& site) {
  // Decrypting starts a program and may ask for a passphrase: only for a site that has a use for it.
  if (site.secrets.empty() || site.secret_names.empty()) return std::map<std::string, Secret>{};
  auto file = read_secrets_file(site.secrets);
  if (!file) return failure(file.error());
  const auto lacking = missing(site, file->values, [&](const std::string& name) {
    return file->encrypted ? "wright secrets set " + name + " --generate" : "add it to " + site.secrets;
  });
  if (lacking.has_errors()) return failure(lacking);
  return std::move(file->values);
}

}  // namespace wright

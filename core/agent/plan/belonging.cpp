#include "agent/plan/belonging.hpp"

#include <algorithm>
#include <set>

namespace wright::agent {

Result<> check_site(Journal& journal, const Ownership& owned, const Context& context) {
  auto transactions = journal.transactions();
  if (!transactions) return failure(transactions.error());
  std::map<std::string, std::string> site_of;
  for (const auto& one : *transactions)
    if (std::find(context.sites.begin(), context.sites.end(), one.site) == context.sites.end())
      site_of.emplace(one.info.id, one.site);
  std::string other;
  std::set<std::string> components;
  for (const auto& [id, one] : owned) {
    if (one.chain.empty()) continue;
    const auto found = site_of.find(one.chain.back().transaction);
    if (found == site_of.end()) continue;
    other = found->second;
    components.insert(one.components.begin(), one.components.end());
  }
  if (other.empty()) return {};
  std::string names;
  for (const auto& name : components) names += (names.empty() ? "" : ", ") + name;
  return failure(
      {Severity::error,
       Fault::failed,
       {},
       "the host belongs to the site \"" + other + "\", not to \"" +
           (context.sites.empty() ? std::string() : context.sites.front()) + "\"",
       "it keeps what that site put there: " + names,
       "use that site's file, or take its components off first (wright --site THAT_FILE rollback COMPONENT); if the "
       "site was renamed, write formerly = \"" +
           other + "\" into [site]"});
}

}  // namespace wright::agent

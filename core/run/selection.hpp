#pragma once

#include <string>
#include <vector>

#include "site/site.hpp"

namespace wright {

/// What the words of the command line and --limit choose from a site. Pointers are borrowed from the site; everything
/// stands in the site's order.
struct Selection {
  std::vector<const SiteComponent*> components;
  std::vector<const SiteHost*> hosts;
  bool everything = false;  ///< no word was given: also what is no longer in the site file is looked at

  [[nodiscard]] bool has(const SiteComponent& component, std::string_view host) const;
};

/// No words: every component. No limits: every host. With `requirements`, what the named components require comes
/// along. Hosts without a chosen component are left out when words were given. Every unknown name at once, with
/// Fault::usage and the nearest known one.
Result<Selection> select(const Site& site, const std::vector<std::string>& words,
                         const std::vector<std::string>& limits, bool requirements);

}  // namespace wright

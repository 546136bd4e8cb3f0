#pragma once

#include <vector>

#include "site/components.hpp"

namespace wright {

/// Looks up every name that components say: hosts and groups, required components, references. Fills in hosts,
/// requires_ and after, and moves the components out of their tables into dependency order.
std::vector<SiteComponent> wire(std::vector<ComponentTable>& tables, const std::vector<SiteHost>& hosts,
                                Problems& problems);

}  // namespace wright

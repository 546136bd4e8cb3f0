#pragma once

#include <string>
#include <vector>

#include "site/document.hpp"

namespace wright {

/// The [hosts] table. A host with problems is in the result too, so that what names it is not called unknown.
std::vector<SiteHost> read_hosts(const Node& table, const std::string& folder, Problems& problems);

/// Every group of the hosts, once, sorted.
std::vector<std::string> groups_of(const std::vector<SiteHost>& hosts);

/// `folder`/`path`, or `path` itself when it is absolute; "~/" is the user's home.
std::string absolute_path(const std::string& folder, const std::string& path);

}  // namespace wright

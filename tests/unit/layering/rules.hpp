#pragma once

#include <string>
#include <vector>

#include "unit/layering/source_tree.hpp"

namespace wright::layering {

/// Each breach as "path:line: what", for a person to go there.
std::vector<std::string> breaches_of_order(const std::vector<SourceFile>& tree);  ///< core's folders among each other
std::vector<std::string> breaches_of_the_sdk(
    const std::vector<SourceFile>& tree);  ///< <wright/...>, and what plugins see
std::vector<std::string> breaches_of_ownership(const std::vector<SourceFile>& tree);  ///< third-party headers
std::vector<std::string> breaches_of_size(const std::vector<SourceFile>& tree);       ///< 500 lines
std::vector<std::string> breaches_of_naming(const std::vector<SourceFile>& tree);     ///< names that say nothing
std::vector<std::string> breaches_of_self_containment(
    const std::vector<SourceFile>& tree);  ///< places outside of the tree

}  // namespace wright::layering

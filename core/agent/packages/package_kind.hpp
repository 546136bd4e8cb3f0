#pragma once

#include <memory>

#include "agent/resources/kind.hpp"

namespace wright::agent {

/// Debian packages. All changes of a catalog go together: one apt transaction with service starts held back.
std::unique_ptr<Kind> make_package_kind();

}  // namespace wright::agent

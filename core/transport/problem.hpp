#pragma once

#include <string>
#include <utility>

#include "base/result.hpp"

namespace wright {

/// A failure of the given kind; the four texts as in Diagnostic.
inline tl::unexpected<Diagnostics> problem(Fault fault, std::string where, std::string what, std::string why = {},
                                           std::string next = {}) {
  return failure(
      Diagnostic{Severity::error, fault, std::move(where), std::move(what), std::move(why), std::move(next)});
}

}  // namespace wright

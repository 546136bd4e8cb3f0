#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

#include "base/diagnostic.hpp"

namespace wright {

/// A value, or every reason why there is none. Nothing in core throws across a folder's border.
template <class T = void>
using Result = tl::expected<T, Diagnostics>;

inline tl::unexpected<Diagnostics> failure(Diagnostic one) { return tl::unexpected(Diagnostics(std::move(one))); }
inline tl::unexpected<Diagnostics> failure(Diagnostics all) { return tl::unexpected(std::move(all)); }

/// A plain failure: `where` it happened and `what` is wrong.
inline tl::unexpected<Diagnostics> failure(std::string where, std::string what, std::string why = {},
                                           std::string next = {}) {
  return failure(
      Diagnostic{Severity::error, Fault::failed, std::move(where), std::move(what), std::move(why), std::move(next)});
}

}  // namespace wright

#pragma once

#include <string>

namespace wright {

/// The reference of every resource kind and probe kind with their attributes, in Markdown, from model/kinds.hpp. It is
/// kept as sdk/docs/kinds.md.
std::string kinds_markdown();

}  // namespace wright

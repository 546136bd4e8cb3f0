#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "site/reference.hpp"

namespace wright {

/// A text taken apart: literal text (with "$${" already "${"), then perhaps a reference.
struct TemplatePart {
  std::string literal;
  bool has_reference = false;
  Reference reference;
};

/// The parts in order, or every reference that is not well formed. A text without "${" is one literal part.
Result<std::vector<TemplatePart>> template_parts(std::string_view text);

}  // namespace wright

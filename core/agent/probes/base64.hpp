#pragma once

#include <string>
#include <string_view>

namespace wright::agent {

std::string to_base64(std::string_view bytes);
/// Empty for what is none, and for more than 1 KiB.
std::string from_base64(std::string_view text);

}  // namespace wright::agent

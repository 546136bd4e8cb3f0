#pragma once

#include <string>
#include <string_view>

namespace wright {

/// The path of something in lib/wright beside the running program's bin folder; empty when /proc is not there.
std::string beside_program(std::string_view name);

}  // namespace wright

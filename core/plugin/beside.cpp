#include "plugin/beside.hpp"

#include <filesystem>

namespace wright {

std::string beside_program(std::string_view name) {
  std::error_code failed;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", failed);
  if (failed) return {};
  return (program.parent_path().parent_path() / "lib" / "wright" / name).string();
}

}  // namespace wright

#pragma once

#include <string>

#include "base/result.hpp"

namespace wright {

/// Whether code from this path may run with the caller's rights: the file and every folder above it, after symbolic
/// links are resolved, belong to root or the caller and nobody else can write to them (folders with the sticky bit,
/// such as /tmp, may stand above it). The file must be a regular one; it is not opened. Gives the resolved path.
Result<std::string> trusted_plugin_file(const std::string& path);
/// The same for a folder of plugins.
Result<std::string> trusted_plugin_directory(const std::string& path);

}  // namespace wright

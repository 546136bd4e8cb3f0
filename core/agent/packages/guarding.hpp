#pragma once

#include "agent/packages/surroundings.hpp"

namespace wright::agent::packages {

/// Data that came since into folders that the change made, and that a purge would delete: each such folder goes to
/// quarantine. To be called when the services that use it are stopped.
bool has_data(const Surroundings& around);
Result<> guard_data(const Surroundings& around, Context& context);
/// Copies of files of /etc that somebody edited since.
Result<> guard_edits(const Surroundings& around, Context& context);

/// True for files of /etc that programs write and nobody edits, and for registries.
bool is_machine_written(std::string_view path);

}  // namespace wright::agent::packages

#pragma once

#include "agent/packages/surroundings.hpp"

namespace wright::agent::packages {

/// Data that came since into folders that the change made, and that a purge would delete: each such folder goes to
/// quarantine. To be called when the services that use it are stopped.
bool has_data(const Surroundings& around);
Result<> guard_data(const Surroundings& around, Context& context);
/// All data in what the change made, also what is as the change left it.
std::vector<std::string> data_made(const Surroundings& around);
/// Copies of files of /etc that somebody edited since.
Result<> guard_edits(const Surroundings& around, Context& context);

/// Folders of data right below /var/lib and the like that a script names.
std::vector<std::string> data_folders_in(std::string_view script);

/// Folders of data of the packages in `removed`, outermost first, that no other package on the host has too.
std::vector<std::string> data_of(const std::map<std::string, std::string>& removed, const Database& before);
/// Moves them to where give_back_data() finds them, so that no script of a package deletes them. Their services are
/// stopped.
Result<> set_data_aside(const Record& record, Context& context);
/// Moves them back. What is at their place by now goes to quarantine.
Result<> give_back_data(const Record& record, Context& context);

/// True for files of /etc that programs write and nobody edits, and for registries.
bool is_machine_written(std::string_view path);

}  // namespace wright::agent::packages

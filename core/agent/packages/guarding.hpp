#pragma once

#include "agent/packages/surroundings.hpp"

namespace wright::agent::packages {

/// Data that came since into folders that the change made, and that a purge would delete: each such folder goes to
/// quarantine, and so does each file that somebody put among those of a package. To be called when the services that
/// use it are stopped.
bool has_data(const Surroundings& around);
Result<> guard_data(const Surroundings& around, Context& context);
/// All data in what the change made, also what is as the change left it.
std::vector<std::string> data_made(const Surroundings& around);
/// Copies of files of /etc that somebody edited since; after an interruption, of all that may be somebody's.
Result<> guard_edits(const Surroundings& around, Context& context);

/// Folders of data right below /var/lib and the like that a script names.
std::vector<std::string> data_folders_in(std::string_view script);

/// Folders of data of the packages in `removed`, outermost first, that no other package on the host has too, and to
/// which of them each belongs.
std::map<std::string, std::string> data_of(const std::map<std::string, std::string>& removed, const Database& before);
/// Every folder that cannot be moved, as something is mounted there.
Result<> check_data(const std::vector<Data>& data);
/// Where it is when it is aside.
std::string place_of(const Data& data, const Record& record, const Context& context);
/// Moves it there, so that no script of a package deletes it. Its services are stopped.
Result<> set_data_aside(const Record& record, Context& context);
/// Moves it back. What is at its place by now goes to quarantine, unless it is of a package that was installed again
/// since and is not in `back`: that stays, and the old data where it is, which Context::kept says.
Result<> give_back_data(const Record& record, const Surroundings& around, const std::vector<std::string>& back,
                        Context& context);
/// Moves what the undo of an older removal gave back (Record::given) to its quarantine again. Its services are stopped.
Result<> take_given_again(const Record& record);

/// True for files of /etc that programs write and nobody edits, and for registries.
bool is_machine_written(std::string_view path);

}  // namespace wright::agent::packages

#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "agent/context.hpp"
#include "model/value.hpp"

namespace wright::agent {

/// The whole of a small file of the system, such as one in /proc; empty when it cannot be read.
std::string text_of(const std::string& path, std::size_t limit = 1U << 20U);
/// Without white space at its ends.
std::string trimmed(std::string_view text);

/// Puts address, addresses, interfaces and ipv6 into the facts.
void add_addresses(Value::Map& facts);

/// client, server and server_port of the SSH connection that a process, or one above it, was started over: the numeric
/// addresses and the port as the host sees them. Empty when it was not. `proc` is /proc.
Value::Map ssh_of_process(const std::string& proc, int pid);

/// total_bytes and free_bytes of the filesystem that holds a path, or will.
Value disk_at(std::string path);

/// Who listens at each "tcp/ADDRESS:PORT" or "udp/ADDRESS:PORT", also by way of all addresses: a unit of systemd such
/// as "nginx.service", or a program's name. Null when nobody does.
Value::Map owners_of_ports(const std::vector<std::string>& places);

/// The installed version; empty when it is not installed.
std::string installed_version(std::string_view package);
/// The newest version that uncompressed lists of packages in a folder such as /var/lib/apt/lists offer, or the
/// installed one when that is newer; empty when there is none. Left out are sources that apt takes nothing from by
/// itself, such as backports. Preferences are not looked at: see Pins.
std::string version_in_lists(const std::string& folder, std::string_view package);
/// What apt would install of each, by its preferences too; those that it knows nothing of are not there. Lists that are
/// missing, older than a day or than the sources are fetched first, into the agent's own folder.
std::map<std::string, std::string> candidate_versions(const std::vector<std::string>& names, Context& context);
/// Whether that would fetch lists, which takes seconds to minutes.
bool candidates_take_long(Context& context);

}  // namespace wright::agent

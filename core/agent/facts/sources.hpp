#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/value.hpp"

namespace wright::agent {

/// The whole of a small file of the system, such as one in /proc; empty when it cannot be read.
std::string text_of(const std::string& path, std::size_t limit = 1U << 20U);
/// Without white space at its ends.
std::string trimmed(std::string_view text);

/// Puts address, addresses, interfaces and ipv6 into the facts.
void add_addresses(Value::Map& facts);

/// total_bytes and free_bytes of the filesystem that holds a path, or will.
Value disk_at(std::string path);

/// Who listens at each "tcp/ADDRESS:PORT" or "udp/ADDRESS:PORT", also by way of all addresses: a unit of systemd such
/// as "nginx.service", or a program's name. Null when nobody does.
Value::Map owners_of_ports(const std::vector<std::string>& places);

/// The installed version; empty when it is not installed.
std::string installed_version(std::string_view package);
/// The newest version that the package lists on the host offer, or the installed one when that is newer; empty when
/// there is none. Pins are not looked at.
std::string candidate_version(std::string_view package);

}  // namespace wright::agent

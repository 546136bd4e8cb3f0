#pragma once

#include "options.hpp"

namespace mongodb {

/// Of the replica set; the server refuses one that others may read.
inline constexpr const char* key_path = "/etc/mongod.key";

/// True when all options make sense; else every problem was told.
bool check(wright::Configure& on, const Config& c, std::int64_t memory_mb);

/// Size of the cache in MiB.
std::int64_t cache_of(const Config& c, std::int64_t memory_mb);
std::string settings_file(const Config& c, std::int64_t memory_mb);
std::string drop_in(const Config& c);
std::string rotation_file(const Config& c);
std::string huge_pages_unit();
/// ADDRESS:PORT of each.
std::vector<std::string> members_of(const Config& c);
/// The part of ADDRESS:PORT before the port, without the brackets of an IPv6 address.
std::string address_of(const std::string& member);
/// Those of replica_set.members that are this host, by any address that it has: the one that wright reaches it at may
/// be another one. Exactly one where there are members, as check() sees to.
std::vector<std::string> own_members(const wright::Phase& on, const Config& c);
/// Other hosts can connect.
bool is_reachable(const Config& c);
/// ROLE@DATABASE for each of its roles.
std::vector<std::string> roles_of(const User& user);

}  // namespace mongodb

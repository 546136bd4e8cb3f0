#pragma once

#include <string>
#include <vector>

#include "agent/context.hpp"
#include "model/value.hpp"

namespace wright::agent {

/// What is known of every host, as nested tables: hostname, os.{id,version,codename,name}, arch (Debian's name),
/// machine, kernel, cpus, memory.total_bytes, swap.total_bytes, address, addresses, interfaces.NAME.{addresses,mac},
/// ipv6, container ("none" on a machine of its own), init, machine_id (hashed), timezone,
/// filesystems.{root,var}.{total_bytes,free_bytes}, python3.version, ssh.{client,server,server_port}. What is not known
/// is not there. Starts no program.
Value::Map usual_facts();

/// Facts by name: "apt.candidate:PACKAGE", "dpkg.version:PACKAGE", "path.exists:/PATH", "disk:/PATH",
/// "port.owner:PROTOCOL/ADDRESS:PORT", "os.id" or any other of the
/// usual ones. Null for what is not known or not there.
Value::Map asked_facts(const std::vector<std::string>& names, Context& context);
/// The same, without those that would take long; they are not there then.
Value::Map quick_facts(const std::vector<std::string>& names, Context& context);

}  // namespace wright::agent

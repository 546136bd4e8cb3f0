#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstring>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <thread>

#include "agent/facts/sources.hpp"
#include "agent/files/folder_names.hpp"

namespace wright::agent {
namespace {

/// A program that is being killed has its sockets until its last thread is gone, and is no longer seen to have them.
constexpr std::chrono::seconds longest_end{5};
constexpr std::chrono::milliseconds look_interval{20};

/// Every address as one of IPv6, as a Java that listens to 127.0.0.1 is in the kernel's table as ::ffff:127.0.0.1.
using Address = std::array<std::uint32_t, 4>;

Address of_four(std::uint32_t address) { return {0, 0, htonl(0xffff), address}; }

bool is_any(const Address& address) { return address == Address{} || address == of_four(0); }

bool meet(const Address& a, const Address& b) { return a == b || is_any(a) || is_any(b); }

std::optional<Address> address_in(const std::string& text) {
  in_addr four{};
  if (::inet_pton(AF_INET, text.c_str(), &four) == 1) return of_four(four.s_addr);
  in6_addr six{};
  if (::inet_pton(AF_INET6, text.c_str(), &six) != 1) return std::nullopt;
  Address out{};
  std::memcpy(out.data(), &six, sizeof out);
  return out;
}

/// "0100007F" or four such words: the kernel prints what lies in memory.
std::optional<Address> address_of_table(std::string_view hex) {
  if (hex.size() != 8 && hex.size() != 32) return std::nullopt;
  Address out{};
  for (std::size_t i = 0; i < hex.size() / 8; ++i)
    if (std::from_chars(hex.data() + 8 * i, hex.data() + 8 * i + 8, out[i], 16).ec != std::errc()) return std::nullopt;
  return hex.size() == 8 ? of_four(out[0]) : out;
}

struct Listener {
  Address address{};
  unsigned port = 0;
  std::string socket;  ///< "socket:[INODE]"
};

/// Every socket of "tcp" or "udp" that listens.
std::vector<Listener> listeners(const std::string& protocol) {
  // What the kernel calls a socket that listens; of UDP, one that is bound and not connected.
  const std::string_view listens = protocol == "udp" ? "07" : "0A";
  std::vector<Listener> out;
  for (const char* family : {"", "6"}) {
    std::istringstream table(text_of("/proc/net/" + protocol + family, std::size_t{64} << 20U));
    std::string line;
    std::getline(table, line);
    while (std::getline(table, line)) {
      std::istringstream words(line);
      std::string skipped, local, state, inode;
      words >> skipped >> local >> skipped >> state;
      const auto colon = local.find(':');
      if (state != listens || colon == std::string::npos) continue;
      const auto address = address_of_table(std::string_view(local).substr(0, colon));
      if (!address) continue;
      Listener one;
      one.address = *address;
      std::from_chars(local.data() + colon + 1, local.data() + local.size(), one.port, 16);
      for (int i = 0; i < 5; ++i) words >> skipped;
      words >> inode;
      one.socket = "socket:[" + inode + "]";
      out.push_back(std::move(one));
    }
  }
  return out;
}

/// The unit of systemd that a process is of, or else the process's name.
std::string owner_of(const std::string& process) {
  const std::string group = trimmed(text_of(process + "/cgroup"));
  const std::string leaf = group.substr(group.rfind('/') + 1);
  if (leaf.ends_with(".service") || leaf.ends_with(".socket")) return leaf;
  return trimmed(text_of(process + "/comm"));
}

/// Who has the sockets that are wanted, as far as they are seen; in one walk, as each costs a look at every open file.
std::map<std::string, std::string> owners_of(const std::set<std::string>& sockets) {
  std::map<std::string, std::string> owners;
  for (const auto& name : names_in("/proc")) {
    if (owners.size() == sockets.size()) break;
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    const std::string process = "/proc/" + name;
    for (const auto& open : names_in(process + "/fd")) {
      std::array<char, 64> target{};
      const auto size = ::readlink((process + "/fd/" + open).c_str(), target.data(), target.size());
      if (size <= 0) continue;
      const std::string found(target.data(), static_cast<std::size_t>(size));
      if (sockets.contains(found) && !owners.contains(found)) owners[found] = owner_of(process);
    }
  }
  return owners;
}

struct Port {
  std::string protocol;
  Address address{};
  unsigned number = 0;
};

std::optional<Port> port_in(const std::string& place) {
  const auto slash = place.find('/');
  const auto colon = place.rfind(':');
  if (slash == std::string::npos || colon == std::string::npos || colon < slash) return std::nullopt;
  Port port;
  port.protocol = place.substr(0, slash);
  const auto address = address_in(place.substr(slash + 1, colon - slash - 1));
  std::from_chars(place.data() + colon + 1, place.data() + place.size(), port.number);
  if ((port.protocol != "tcp" && port.protocol != "udp") || !address || port.number == 0) return std::nullopt;
  port.address = *address;
  return port;
}

}  // namespace

Value::Map owners_of_ports(const std::vector<std::string>& places) {
  Value::Map out;
  std::map<std::string, Port> left;
  for (const auto& place : places) {
    out[place] = Value();
    // Only root sees whose sockets are whose.
    if (const auto port = port_in(place); port && ::geteuid() == 0) left.emplace(place, *port);
  }
  const auto deadline = std::chrono::steady_clock::now() + longest_end;
  while (true) {
    std::map<std::string, std::string> sockets;
    std::map<std::string, std::vector<Listener>> of_protocol;
    for (const auto& [place, port] : left) {
      if (!of_protocol.contains(port.protocol)) of_protocol[port.protocol] = listeners(port.protocol);
      for (const auto& one : of_protocol[port.protocol])
        if (one.port == port.number && meet(one.address, port.address)) sockets.emplace(place, one.socket);
    }
    left.clear();
    std::set<std::string> wanted;
    for (const auto& [place, socket] : sockets) wanted.insert(socket);
    const auto owners = wanted.empty() ? std::map<std::string, std::string>() : owners_of(wanted);
    const bool last = std::chrono::steady_clock::now() > deadline;
    for (const auto& [place, socket] : sockets) {
      if (const auto owner = owners.find(socket); owner != owners.end())
        out[place] = owner->second;
      else if (last)
        out[place] = "another program";
      else
        left.emplace(place, *port_in(place));
    }
    if (left.empty()) return out;
    std::this_thread::sleep_for(look_interval);
  }
}

}  // namespace wright::agent

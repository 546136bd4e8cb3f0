#include <arpa/inet.h>
#include <ifaddrs.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>

#include "agent/facts/sources.hpp"

namespace wright::agent {
namespace {

/// A numeric address that other machines can reach; empty for loopback, link-local and other families.
std::string global_address(const sockaddr* address) {
  char text[INET6_ADDRSTRLEN];
  if (address->sa_family == AF_INET) {
    const auto& four = reinterpret_cast<const sockaddr_in*>(address)->sin_addr;
    const auto host = ntohl(four.s_addr);
    if (host >> 24U == 127 || host >> 16U == 0xa9fe) return {};
    return ::inet_ntop(AF_INET, &four, text, sizeof text);
  }
  if (address->sa_family == AF_INET6) {
    const auto& six = reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr;
    if (IN6_IS_ADDR_LOOPBACK(&six) || IN6_IS_ADDR_LINKLOCAL(&six)) return {};
    return ::inet_ntop(AF_INET6, &six, text, sizeof text);
  }
  return {};
}

std::string hardware_address(const sockaddr* address) {
  const auto* link = reinterpret_cast<const sockaddr_ll*>(address);
  if (link->sll_halen != 6) return {};
  constexpr char digits[] = "0123456789abcdef";
  std::string out;
  for (int i = 0; i < 6; ++i) {
    if (i > 0) out += ':';
    out += digits[link->sll_addr[i] >> 4U];
    out += digits[link->sll_addr[i] & 15U];
  }
  return out;
}

bool has_ipv6() {
  const int fd = ::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return false;
  ::close(fd);
  return trimmed(text_of("/proc/sys/net/ipv6/conf/all/disable_ipv6")) != "1";
}

}  // namespace

void add_addresses(Value::Map& facts) {
  facts["ipv6"] = has_ipv6();
  Value::List four;
  Value::List six;
  Value::Map interfaces;
  ifaddrs* all = nullptr;
  if (::getifaddrs(&all) != 0) return;
  const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> owner(all, ::freeifaddrs);
  for (const ifaddrs* one = all; one != nullptr; one = one->ifa_next) {
    if (one->ifa_addr == nullptr || (one->ifa_flags & IFF_LOOPBACK) != 0) continue;
    Value& entry = interfaces[one->ifa_name];
    if (entry.is_null()) entry = Value::Map{{"addresses", Value::List{}}};
    Value::Map& table = *entry.as_map();
    if (one->ifa_addr->sa_family == AF_PACKET) {
      if (const auto mac = hardware_address(one->ifa_addr); !mac.empty()) table["mac"] = mac;
    } else if (const auto address = global_address(one->ifa_addr); !address.empty()) {
      table["addresses"].as_list()->emplace_back(address);
      (one->ifa_addr->sa_family == AF_INET ? four : six).emplace_back(address);
    }
  }
  four.insert(four.end(), six.begin(), six.end());
  if (!four.empty()) facts["address"] = four.front();
  facts["addresses"] = std::move(four);
  facts["interfaces"] = std::move(interfaces);
}

}  // namespace wright::agent

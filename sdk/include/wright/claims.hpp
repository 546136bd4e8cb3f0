#pragma once

#include <wright/phases.hpp>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wright {

/// What a component wants to have of a host and another program may have already: refused in the plan, where nothing
/// was changed yet. All are collected first, as the host is asked once.
class Claims {
 public:
  explicit Claims(Configure& on) : on_(on) {}

  /// A port of "tcp" or "udp" at a numeric address. `units` are those that may listen there, such as "nginx.service".
  void port(std::string option, const std::string& protocol, const std::string& address, std::uint16_t port,
            std::vector<std::string> units) {
    const std::string place = address + ":" + std::to_string(port);
    ports_.push_back(
        {std::move(option), "port.owner:" + protocol + "/" + place, place + "/" + protocol, std::move(units)});
  }

  /// At an absolute path that is not there yet: room for `bytes`, and less than `full_percent` of the filesystem in
  /// use. Where it is there, so is data: the bytes do not count, and too full is a warning, as an apply may be what
  /// mends it.
  void disk(std::string option, const std::string& path, std::int64_t bytes, int full_percent, std::string why) {
    disks_.push_back({std::move(option), path, bytes, full_percent, std::move(why)});
  }

  /// Asks, and tells each that cannot be had; false when one is an error.
  bool hold() {
    std::vector<std::string> wanted;
    for (const auto& p : ports_) wanted.push_back(p.fact);
    for (const auto& d : disks_) wanted.insert(wanted.end(), {"disk:" + d.path, "path.exists:" + d.path});
    on_.need(wanted);
    bool all = true;
    for (const auto& p : ports_) all = held(p) && all;
    for (const auto& d : disks_) all = held(d) && all;
    return all;
  }

 private:
  struct Port {
    std::string option, fact, shown;
    std::vector<std::string> units;
  };
  struct Disk {
    std::string option, path;
    std::int64_t bytes;
    int full_percent;
    std::string why;
  };

  bool held(const Port& p) {
    const std::string owner = on_.fact(p.fact).text_or("");
    if (owner.empty() || std::find(p.units.begin(), p.units.end(), owner) != p.units.end()) return true;
    on_.error(p.option, p.shown + " is taken by " + owner, "stop that first, or choose another port");
    return false;
  }

  bool held(const Disk& d) {
    const Fact fact = on_.fact("disk:" + d.path);
    if (fact.absent()) return true;
    const auto disk = fact.table();
    const auto total = disk.at("total_bytes").integer();
    const auto room = disk.at("free_bytes").integer();
    const bool there = on_.fact("path.exists:" + d.path).boolean_or(false);
    if ((there || room >= d.bytes) && (total - room) / 100 < total / 10000 * d.full_percent) return true;
    const std::string what = "the filesystem of " + d.path + " has " + std::to_string(room >> 20U) + " of " +
                             std::to_string(total >> 20U) + " MiB free: " + d.why;
    const char* next = "make room, or choose another place";
    if (there)
      on_.warning(d.option, what, next);
    else
      on_.error(d.option, what, next);
    return there;
  }

  Configure& on_;
  std::vector<Port> ports_;
  std::vector<Disk> disks_;
};

}  // namespace wright

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace base {

/// Where sshd is to listen by its option, as far as that says it.
struct SshdListening {
  struct Place {
    std::string address;
    std::optional<std::uint16_t> port;  ///< those of Port when it has none
  };
  std::vector<std::uint16_t> ports;  ///< empty without Port
  std::vector<Place> places;         ///< empty without ListenAddress: everywhere
  std::vector<std::string> wrong;    ///< the keywords whose values are not to be understood
};

/// From the option sshd, whose values are words with single spaces between them.
SshdListening sshd_listening(const std::map<std::string, std::string>& sshd);

}  // namespace base

#pragma once

#include <cstdint>
#include <string>

#include "agent/probes/stream.hpp"

namespace wright::agent {

struct Url {
  bool secure = false;
  std::string host;  ///< without the brackets of an IPv6 address
  std::int64_t port = 80;
  std::string target;     ///< path and query, at least "/"
  std::string authority;  ///< for the Host header
};

/// http:// or https://, without user, password or fragment. Nothing in it can break a request's line.
Talk<Url> parse_url(const std::string& text);

}  // namespace wright::agent

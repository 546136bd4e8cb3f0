#pragma once

#include <string>

#include "agent/probes/url.hpp"
#include "model/resource.hpp"

namespace wright::agent {

struct Request {
  std::string method = "GET";
  std::string body;
  Value::Map headers;     ///< replace those that every request has; values may be secrets
  bool persists = false;  ///< the connection is to stay open for another
};
/// Its bytes for HTTP/1.1.
Talk<std::string> request_text(const Request& request, const Url& url);

/// Those of the request that a probe asks with.
Talk<std::string> request_of(const Probe& probe, const Url& url);

}  // namespace wright::agent

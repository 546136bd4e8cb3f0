#pragma once

#include <string>

#include "agent/probes/url.hpp"
#include "model/resource.hpp"

namespace wright::agent {

/// The bytes of the HTTP/1.1 request that a probe asks with. The probe's headers replace those that every request has.
Talk<std::string> request_of(const Probe& probe, const Url& url);

}  // namespace wright::agent

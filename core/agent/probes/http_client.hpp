#pragma once

#include <map>
#include <memory>
#include <string>

#include "agent/probes/request.hpp"
#include "agent/probes/stream.hpp"

namespace wright::agent {

struct HttpAnswer {
  int status = 0;
  std::string body;  ///< at most 8 MiB
};

/// Asks services whole questions, over one connection for each as long as they keep it open. Names of hosts are not
/// looked up. What comes is untrusted: its size is limited, and its time by the patience.
class HttpClient {
 public:
  /// `trusted`: of https, only certificates that the host's store vouches for.
  Talk<HttpAnswer> ask(const Url& url, Request request, bool trusted, const Patience& patience);

 private:
  Talk<Stream*> connection(const Url& url, bool trusted, const Patience& patience);

  std::map<std::string, std::unique_ptr<Stream>> open_;  ///< by scheme, trust and authority
};

}  // namespace wright::agent

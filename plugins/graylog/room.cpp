#include "parts.hpp"

namespace graylog {

bool host_has_room(wright::Configure& on, const Config& all) {
  wright::Claims claims(on);
  const std::vector<std::string> own = {"graylog-server.service"};
  claims.port("port", "tcp", all.bind, all.port, own);
  // What all nodes share is told by one of them, but every node listens.
  for (const auto& i : all.inputs)
    if (i.java_class.empty()) claims.port("inputs", is_udp(i) ? "udp" : "tcp", i.bind, i.port, own);
  if (all.journal.enabled)
    claims.disk("journal.max_mb", all.journal.directory, (std::int64_t{all.journal.max_mb} + 256) << 20U, 100,
                wright::format("the journal may take {} MiB, and Graylog does not start without room for it",
                               all.journal.max_mb));
  return claims.hold();
}

}  // namespace graylog

#include "parts.hpp"

namespace elasticsearch {
namespace {

constexpr std::string_view folder = "/etc/elasticsearch/wright-tls";

}  // namespace

std::string tls_file(std::string_view layer, std::string_view what) {
  return wright::format("{}/{}.{}", folder, layer, what);
}

void declare_tls(wright::Configure& on, const Config& c, const wright::Service& service) {
  if (!is_tls(c.tls) && !is_tls(c.transport.tls)) return;
  auto place = on.directory(folder).mode(02750).owner("root", "elasticsearch");
  auto file = [&](std::string_view layer, std::string_view what) {
    return on.file(tls_file(layer, what)).mode(0640).owner("root", "elasticsearch").after(place);
  };
  // Two files cannot be exchanged at once under a server that looks for itself; a restart reads both.
  for (const auto& [layer, tls] : {std::pair{"http", &c.tls}, {"transport", &c.transport.tls}})
    if (is_tls(*tls))
      service.restart_on(file(layer, "crt").content(tls->certificate), file(layer, "key").content(tls->key));
  if (!c.transport.ca.empty()) service.restart_on(file("transport", "ca").content(c.transport.ca));
}

}  // namespace elasticsearch

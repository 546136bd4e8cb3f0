#include <array>
#include <charconv>

#include "config.hpp"

namespace nginx {
namespace {

/// Whether the distribution's nginx is at least the one of that Debian or Ubuntu release.
bool since(wright::Configure& on, int debian, double ubuntu) {
  const std::string id = on.fact("os.id").text();
  const std::string version = on.fact("os.version").text();
  if (version.empty() || version.find_first_not_of("0123456789.") != std::string::npos)
    return true;  // testing, unstable
  return id == "ubuntu" ? std::stod(version) >= ubuntu : std::stod(version) >= debian;
}

bool has_ipv6(wright::Configure& on) {
  const auto fact = on.fact("ipv6");
  return !fact.absent() && fact.boolean();
}

/// The first three numbers of a package's version, such as 1.26.2 of "1.26.2-1~bookworm".
std::array<int, 3> numbers_of(std::string_view version) {
  if (const auto epoch = version.find(':'); epoch != std::string_view::npos) version.remove_prefix(epoch + 1);
  std::array<int, 3> out{};
  const char* at = version.data();
  const char* end = at + version.size();
  for (int& number : out) {
    at = std::from_chars(at, end, number).ptr;
    if (at == end || *at != '.') break;
    ++at;
  }
  return out;
}

}  // namespace

Host host_of(wright::Configure& on, const Config& c) {
  Host out;
  out.ipv6 = c.ipv6 && has_ipv6(on);
  if (!c.version.empty()) {
    const auto version = numbers_of(c.version);
    out.http2_directive = version >= std::array{1, 25, 1};
    out.reject_handshake = version >= std::array{1, 19, 4};
  } else if (!c.source.uri.empty()) {
    out.http2_directive = out.reject_handshake = true;  // a repository of its own is there for what is new
  } else {
    out.http2_directive = since(on, 13, 25.04);
    out.reject_handshake = since(on, 12, 24.04);
  }
  return out;
}

}  // namespace nginx

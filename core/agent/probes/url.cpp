#include "agent/probes/url.hpp"

#include <algorithm>
#include <charconv>

namespace wright::agent {
namespace {

tl::unexpected<Trouble> unfit(const std::string& text, const std::string& why) {
  return trouble(Trouble::Kind::unfit, "\"" + text + "\" is no URL to ask for: " + why);
}

}  // namespace

Talk<Url> parse_url(const std::string& text) {
  if (std::any_of(text.begin(), text.end(), [](unsigned char c) { return c <= ' ' || c >= 0x7F; }))
    return trouble(Trouble::Kind::unfit, "the url holds a space, a control character or a byte that is not ASCII");
  Url url;
  std::string rest;
  if (text.starts_with("http://")) {
    rest = text.substr(7);
  } else if (text.starts_with("https://")) {
    rest = text.substr(8);
    url.secure = true;
    url.port = 443;
  } else {
    return unfit(text, "it must begin with http:// or https://");
  }
  const auto end = rest.find_first_of("/?#");
  url.authority = rest.substr(0, end);
  url.target = end == std::string::npos ? "/" : rest.substr(end);
  url.target.resize(std::min(url.target.find('#'), url.target.size()));
  if (!url.target.starts_with('/')) url.target.insert(0, "/");
  if (url.authority.find('@') != std::string::npos) return unfit(text, "it must not hold a user");

  std::string port;
  const auto bracket = url.authority.rfind(']');
  const auto colon = url.authority.find(':', bracket == std::string::npos ? 0 : bracket);
  url.host = url.authority.substr(0, colon);
  if (colon != std::string::npos) port = url.authority.substr(colon + 1);
  if (url.host.starts_with('[') && url.host.ends_with(']')) url.host = url.host.substr(1, url.host.size() - 2);
  if (url.host.empty()) return unfit(text, "it names no host");
  if (!port.empty()) {
    const auto [stop, error] = std::from_chars(port.data(), port.data() + port.size(), url.port);
    if (error != std::errc() || stop != port.data() + port.size() || url.port < 1 || url.port > 65535)
      return unfit(text, "its port must be from 1 to 65535");
  }
  return url;
}

}  // namespace wright::agent

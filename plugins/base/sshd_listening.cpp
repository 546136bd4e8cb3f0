#include "sshd_listening.hpp"

#include "network.hpp"
#include "sshd_keywords.hpp"

namespace base {
namespace {

std::optional<std::uint16_t> port_of(const std::string& digits) {
  if (digits.empty() || digits.size() > 5 || digits.find_first_not_of("0123456789") != std::string::npos)
    return std::nullopt;
  const unsigned long number = std::stoul(digits);
  if (number == 0 || number > 65535) return std::nullopt;
  return static_cast<std::uint16_t>(number);
}

/// "192.0.2.1", "192.0.2.1:22", "2001:db8::1", "[2001:db8::1]:22".
std::optional<SshdListening::Place> place_of(const std::string& word) {
  SshdListening::Place place;
  const auto last = word.rfind(':');
  std::string port;
  if (word.front() == '[') {
    const auto end = word.find(']');
    if (end == std::string::npos || (end + 1 != word.size() && word[end + 1] != ':')) return std::nullopt;
    place.address = word.substr(1, end - 1);
    port = word.substr(end + 1);
  } else if (last != std::string::npos && word.find(':') == last) {
    place.address = word.substr(0, last);
    port = word.substr(last);
  } else {
    place.address = word;
  }
  if (!port.empty()) {
    place.port = port_of(port.substr(1));
    if (!place.port) return std::nullopt;
  }
  if (!parse_network(place.address) || place.address.find('/') != std::string::npos) return std::nullopt;
  return place;
}

}  // namespace

SshdListening sshd_listening(const std::map<std::string, std::string>& sshd) {
  SshdListening out;
  auto each = [&](const char* keyword, auto take) {
    const auto found = sshd.find(keyword);
    if (found == sshd.end()) return;
    for (const auto& word : words_of(found->second))
      if (word.empty() || !take(word)) {
        out.wrong.emplace_back(keyword);
        return;
      }
  };
  each("Port", [&](const std::string& word) {
    const auto port = port_of(word);
    if (port) out.ports.push_back(*port);
    return port.has_value();
  });
  each("ListenAddress", [&](const std::string& word) {
    auto place = place_of(word);
    if (place) out.places.push_back(*place);
    return place.has_value();
  });
  return out;
}

}  // namespace base

#include "transport/pins.hpp"

#include <libssh/libssh.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <optional>
#include <sstream>

#include "transport/problem.hpp"
#include "transport/ssh_key.hpp"

namespace wright {
namespace {

/// One line of the file, taken apart. Comments and empty lines have no hosts.
struct Line {
  std::string marker;  ///< "@revoked", "@cert-authority" or empty
  std::string hosts;
  std::string key;  ///< type, key and comment
};

Line parse(std::string text) {
  std::replace(text.begin(), text.end(), '\t', ' ');
  if (!text.empty() && text.back() == '\r') text.pop_back();
  Line line;
  std::istringstream words(text);
  words >> line.hosts;
  if (line.hosts.empty() || line.hosts.front() == '#') return {};
  if (line.hosts.front() == '@') {
    line.marker = line.hosts;
    line.hosts.clear();
    words >> line.hosts;
  }
  std::getline(words >> std::ws, line.key);
  return line;
}

/// The key of a line if the line is about this host.
std::optional<PublicKey> key_for(const std::string& name, const Line& line) {
  // The library passes over what a "!" takes away again; then better no pin than one too many.
  if (line.hosts.empty() || line.key.empty() || line.hosts.find('!') != std::string::npos) return std::nullopt;
  ssh_knownhosts_entry* entry = nullptr;
  if (ssh_known_hosts_parse_line(name.c_str(), (line.hosts + " " + line.key).c_str(), &entry) != SSH_OK)
    return std::nullopt;
  auto key = to_public_key(entry->publickey);
  ssh_knownhosts_entry_free(entry);
  if (!key) return std::nullopt;
  return std::move(*key);
}

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

/// The line without this host; nothing when it was the only one.
std::string without_host(const std::string& text, const std::string& name) {
  const Line line = parse(text);
  if (line.hosts.empty() || !line.marker.empty()) return text;
  if (line.hosts.front() == '|') return key_for(name, line) ? std::string() : text;
  std::string kept;
  bool found = false;
  std::istringstream hosts(line.hosts);
  for (std::string host; std::getline(hosts, host, ',');) {
    const bool same = lower(host) == name || (name.front() != '[' && lower(host) == "[" + name + "]:22");
    found = found || same;
    if (!same) kept += (kept.empty() ? "" : ",") + host;
  }
  if (!found) return text;
  return kept.empty() ? std::string() : kept + " " + line.key;
}

std::string listed(const std::vector<PublicKey>& keys) {
  std::string out;
  for (const auto& key : keys) out += (out.empty() ? "" : ", ") + key.type + " " + key.fingerprint;
  return out;
}

bool has(const std::vector<PublicKey>& keys, const PublicKey& key) {
  return std::any_of(keys.begin(), keys.end(), [&](const PublicKey& one) { return one.blob == key.blob; });
}

}  // namespace

std::vector<std::string> Pins::types() const {
  std::vector<std::string> out;
  for (const auto& key : keys) out.push_back(key.type);
  return out;
}

std::string pin_name(const Target& target) {
  const std::string address = lower(target.address);
  return target.port == 22 ? address : "[" + address + "]:" + std::to_string(target.port);
}

Result<Pins> read_pins(const Target& target) {
  std::ifstream file(target.known_hosts);
  if (!file) {
    if (errno == ENOENT) return Pins{};
    return problem(Fault::trust, target.known_hosts, "cannot read the pinned host keys", std::strerror(errno));
  }
  const std::string name = pin_name(target);
  Pins pins;
  for (std::string text; std::getline(file, text);) {
    const Line line = parse(text);
    if (!line.marker.empty() && line.marker != "@revoked") continue;
    if (auto key = key_for(name, line)) (line.marker.empty() ? pins.keys : pins.revoked).push_back(std::move(*key));
  }
  if (file.bad()) return problem(Fault::trust, target.known_hosts, "cannot read the pinned host keys");
  return pins;
}

std::string with_pin(const std::string& text, const std::string& name, const std::string& line) {
  std::string out;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string old = text.substr(at, end - at);
    const std::string kept = without_host(old, name);
    if (old.empty() || !kept.empty()) out += kept + "\n";
    at = end + 1;
  }
  return out + line + "\n";
}

Result<> check_host_key(const Target& target, const Pins& pins, const PublicKey& shown) {
  const std::string command = "wright trust " + target.name;
  if (has(pins.revoked, shown))
    return problem(Fault::trust, target.name, "the host shows a key that is revoked: " + listed({shown}),
                   "it is marked @revoked in " + target.known_hosts);
  if (has(pins.keys, shown)) return {};
  if (pins.keys.empty())
    return problem(Fault::trust, target.name, "the host's key is not known yet: " + listed({shown}),
                   "no line of " + target.known_hosts + " is about " + pin_name(target),
                   "compare it with the host's own (`ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub` there), then `" +
                       command + "` pins it");
  return problem(Fault::trust, target.name, "the host's key is not the one that is pinned",
                 "pinned: " + listed(pins.keys) + "\nshown:  " + listed({shown}) +
                     "\nthe host was set up anew, or somebody is in between",
                 "ask whoever runs the host; if the new key is right, `" + command + " --replace` replaces the pin");
}

}  // namespace wright

#pragma once

#include <wright/phases.hpp>

#include <algorithm>
#include <cctype>
#include <string>

namespace wright {

/// Puts the host's own name into /etc/hosts where it is missing, before the service starts: a Java program looks itself
/// up, and each look-up that times out delays its start by seconds.
inline void declare_own_name(Configure& on, const Service& service) {
  const std::string name = on.fact("hostname").text_or("");
  const bool plain = !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char letter) {
    return std::isalnum(letter) != 0 || letter == '-' || letter == '.';
  });
  if (!plain) return;
  std::string pattern;
  for (const char letter : name) pattern += letter == '.' ? std::string("\\.") : std::string(1, letter);
  service.after(on.command("own name in /etc/hosts")
                    .argv({"/bin/sh", "-c", "printf '127.0.1.1\\t%s\\n' \"$1\" >>/etc/hosts", "sh", name})
                    .unless({"/bin/grep", "-Eq", "^[^#]*[[:space:]]" + pattern + "([[:space:]]|$)", "/etc/hosts"})
                    .undo({"/bin/sed", "-i", "/^127\\.0\\.1\\.1\\t" + pattern + "$/d", "/etc/hosts"}));
}

}  // namespace wright

#pragma once

#include <wright/check.hpp>
#include <wright/digest.hpp>
#include <wright/format.hpp>
#include <wright/phases.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace wright {

// For options of a plugin whose packages come from an apt repository of their own. `Source` is the plugin's struct,
// with the members uri, suite, component and key (the text of the .asc file), all std::string; an empty uri means that
// the host's own sources are to be used. Its struct, because each plugin has other defaults.

namespace detail {

inline std::string wright_file(std::string_view folder, std::string_view said, std::string_view ending) {
  return wright::format("{}/wright-{}{}", folder, hex(sha256(said)).substr(0, 12), ending);
}

}  // namespace detail

/// Whether the source makes sense; else every problem was told, at OPTION.uri and so on. It goes into files as it is.
template <class Source>
bool check_apt_source(Phase& on, const Source& s, const std::string& option = "source") {
  if (s.uri.empty()) return true;
  bool good = true;
  for (const auto& [name, text] :
       {std::pair{".uri", &s.uri}, std::pair{".suite", &s.suite}, std::pair{".component", &s.component}})
    if (!is_word(*text)) on.error(option + name, "must be one word"), good = false;
  if (s.key.find("-----BEGIN PGP PUBLIC KEY BLOCK-----") == std::string::npos)
    on.error(option + ".key", "must be the repository's public key",
             "the text of its .asc file, with -----BEGIN PGP PUBLIC KEY BLOCK-----"),
        good = false;
  return good;
}

/// Declares keyring and deb822 source, and that `package` comes after them; nothing with an empty uri.
///
/// Each file is named by what it is: the keyring by the key, the source by address, suite and component. So components
/// that use one mirror declare the same two files and share them. Files of their own would be refused by apt: it takes
/// no repository that two sources know by two keyrings. Other keys for one repository are two contents of one file,
/// which the plan refuses.
template <class Source>
void apt_source(Declaring& on, const Source& s, const Package& package) {
  if (s.uri.empty()) return;
  const std::string key_path = detail::wright_file("/etc/apt/keyrings", s.key, ".asc");
  const std::string path =
      detail::wright_file("/etc/apt/sources.list.d", s.uri + " " + s.suite + " " + s.component, ".sources");
  auto key = on.file(key_path).mode(0644).content(s.key).after(on.directory("/etc/apt/keyrings").mode(0755));
  auto source = on.file(path).mode(0644).content(
      wright::format("# Written by wright. The next apply replaces hand edits.\nTypes: deb\n"
                     "URIs: {}\nSuites: {}\nComponents: {}\nSigned-By: {}\n",
                     s.uri, s.suite, s.component, key_path));
  package.after(key, source);
}

}  // namespace wright

#include "agent/facts/pins.hpp"

#include <fnmatch.h>
#include <strings.h>

#include <algorithm>
#include <sstream>

#include "agent/facts/sources.hpp"
#include "agent/files/folder_names.hpp"

namespace wright::agent {
namespace {

constexpr std::string_view field = "Package:";

/// All of the folder, also what apt passes over for its name: more is then asked of apt than need be.
std::vector<std::string> texts_in(const std::string& folder) {
  std::vector<std::string> texts;
  for (const auto& name : names_in(folder)) texts.push_back(text_of(folder + "/" + name));
  return texts;
}

bool names_default_release(std::string_view configuration) {
  constexpr std::string_view option = "default-release";
  return std::search(configuration.begin(), configuration.end(), option.begin(), option.end(), [](char a, char b) {
           return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b;
         }) != configuration.end();
}

}  // namespace

Pins::Pins(const std::string& etc) {
  read(text_of(etc + "/apt/preferences"));
  for (const auto& text : texts_in(etc + "/apt/preferences.d")) read(text);
  auto configurations = texts_in(etc + "/apt/apt.conf.d");
  configurations.push_back(text_of(etc + "/apt/apt.conf"));
  all_ = all_ || std::any_of(configurations.begin(), configurations.end(), names_default_release);
}

void Pins::read(std::string_view preferences) {
  std::istringstream lines{std::string(preferences)};
  bool in_field = false;
  for (std::string line; std::getline(lines, line);) {
    const bool goes_on = line.starts_with(' ') || line.starts_with('\t');
    const bool begins = ::strncasecmp(line.c_str(), field.data(), field.size()) == 0;
    in_field = begins || (in_field && goes_on);
    if (!in_field) continue;
    std::istringstream words(begins ? line.substr(field.size()) : line);
    for (std::string word; words >> word;) {
      const bool only_apt_knows = word.starts_with('/') || word.starts_with("src:");
      if (only_apt_knows) all_ = true;
      // What is pinned of one architecture is asked for by its bare name.
      patterns_.push_back(word.substr(0, word.find(':')));
    }
  }
}

bool Pins::may_name(const std::string& package) const {
  return all_ || std::any_of(patterns_.begin(), patterns_.end(), [&](const std::string& pattern) {
           return ::fnmatch(pattern.c_str(), package.c_str(), 0) == 0;
         });
}

}  // namespace wright::agent

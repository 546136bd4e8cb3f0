#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace wright {

/// The command line, read and checked. What a command does not take has its default.
struct Arguments {
  std::string command;
  std::vector<std::string> words;

  std::string site = "site.toml";
  std::vector<std::string> limits;
  std::vector<std::string> plugin_folders;
  std::string colour = "auto";
  bool json = false;
  bool quiet = false;
  bool verbose = false;

  bool yes = false;
  bool replace = false;
  bool skip_unreachable = false;
  bool detailed_exitcode = false;
  bool stop_on_failure = false;
  std::int64_t lock_timeout_s = 0;
  std::int64_t count = 20;
  bool generate = false;
  std::optional<std::int64_t> length;  ///< of a generated secret
  std::string out;
  std::string plan;
  std::string to;
  std::string junit;
  std::string format = "text";
};

}  // namespace wright

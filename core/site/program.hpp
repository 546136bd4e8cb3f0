#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace wright {

/// How a program ended that was given its input through a socket and read through pipes.
struct Ended {
  int code = 0;        ///< exit code; 128 + N when signal N ended it
  Secret output;       ///< standard output, at most 8 MiB
  std::string errors;  ///< standard error, the first 16 KiB; other people's words, not for a terminal as they are
};

/// Runs a program found through PATH, with this process's environment, and waits for it. Nothing of `input` or of its
/// output touches a disk. A program that is not there is an error that says to install `package`; one that takes longer
/// than `limit` is killed. A program may ask something on /dev/tty. One thread at a time per call; thread-safe.
Result<Ended> run_program(const std::vector<std::string>& arguments, const Secret& input, const std::string& package,
                          std::chrono::milliseconds limit = std::chrono::minutes(2));

}  // namespace wright

#pragma once

#include <string>
#include <vector>

#include "agent/process/process.hpp"
#include "model/value.hpp"

namespace wright::agent {

/// Every Secret inside a value, and of one with many lines or quoted words in it each of those too: a program that
/// refuses its input says which line it was. Longest first; what is too short to be told from ordinary text is left
/// out.
std::vector<std::string> texts_to_mask(const Value& value);

/// The last lines that a program wrote, first of stdout, then of stderr, for a diagnostic's why: printable, at most
/// 4 KiB, with each of `secrets` replaced by "(secret)".
std::string shown_output(const Finished& finished, const std::vector<std::string>& secrets);

/// "ended with exit code 3", "was killed by signal 9", "did not end in 5 s".
std::string how_it_ended(const Finished& finished, std::chrono::milliseconds deadline);

}  // namespace wright::agent

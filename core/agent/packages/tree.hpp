#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace wright::agent::packages {

/// A path of the host, without its content.
struct Entry {
  char type = '?';  ///< as `find -printf %y`: f d l p s c b
  mode_t mode = 0;  ///< permission bits
  uid_t uid = 0;
  gid_t gid = 0;
  off_t size = 0;  ///< 0 for what is no regular file
  std::int64_t mtime_ns = 0;
  friend bool operator==(const Entry&, const Entry&) = default;
};

struct Path {
  std::string path;
  Entry entry;
};

/// Paths in byte order.
using Tree = std::vector<Path>;

struct WalkLimits {
  std::string root;                       ///< before every path; empty for the host itself
  std::vector<std::string> left_out;      ///< these and all below
  std::vector<std::string> crossed_into;  ///< mount points that belong to the system; others are not entered
};

/// What a package could change on the host, without STATE and without what is made anew at each boot.
WalkLimits system_limits(const std::string& state_folder);

/// Every path below the root. What vanishes meanwhile is left out; what cannot be read is an error.
Result<Tree> walk(const WalkLimits& limits);

const Entry* find(const Tree& tree, std::string_view path);

std::string to_bytes(const Tree& tree);
Result<Tree> tree_from(std::string_view bytes);

struct Alteration {
  std::string path;
  std::optional<Entry> before;
  std::optional<Entry> after;
};

/// What is in one tree and not the same in the other, in byte order. Times and sizes of folders do not count.
std::vector<Alteration> alterations(const Tree& before, const Tree& after);
bool same(const Entry& a, const Entry& b);

/// True for `path` itself and for all below `folder`.
bool is_within(std::string_view path, std::string_view folder);

}  // namespace wright::agent::packages

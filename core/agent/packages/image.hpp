#pragma once

#include <map>
#include <string>
#include <string_view>

#include "agent/packages/tree.hpp"
#include "base/result.hpp"

namespace wright::agent::packages {

/// A path with what is in it.
struct Kept {
  Entry entry;
  bool whole = false;   ///< `content` is there; false for what is too large and for what has none
  std::string content;  ///< of a file, or the target of a link
};

/// The content of what maintainer scripts write: /etc, and the registries of debconf, ucf, pam and others.
class Image {
 public:
  /// True for paths that an image holds.
  static bool covers(std::string_view path);
  /// Of every path in the tree that an image holds. What vanishes meanwhile is left out.
  static Result<Image> take(const Tree& tree);
  static Result<Image> from(std::string_view bytes);
  [[nodiscard]] std::string to_bytes() const;
  [[nodiscard]] const Kept* find(std::string_view path) const;

 private:
  std::map<std::string, Kept, std::less<>> paths_;
};

/// SHA-256 of a regular file, "-> target" of a link; empty for everything else and when it cannot be read.
std::string content_digest(const std::string& path);
std::string content_digest(const Kept& kept);

}  // namespace wright::agent::packages

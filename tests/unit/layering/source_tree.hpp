#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace wright::layering {

struct Include {
  std::size_t line = 0;
  std::string name;     ///< between the brackets or quotes
  bool angled = false;  ///< <...>
};

struct SourceFile {
  std::string path;  ///< from the top of the tree, with "/" between
  std::vector<std::string> lines;

  /// "core": the first folder. "core/agent": the first two.
  [[nodiscard]] std::string top(std::size_t folders) const;
  [[nodiscard]] bool is_cpp() const;     ///< .cpp or .c
  [[nodiscard]] bool is_header() const;  ///< .hpp or .h
  [[nodiscard]] std::vector<Include> includes() const;
};

/// Every text file of the tree, sorted by path; without what is built (/build*, __pycache__), hidden folders and files
/// that hold a NUL.
std::vector<SourceFile> read_tree(const std::filesystem::path& root);

}  // namespace wright::layering

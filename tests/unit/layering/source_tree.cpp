#include "unit/layering/source_tree.hpp"

#include <algorithm>
#include <fstream>
#include <regex>
#include <sstream>

namespace wright::layering {
namespace {

namespace fs = std::filesystem;

bool is_left_out(const fs::path& relative) {
  const std::string name = relative.filename().string();
  const bool at_top = !relative.has_parent_path();
  return name == "__pycache__" || (at_top && (name == ".git" || name.starts_with("build")));
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

}  // namespace

std::string SourceFile::top(std::size_t folders) const {
  std::size_t end = 0;
  for (; folders > 0 && end != std::string::npos; --folders) end = path.find('/', end == 0 ? 0 : end + 1);
  return end == std::string::npos ? path.substr(0, path.rfind('/')) : path.substr(0, end);
}

bool SourceFile::is_cpp() const { return path.ends_with(".cpp") || path.ends_with(".c"); }
bool SourceFile::is_header() const { return path.ends_with(".hpp") || path.ends_with(".h"); }

std::vector<Include> SourceFile::includes() const {
  static const std::regex include(R"(^\s*#\s*include\s*([<"])([^">]+)[">])");
  std::vector<Include> out;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::smatch match;
    if (std::regex_search(lines[i], match, include)) out.push_back({i + 1, match[2], match[1] == "<"});
  }
  return out;
}

std::vector<SourceFile> read_tree(const fs::path& root) {
  std::vector<SourceFile> files;
  for (auto entry = fs::recursive_directory_iterator(root); entry != fs::recursive_directory_iterator(); ++entry) {
    const fs::path relative = entry->path().lexically_relative(root);
    if (entry->is_directory() && is_left_out(relative)) {
      entry.disable_recursion_pending();
      continue;
    }
    if (!entry->is_regular_file() || entry->is_symlink()) continue;
    std::ifstream in(entry->path(), std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    if (text.find('\0') == std::string::npos) files.push_back({relative.generic_string(), lines_of(text)});
  }
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  return files;
}

}  // namespace wright::layering

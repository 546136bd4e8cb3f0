#include <charconv>

#include "agent/packages/tree.hpp"

namespace wright::agent::packages {
namespace {

template <class Number>
void put(std::string& out, Number number, int base = 10) {
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, number, base).ptr;
  out.append(digits, end).push_back(' ');
}

template <class Number>
bool take(std::string_view& rest, Number& number, int base = 10) {
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number, base);
  if (error != std::errc() || end == rest.data() + rest.size() || *end != ' ') return false;
  rest.remove_prefix(static_cast<std::size_t>(end - rest.data()) + 1);
  return true;
}

}  // namespace

// A line may not end with a newline, for a name may hold one: it ends with the byte that no name holds.
std::string to_bytes(const Tree& tree) {
  std::string out;
  out.reserve(tree.size() * 80);
  for (const auto& [path, e] : tree) {
    out += e.type;
    out += ' ';
    put(out, e.mode, 8);
    put(out, e.uid);
    put(out, e.gid);
    put(out, std::int64_t{e.size});
    put(out, e.mtime_ns);
    out += path;
    out += '\0';
  }
  return out;
}

Result<Tree> tree_from(std::string_view bytes) {
  Tree out;
  while (!bytes.empty()) {
    const auto end = bytes.find('\0');
    Entry e;
    std::int64_t size = 0;
    std::string_view line = bytes.substr(0, end);
    const bool begins = line.size() > 2 && line[1] == ' ';
    if (begins) {
      e.type = line[0];
      line.remove_prefix(2);
    }
    if (end == std::string_view::npos || !begins || !take(line, e.mode, 8) || !take(line, e.uid) ||
        !take(line, e.gid) || !take(line, size) || !take(line, e.mtime_ns) || !line.starts_with('/') ||
        (!out.empty() && line <= out.back().path))
      return failure({}, "a kept list of paths is damaged");
    e.size = size;
    out.push_back({std::string(line), e});
    bytes.remove_prefix(end + 1);
  }
  return out;
}

}  // namespace wright::agent::packages

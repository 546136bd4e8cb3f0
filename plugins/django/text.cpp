#include "text.hpp"

#include <algorithm>
#include <cctype>
#include <cstdint>

namespace django {
namespace {

constexpr std::string_view hex = "0123456789abcdef";

bool is_plain(std::string_view path) {
  if (path.empty() || path.back() == '/') return false;
  if ((std::string(path) + "/").find("../") != std::string::npos) return false;
  return std::all_of(path.begin(), path.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || std::string_view("/._-+@").find(static_cast<char>(c)) != std::string_view::npos;
  });
}

}  // namespace

bool is_line(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](unsigned char c) { return std::iscntrl(c) != 0; });
}

bool is_plain_path(std::string_view path) { return is_plain(path) && path[0] == '/' && path.size() > 1; }

bool is_plain_relative(std::string_view path) { return is_plain(path) && path[0] != '/' && path[0] != '-'; }

std::string digest_of(const std::vector<std::string>& parts) {
  std::uint64_t hash = 14695981039346656037U;
  auto add = [&](unsigned char byte) { hash = (hash ^ byte) * 1099511628211U; };
  for (const auto& part : parts) {
    for (const char c : part) add(static_cast<unsigned char>(c));
    add(0);
  }
  std::string out;
  for (unsigned shift = 64; shift > 0; shift -= 4) out += hex[(hash >> (shift - 4)) & 15U];
  return out;
}

std::string minor_of(const std::string& version) {
  const auto first = version.find('.');
  if (first == std::string::npos) return version;
  return version.substr(0, version.find_first_not_of("0123456789", first + 1));
}

wright::Secret shell_quoted(const wright::Secret& text) {
  std::string out = "'";
  for (const char c : text.reveal()) {
    if (c == '\'')
      out += "'\\''";
    else
      out += c;
  }
  return wright::Secret(out + "'");
}

std::string python_literal(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte == 0x7F) {
      out += "\\x";
      out += hex[byte >> 4U];
      out += hex[byte & 15U];
    } else {
      out += c;
    }
  }
  return out + '"';
}

}  // namespace django

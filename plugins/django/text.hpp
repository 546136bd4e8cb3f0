#pragma once

#include <string>
#include <string_view>
#include <vector>
#include <wright/plugin.hpp>

namespace django {

/// No control characters.
bool is_line(std::string_view text);
/// Absolute, without "..", and of letters that no shell, git or Python reads as something else.
bool is_plain_path(std::string_view path);
/// The same below another folder: not absolute, and not empty.
bool is_plain_relative(std::string_view path);

/// FNV-1a as 16 hexadecimal digits: it tells inputs apart, and is no secret's digest.
std::string digest_of(const std::vector<std::string>& parts);
/// "3.11" of "3.11.2-1+b1".
std::string minor_of(const std::string& version);

/// As one word of a POSIX shell and of a systemd environment file.
wright::Secret shell_quoted(const wright::Secret& text);
/// As a literal of Python.
std::string python_literal(std::string_view text);

}  // namespace django

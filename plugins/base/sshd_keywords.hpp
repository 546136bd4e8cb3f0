#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace base {

/// Whether sshd_config(5) of OpenSSH 8.4 to 10 knows it, as it is spelt there, and a drop-in may hold it.
bool is_sshd_keyword(std::string_view name);
/// The one that was probably meant: "PasswordAuthentication" for "passwordAuthentification"; empty when none is near.
std::string nearest_sshd_keyword(std::string_view name);
/// One of which each word is a line of its own, as Port.
bool is_repeated_keyword(std::string_view name);
/// As `sshd -T` writes it; empty for one that it does not show.
std::string shown_keyword(std::string_view name);

/// As sshd compares keywords, and values that are one of a choice.
std::string lower_case(std::string_view text);
/// The words of a value, which has single spaces between them.
std::vector<std::string> words_of(std::string_view value);

}  // namespace base

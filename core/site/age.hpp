#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace wright {

/// Whether the bytes are what the program `age` makes, binary or armored.
bool is_age_encrypted(std::string_view bytes);

/// Where the caller's own private keys are: WRIGHT_IDENTITY, else wright/identity.txt in XDG_CONFIG_HOME, else in
/// ~/.config. Absolute.
std::string identity_path();

/// What `sealed`, the content of the file `path`, holds. Starts `age` once, with the caller's identity; clear text is
/// in memory and pipes only. Refuses an identity that others can read. Errors say what to do next; none holds a key or
/// clear text, and age's own words, which may quote either, are not passed on.
Result<Secret> decrypt(const std::string& sealed, const std::string& path);

/// The text encrypted, armored, to those in `recipients` (a file of age or ssh public keys, one a line) or, when there
/// is no such file, to the caller's identity. What the caller could not decrypt again is an error.
Result<std::string> encrypt(const Secret& text, const std::string& recipients);

/// The file of recipients that belongs to a file of secrets: "x/secrets.age" to "x/secrets.recipients".
std::string recipients_path(const std::string& secrets);

/// Makes the caller's identity when there is none: mode 0600, in folders of mode 0700. The public key of the one that
/// was made; empty when there was one before.
Result<std::string> ensure_identity();

}  // namespace wright

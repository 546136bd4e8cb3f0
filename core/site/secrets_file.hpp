#pragma once

#include <map>
#include <string>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace wright {

/// A file of secrets as it was read: TOML, one `name = "value"` a secret, encrypted with age or in clear text.
struct SecretsFile {
  std::string path;
  bool encrypted = false;
  Secret bytes;  ///< of the file
  Secret text;   ///< the TOML
  std::map<std::string, Secret> values;
};

/// Reads the file, decrypting it when it is encrypted. One in clear text is refused unless it belongs to the caller or
/// root and no group and no other can read or write it. No message holds a value.
Result<SecretsFile> read_secrets_file(const std::string& path);

/// The secrets of TOML text. Every problem at once, at "path:line:column"; none holds a value.
Result<std::map<std::string, Secret>> secrets_in(const Secret& text, const std::string& path);

/// The text with this one secret added or given another value; all else, comments too, as it was. The value must be
/// UTF-8.
Result<Secret> with_secret(const SecretsFile& file, const std::string& name, const Secret& value);

/// A new encrypted file with the text.
Result<> create_secrets_file(const std::string& path, const Secret& text);
/// Puts the text, encrypted anew, in the place of what was read; refused when the file is another one by now, or is in
/// clear text.
Result<> replace_secrets(const SecretsFile& file, const Secret& text);
/// Refuses a file in clear text, which this program reads and never writes.
Result<> can_write(const SecretsFile& file);

/// Whether ${secret.NAME} can name it.
bool is_secret_name(const std::string& name);

/// As Django wants of a SECRET_KEY (its check security.W009).
inline constexpr std::size_t usual_password_length = 50;
/// Characters of [A-Za-z0-9], each as likely as any other, from the kernel's generator.
Secret random_password(std::size_t length);

}  // namespace wright

#include "site/secrets_file.hpp"

#include <sys/random.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "site/age.hpp"
#include "site/document.hpp"
#include "site/file.hpp"
#include "site/reference.hpp"
#include "site/write.hpp"

namespace wright {
namespace {

tl::unexpected<Diagnostics> refused(const std::string& path, std::string what, std::string next = {}) {
  return failure({Severity::error, Fault::bad_site, path, std::move(what), {}, std::move(next)});
}

/// Who can write an encrypted file can write the site file as well, and nobody can read it: it may lie in a repository.
Result<> check_owner(const FileContent& file, const std::string& path) {
  if (file.owner != ::geteuid() && file.owner != 0)
    return refused(path, "the file with the secrets belongs to somebody else", "chown it to yourself");
  if ((file.mode & 0077U) != 0)
    return refused(path, "others than its owner can read or write the file with the secrets", "chmod 600 " + path);
  return {};
}

bool random_bytes(unsigned char* to, std::size_t count) {
  for (std::size_t done = 0; done < count;) {
    const ssize_t n = ::getrandom(to + done, count - done, 0);
    if (n < 0 && errno != EINTR) return false;
    if (n > 0) done += static_cast<std::size_t>(n);
  }
  return true;
}

}  // namespace

Result<SecretsFile> read_secrets_file(const std::string& path) {
  if (::access(path.c_str(), F_OK) != 0 && errno == ENOENT)
    return refused(path, "the file with the secrets is not there", "wright secrets init");
  auto content = read_file(path, largest_site_file, Links::refuse);
  if (!content) return failure(content.error());
  SecretsFile file;
  file.path = path;
  file.encrypted = is_age_encrypted(content->bytes);
  if (!file.encrypted)
    if (auto owned = check_owner(*content, path); !owned) return failure(owned.error());
  file.bytes = Secret(std::move(content->bytes));
  if (file.encrypted) {
    auto text = decrypt(file.bytes.reveal(), path);
    if (!text) return failure(text.error());
    file.text = std::move(*text);
  } else {
    file.text = file.bytes;
  }
  auto values = secrets_in(file.text, path);
  if (!values) return failure(values.error());
  file.values = std::move(*values);
  return file;
}

Result<> create_secrets_file(const std::string& path, const Secret& text) {
  auto sealed = encrypt(text, recipients_path(path));
  if (!sealed) return failure(sealed.error());
  return write_new_file(path, *sealed);
}

Result<> can_write(const SecretsFile& file) {
  if (file.encrypted) return {};
  return refused(file.path, "is in clear text, which wright reads and never writes",
                 "change it with your editor; or encrypt it: age --encrypt --armor -i " + identity_path() +
                     " -o secrets.age " + file.path + ", name that in [site], and remove this one");
}

Result<> replace_secrets(const SecretsFile& file, const Secret& text) {
  if (auto possible = can_write(file); !possible) return possible;
  if (auto good = secrets_in(text, file.path); !good) return failure(good.error());
  auto sealed = encrypt(text, recipients_path(file.path));
  if (!sealed) return failure(sealed.error());
  return replace_file(file.path, file.bytes.reveal(), *sealed);
}

bool is_secret_name(const std::string& name) {
  const auto references = references_in("${secret." + name + "}");
  return references && references->size() == 1 && references->front().path == name;
}

Secret random_password(std::size_t length) {
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  constexpr unsigned fair = 256 - 256 % letters.size();
  std::string password;
  password.reserve(length);
  std::array<unsigned char, 64> bytes{};
  while (password.size() < length) {
    // Without randomness there is no password to give, and a weak one must not be.
    if (!random_bytes(bytes.data(), bytes.size())) std::abort();
    for (const unsigned char byte : bytes)
      if (byte < fair && password.size() < length) password.push_back(letters[byte % letters.size()]);
  }
  ::explicit_bzero(bytes.data(), bytes.size());
  return Secret(std::move(password));
}

}  // namespace wright

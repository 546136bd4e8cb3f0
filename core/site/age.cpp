#include "site/age.hpp"

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "site/program.hpp"
#include "site/write.hpp"

namespace wright {
namespace {

namespace fs = std::filesystem;

tl::unexpected<Diagnostics> refused(const std::string& where, std::string what, std::string next) {
  return failure({Severity::error, Fault::bad_site, where, std::move(what), {}, std::move(next)});
}

std::string environment(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nothing here sets the environment
  return value == nullptr ? "" : value;
}

std::string home() {
  if (const std::string given = environment("HOME"); !given.empty()) return given;
  const passwd* entry = ::getpwuid(::geteuid());  // NOLINT(concurrency-mt-unsafe): commands are read by one thread
  return entry == nullptr ? "/" : entry->pw_dir;
}

bool exists(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 || errno != ENOENT;
}

Result<> check_identity(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    if (errno == ENOENT || errno == ENOTDIR)
      return refused(path, "there is no identity, the private key that opens the secrets",
                     "copy yours there, or name it in WRIGHT_IDENTITY; for a new site: wright secrets init");
    return failure({Severity::error, Fault::bad_site, path, "the identity cannot be read", std::strerror(errno), {}});
  }
  if (!S_ISREG(status.st_mode))
    return refused(path, "the identity is not a regular file", "name one in WRIGHT_IDENTITY");
  if (status.st_uid != ::geteuid() && status.st_uid != 0)
    return refused(path, "the identity belongs to somebody else", "name your own in WRIGHT_IDENTITY");
  if ((status.st_mode & 077U) != 0)
    return refused(path, "others than its owner can read or write the identity", "chmod 600 " + path);
  return {};
}

bool says(const Ended& ended, std::string_view words) { return ended.errors.find(words) != std::string::npos; }

/// age may quote what it could not read, so its words choose the message and are not part of it.
tl::unexpected<Diagnostics> not_decrypted(const Ended& ended, const std::string& path, const std::string& identity) {
  if (says(ended, "no identity matched"))
    return refused(path, "is not encrypted to the identity in " + identity,
                   "name another one in WRIGHT_IDENTITY, or let somebody who can open it add your public key "
                   "(age-keygen -y " +
                       identity + ") to " + recipients_path(path) + " and run: wright secrets rekey");
  if (says(ended, "identity") && (says(ended, "error at line") || says(ended, "no secret keys found") ||
                                  says(ended, "unknown identity") || says(ended, "malformed")))
    return refused(identity, "holds no identity that age can read",
                   "restore it from your backup; it should be what age-keygen writes");
  if (says(ended, "passphrase"))
    return refused(path, "needs a passphrase, which age could not ask for or did not accept",
                   "run it in a terminal; a file encrypted with a passphrase alone must be encrypted to an identity");
  return refused(path, "is broken: age cannot decrypt it",
                 "restore it from your version control or backup; age says more: age --decrypt -i " + identity + " " +
                     path + " >/dev/null");
}

}  // namespace

bool is_age_encrypted(std::string_view bytes) {
  return bytes.starts_with("age-encryption.org/") || bytes.starts_with("-----BEGIN AGE ENCRYPTED FILE-----");
}

std::string identity_path() {
  std::error_code ignored;
  if (const std::string given = environment("WRIGHT_IDENTITY"); !given.empty())
    return fs::absolute(given, ignored).lexically_normal().string();
  const std::string config = environment("XDG_CONFIG_HOME");
  // The XDG specification: relative paths are to be ignored.
  const std::string folder = config.starts_with('/') ? config : home() + "/.config";
  return folder + "/wright/identity.txt";
}

std::string recipients_path(const std::string& secrets) {
  return fs::path(secrets).replace_extension(".recipients").string();
}

Result<Secret> decrypt(const std::string& sealed, const std::string& path) {
  const std::string identity = identity_path();
  if (auto usable = check_identity(identity); !usable) return failure(usable.error());
  auto ended = run_program({"age", "--decrypt", "-i", identity}, Secret(sealed), "age");
  if (!ended) return failure(ended.error());
  if (ended->code != 0) return not_decrypted(*ended, path, identity);
  return std::move(ended->output);
}

Result<std::string> encrypt(const Secret& text, const std::string& recipients) {
  const std::string identity = identity_path();
  if (auto usable = check_identity(identity); !usable) return failure(usable.error());
  const bool listed = exists(recipients);
  std::vector<std::string> arguments{"age", "--encrypt", "--armor", listed ? "-R" : "-i"};
  arguments.push_back(listed ? recipients : identity);
  auto ended = run_program(arguments, text, "age");
  if (!ended) return failure(ended.error());
  if (ended->code != 0 && listed)
    return refused(recipients, "age cannot encrypt to these recipients",
                   "write one public key a line: age1... or an ssh key");
  if (ended->code != 0)
    return refused(identity, "holds no identity that age can encrypt to",
                   "restore it from your backup; it should be what age-keygen writes");
  const std::string sealed = ended->output.reveal();
  // A file that nobody here can open again would be found out only when it is needed.
  const auto again = decrypt(sealed, recipients);
  if (again && *again == text) return sealed;
  if (!again && !listed) return failure(again.error());
  return refused(recipients,
                 "what is encrypted to these recipients could not be opened with the identity in " + identity,
                 "add your own public key to it: age-keygen -y " + identity);
}

Result<std::string> ensure_identity() {
  const std::string path = identity_path();
  if (exists(path)) {
    if (auto usable = check_identity(path); !usable) return failure(usable.error());
    return std::string();
  }
  auto ended = run_program({"age-keygen"}, Secret(), "age");
  if (!ended) return failure(ended.error());
  constexpr std::string_view label = "# public key: ";
  const std::string& text = ended->output.reveal();
  const std::size_t at = text.find(label);
  if (ended->code != 0 || at == std::string::npos)
    return failure("age-keygen", "made no key; it ended with " + std::to_string(ended->code));
  const std::size_t begin = at + label.size();
  std::string public_key = text.substr(begin, text.find('\n', begin) - begin);
  if (auto made = make_private_folders(fs::path(path).parent_path().string()); !made) return failure(made.error());
  if (auto written = write_new_file(path, text); !written) return failure(written.error());
  return public_key;
}

}  // namespace wright

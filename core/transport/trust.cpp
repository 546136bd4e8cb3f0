#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/name.hpp"
#include "base/sha256.hpp"
#include "transport/pins.hpp"
#include "transport/problem.hpp"

namespace wright {
namespace {

namespace fs = std::filesystem;

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t took = ::write(fd, bytes.data(), bytes.size());
    if (took < 0 && errno != EINTR) return false;
    if (took > 0) bytes.remove_prefix(static_cast<std::size_t>(took));
  }
  return true;
}

tl::unexpected<Diagnostics> cannot_write(const std::string& path) {
  return failure(path, "cannot write the pinned host keys", std::strerror(errno));
}

}  // namespace

Result<HostKey> fetch_host_key(const Target& target) {
  if (target.address == "local")
    return problem(Fault::usage, target.name, "has the address \"local\": there is no key to trust");
  if (!is_safe_name(target.address)) return problem(Fault::usage, target.name, "the address is no host name");
  const auto pins = read_pins(target);
  if (!pins) return failure(pins.error());
  const auto session = SshSession::open(target, pins->types());
  if (!session) return failure(session.error());
  const auto shown = (*session)->host_key();
  if (!shown) return failure(shown.error());

  HostKey key{shown->type, shown->fingerprint, pin_name(target) + " " + shown->type + " " + shown->blob,
              HostKey::Pin::none};
  if (!pins->keys.empty())
    key.pin = check_host_key(target, *pins, *shown) ? HostKey::Pin::same : HostKey::Pin::different;
  return key;
}

Result<> pin_host_key(const Target& target, const HostKey& key) {
  std::error_code error;
  // A link to the file stays a link.
  const fs::path path = fs::weakly_canonical(target.known_hosts, error);
  if (error) return failure(target.known_hosts, "cannot write the pinned host keys", error.message());
  if (key.line.find('\n') != std::string::npos) return failure(target.name, "a host key is one line");

  // Two programs that pin at once both succeed: the folder is locked from reading to renaming.
  const Descriptor folder(::open(path.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.valid() || ::flock(folder.get(), LOCK_EX) != 0) return cannot_write(path);
  std::string text;
  if (std::ifstream file(path); file) {
    text.assign(std::istreambuf_iterator<char>(file), {});
  } else if (errno != ENOENT) {
    return cannot_write(path);
  }
  const std::string changed = with_pin(text, pin_name(target), key.line);

  const std::string temporary = "." + path.filename().string() + "." + random_hex(8);
  const Descriptor file(::openat(folder.get(), temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!file.valid()) return cannot_write(path);
  if (!write_all(file.get(), changed) || ::fchmod(file.get(), 0644) != 0 || ::fsync(file.get()) != 0 ||
      ::renameat(folder.get(), temporary.c_str(), folder.get(), path.filename().c_str()) != 0) {
    auto problem = cannot_write(path);
    ::unlinkat(folder.get(), temporary.c_str(), 0);
    return problem;
  }
  ::fsync(folder.get());
  return {};
}

}  // namespace wright

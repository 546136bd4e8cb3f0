#include "agent/context.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "agent/files/files.hpp"
#include "agent/files/relocate.hpp"
#include "base/sha256.hpp"
#include "model/encoding.hpp"

namespace wright::agent {
Cancellation::Cancellation() {
  int ends[2] = {-1, -1};
  if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) == 0) {
    read_end_ = ends[0];
    write_end_ = ends[1];
  }
}

Cancellation::~Cancellation() {
  if (read_end_ >= 0) ::close(read_end_);
  if (write_end_ >= 0) ::close(write_end_);
}

void Cancellation::cancel() {
  if (cancelled_.exchange(true)) return;
  // Closing would race with a poll() on the number; one byte that nobody reads keeps the end readable.
  const int kept = errno;
  [[maybe_unused]] const auto written = ::write(write_end_, "", 1);
  errno = kept;
}

Result<std::string> Blobs::put(std::string_view bytes) {
  const std::string digest = sha256_hex(bytes);
  const std::string path = folder_ + "/" + digest;
  const auto seen = look_at(path);
  if (!seen) return tl::unexpected(seen.error());
  if (seen->type == FileState::Type::regular && get(digest)) return digest;
  if (auto made = make_private_folders(folder_); !made) return tl::unexpected(made.error());
  if (auto written = replace_file(path, bytes, {0600, ::geteuid(), ::getegid()}); !written)
    return tl::unexpected(written.error());
  return digest;
}

Result<std::string> Blobs::get(std::string_view sha256) const {
  const std::string path = folder_ + "/" + std::string(sha256);
  auto bytes = read_file(path, std::size_t{1} << 32U);
  if (bytes && sha256_hex(*bytes) != sha256) return failure(path, "its content is not the one that was kept");
  return bytes;
}

Result<std::string> Blobs::take(const std::string& path) {
  auto digest = sha256_of_file(path);
  if (!digest) return digest;
  const std::string place = folder_ + "/" + *digest;
  if (auto made = make_private_folders(folder_); !made) return tl::unexpected(made.error());
  if (path_of(*digest)) return remove_path(path).transform([&] { return *digest; });
  if (auto set = set_ownership(path, {0600, ::geteuid(), ::getegid()}); !set) return tl::unexpected(set.error());
  if (auto removed = remove_path(place); !removed) return tl::unexpected(removed.error());
  if (auto moved = move_tree(path, place); !moved) return tl::unexpected(moved.error());
  return digest;
}

Result<std::string> Blobs::path_of(std::string_view sha256) const {
  std::string path = folder_ + "/" + std::string(sha256);
  const auto digest = sha256_of_file(path);
  if (!digest) return digest;
  if (*digest != sha256) return failure(path, "its content is not the one that was kept");
  return path;
}

Result<> Context::quarantine(const std::string& path) {
  const auto seen = look_at(path);
  if (!seen) return tl::unexpected(seen.error());
  if (seen->type == FileState::Type::absent) return finish_move(path);
  const auto place = free_place(*this, "quarantine", path);
  if (!place) return tl::unexpected(place.error());
  if (auto moved = move_tree(path, *place); !moved) return moved;
  quarantined.push_back(path + " -> " + *place);
  return {};
}

Result<> Context::keep(const std::string& path) {
  const auto seen = look_at(path);
  if (!seen) return tl::unexpected(seen.error());
  if (seen->type == FileState::Type::absent) return {};
  const auto place = free_place(*this, "kept", path);
  if (!place) return tl::unexpected(place.error());
  if (auto copied = copy_tree(path, *place); !copied) return copied;
  kept.push_back(path + " -> " + *place);
  return {};
}

Result<> Context::keep_state(const std::string& id, const Value& state) {
  std::string name = "/" + id + ".json";
  std::replace(name.begin() + 1, name.end(), '/', '_');
  const auto place = free_place(*this, "kept", name);
  if (!place) return tl::unexpected(place.error());
  if (auto written = replace_file(*place, to_json(state) + "\n", {0600, ::geteuid(), ::getegid()}); !written)
    return written;
  kept.push_back(id + " -> " + *place);
  return {};
}

std::string Context::digest_of(const Value& state) const { return hmac_sha256_hex(site_key, to_cbor(state)); }

}  // namespace wright::agent

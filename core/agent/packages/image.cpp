#include "agent/packages/image.hpp"

#include <algorithm>
#include <array>

#include "agent/files/files.hpp"
#include "base/sha256.hpp"
#include "model/encoding.hpp"

namespace wright::agent::packages {
namespace {

constexpr std::size_t largest_file = 4U << 20U;
constexpr std::size_t largest_image = 64U << 20U;

constexpr std::array<std::string_view, 12> covered{
    "/etc",
    "/var/cache/debconf",
    "/var/lib/apt/extended_states",
    "/var/lib/dpkg/alternatives",
    "/var/lib/ispell",
    "/var/lib/pam",
    "/var/lib/python",
    "/var/lib/sgml-base",
    "/var/lib/shells.state",
    "/var/lib/ucf",
    "/var/lib/xml-core",
    "/var/lib/systemd",
};
constexpr std::array<std::string_view, 3> not_covered{"/etc/.git", "/var/lib/systemd/coredump",
                                                      "/var/lib/systemd/catalog"};

bool within_any(std::string_view path, const auto& folders) {
  return std::any_of(folders.begin(), folders.end(), [&](std::string_view folder) { return is_within(path, folder); });
}

Value to_value(const Kept& kept) {
  const Entry& e = kept.entry;
  return Value::List{std::string(1, e.type), std::int64_t{e.mode}, std::int64_t{e.uid}, std::int64_t{e.gid},
                     std::int64_t{e.size},   e.mtime_ns,           kept.whole,          kept.content};
}

bool read_kept(const Value& value, Kept& out) {
  const auto* list = value.as_list();
  if (list == nullptr || list->size() != 8 || (*list)[0].text_or("").size() != 1) return false;
  out.entry.type = (*list)[0].text_or("?")[0];
  out.entry.mode = static_cast<mode_t>((*list)[1].int_or(0) & 07777);
  out.entry.uid = static_cast<uid_t>((*list)[2].int_or(0));
  out.entry.gid = static_cast<gid_t>((*list)[3].int_or(0));
  out.entry.size = (*list)[4].int_or(0);
  out.entry.mtime_ns = (*list)[5].int_or(0);
  out.whole = (*list)[6].bool_or(false);
  out.content = (*list)[7].text_or("");
  return true;
}

}  // namespace

bool Image::covers(std::string_view path) { return within_any(path, covered) && !within_any(path, not_covered); }

Result<Image> Image::take(const Tree& tree) {
  Image out;
  std::size_t size = 0;
  for (const auto& [path, entry] : tree) {
    if (!covers(path)) continue;
    Kept kept{entry, false, {}};
    if (entry.type == 'f' && static_cast<std::size_t>(entry.size) <= largest_file) {
      auto content = read_file(path, largest_file);
      if (!content) {
        const auto now = look_at(path);
        if (now && now->type == FileState::Type::absent) continue;
        return failure(content.error());
      }
      kept.content = std::move(*content);
      kept.whole = true;
    } else if (entry.type == 'l') {
      const auto link = look_at(path);
      if (!link) return failure(link.error());
      if (link->type != FileState::Type::symlink) continue;
      kept.content = link->target;
      kept.whole = true;
    }
    size += kept.content.size();
    if (size > largest_image)
      return failure("/etc", "is larger than 64 MiB, so an image of it cannot be kept", {},
                     "move what does not belong there, such as the largest files of `du -a /etc | sort -n`");
    out.paths_.emplace(path, std::move(kept));
  }
  return out;
}

std::string Image::to_bytes() const {
  Value::Map map;
  for (const auto& [path, kept] : paths_) map.emplace(path, to_value(kept));
  return to_cbor(Value(std::move(map)));
}

Result<Image> Image::from(std::string_view bytes) {
  const auto value = from_cbor(bytes, {std::size_t{256} << 20U, 8, std::size_t{32} << 20U});
  if (!value) return failure(value.error());
  const auto* map = value->as_map();
  Image out;
  if (map == nullptr) return failure({}, "the kept image of /etc is damaged");
  for (const auto& [path, item] : *map)
    if (!read_kept(item, out.paths_[path])) return failure(path, "the kept image of /etc is damaged");
  return out;
}

const Kept* Image::find(std::string_view path) const {
  const auto found = paths_.find(path);
  return found == paths_.end() ? nullptr : &found->second;
}

std::string content_digest(const std::string& path) {
  const auto seen = look_at(path);
  if (!seen) return {};
  if (seen->type == FileState::Type::symlink) return "-> " + seen->target;
  if (seen->type != FileState::Type::regular) return {};
  return sha256_of_file(path).value_or("");
}

std::string content_digest(const Kept& kept) {
  if (!kept.whole) return {};
  return kept.entry.type == 'l' ? "-> " + kept.content : sha256_hex(kept.content);
}

}  // namespace wright::agent::packages

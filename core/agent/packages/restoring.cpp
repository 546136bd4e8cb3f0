#include "agent/packages/restoring.hpp"

#include <algorithm>

#include "agent/files/files.hpp"
#include "agent/packages/account_lines.hpp"
#include "agent/packages/guarding.hpp"
#include "agent/packages/marks.hpp"

namespace wright::agent::packages {
namespace {

constexpr std::string_view marks_file = "/var/lib/apt/extended_states";

Ownership ownership_of(const Entry& entry) { return {entry.mode, entry.uid, entry.gid}; }

std::string content_of(const Image& image, std::string_view path) {
  const Kept* kept = image.find(path);
  return kept == nullptr ? std::string() : kept->content;
}

class Restoring {
 public:
  Restoring(const Surroundings& around, const Selection& selection, const Database& before, Context& context)
      : around_(around), selection_(selection), before_(before), context_(context) {}

  Result<> all() {
    auto now = take_moment(context_);
    if (!now) return failure(now.error());
    now_ = std::move(*now);
    remove_made();
    put_back();
    if (around_.whole) merge();
    if (problems_.has_errors()) return failure(problems_);
    return {};
  }

 private:
  void note(const Result<>& result) {
    if (!result) problems_.add(result.error());
  }

  /// From the bottom up, so that folders are empty when it is their turn.
  void remove_made() {
    for (auto at = now_.tree.rbegin(); at != now_.tree.rend(); ++at) {
      const auto& [path, entry] = *at;
      if (find(around_.before.tree, path) != nullptr || !goes(path)) continue;
      if (entry.type != 'd') {
        note(remove_path(path));
      } else if (auto removed = remove_path(path); !removed && around_.strangers.empty()) {
        note(removed);
      }
    }
  }

  bool goes(const std::string& path) const {
    if (is_made(around_, path)) return true;
    // What taking packages out left itself: backups of registries, links that ldconfig made to what was half unpacked.
    return around_.whole && (Image::covers(path) || (is_within(path, "/usr") && !is_data(path))) &&
           !around_.strangers.contains(path) && find(around_.found.tree, path) == nullptr;
  }

  void put_back() {
    for (const auto& [path, was] : around_.before.tree) {
      const Entry* is = find(now_.tree, path);
      if (is != nullptr && same(*is, was) && !Image::covers(path)) continue;
      if (is_account_file(path) || path == marks_file) continue;
      if (is_ours(path, was, is)) one(path, was, is);
    }
  }

  /// True when the change, or taking it back, did this, and not somebody else.
  bool is_ours(const std::string& path, const Entry& was, const Entry* is) const {
    const Entry* after = find(around_.after.tree, path);
    const Entry* found = find(around_.found.tree, path);
    const bool by_change = after == nullptr || !same(*after, was);
    const bool by_undo = found != nullptr && (is == nullptr || !same(*is, *found));
    if (!around_.whole && !by_undo) return false;
    if (by_change) {
      if (!Image::covers(path)) return true;
      // What programs write all the time is put back only when nothing else was written since.
      return !is_machine_written(path) ||
             content_of(around_.found.image, path) == content_of(around_.after.image, path);
    }
    return by_undo && content_of(around_.found.image, path) == content_of(around_.before.image, path);
  }

  void one(const std::string& path, const Entry& was, const Entry* is) {
    const Kept* kept = around_.before.image.find(path);
    if (was.type == 'd') {
      if (is == nullptr) {
        // Folders of data that a service has moved on from are its own business; what packages own is dpkg's.
        if (kept != nullptr) note(make_directory(path, ownership_of(was)));
      } else if (is->type == 'd' && !same(*is, was)) {
        note(set_ownership(path, ownership_of(was)));
      }
      return;
    }
    if (kept == nullptr || !kept->whole) {
      if (is != nullptr && is->type == was.type && was.type == 'f' &&
          (is->mode != was.mode || is->uid != was.uid || is->gid != was.gid))
        note(set_ownership(path, ownership_of(was)));
      return;
    }
    const Kept* now = now_.image.find(path);
    const bool equal = now != nullptr && now->whole && now->entry.type == was.type && now->content == kept->content;
    if (was.type == 'l') {
      if (!equal) note(clear(path, is).and_then([&] { return replace_symlink(path, kept->content); }));
    } else if (was.type == 'f' && (!equal || !same(*is, was))) {
      note(
          clear(path, is).and_then([&] { return replace_file(path, kept->content, ownership_of(was), was.mtime_ns); }));
    }
  }

  /// A folder in the place of a file goes when it is empty.
  static Result<> clear(const std::string& path, const Entry* is) {
    return is != nullptr && is->type == 'd' ? remove_path(path) : Result<>();
  }

  /// Users and groups whose files are still somewhere stay.
  std::set<std::string, std::less<>> accounts_in_use(const std::string& file) const {
    const auto added = added_accounts(content_of(around_.before.image, file), content_of(around_.after.image, file));
    std::set<std::string, std::less<>> out;
    const auto tree = walk(system_limits(context_.state_folder));
    if (!tree || added.empty()) return out;
    for (const auto& [path, entry] : *tree)
      for (const auto& account : added)
        if (account.number == (file == "/etc/passwd" ? entry.uid : entry.gid)) out.insert(account.name);
    return out;
  }

  void merge() {
    const auto users = accounts_in_use("/etc/passwd");
    auto groups = accounts_in_use("/etc/group");
    groups.insert(users.begin(), users.end());
    for (const char* file :
         {"/etc/passwd", "/etc/group", "/etc/shadow", "/etc/gshadow", "/etc/subuid", "/etc/subgid"}) {
      const std::string_view name(file);
      const bool of_groups = name == "/etc/group" || name == "/etc/gshadow";
      rewrite(file, [&](const std::string& before, const std::string& after, const std::string& now) {
        return without_change(before, after, now, of_groups ? groups : users);
      });
    }
    std::set<std::string> gone;
    for (const auto& key : selection_.out)
      gone.insert(key.ends_with(":all") ? key.substr(0, key.rfind(':') + 1) + before_.native() : key);
    rewrite(marks_file, [&](const std::string& before, const std::string& after, const std::string& now) {
      return marks_without_change(before, after, now, gone);
    });
  }

  template <class Merge>
  void rewrite(std::string_view path, Merge merged) {
    const Kept* before = around_.before.image.find(path);
    const Kept* now = now_.image.find(path);
    if (before == nullptr) return;  // made by the change: gone
    const std::string old = now == nullptr ? std::string() : now->content;
    const std::string content = merged(before->content, content_of(around_.after.image, path), old);
    if (now != nullptr && content == now->content && same(now->entry, before->entry)) return;
    note(replace_file(std::string(path), content, ownership_of(before->entry),
                      content == before->content ? std::optional(before->entry.mtime_ns) : std::nullopt));
  }

  const Surroundings& around_;
  const Selection& selection_;
  const Database& before_;
  Context& context_;
  Moment now_;
  Diagnostics problems_;
};

}  // namespace

Result<> restore(const Surroundings& around, const Selection& selection, const Database& before, Context& context) {
  return Restoring(around, selection, before, context).all();
}

}  // namespace wright::agent::packages

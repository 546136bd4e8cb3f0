#include "agent/packages/surroundings.hpp"

#include <algorithm>
#include <array>

#include "agent/files/files.hpp"
#include "base/sha256.hpp"
#include "model/encoding.hpp"

namespace wright::agent::packages {
namespace {

constexpr std::size_t largest_note = 64U << 20U;

constexpr std::array<std::string_view, 9> data_folders{
    "/var/lib", "/var/log", "/var/spool", "/var/mail", "/var/www", "/var/backups", "/usr/local", "/srv", "/root"};
/// Folders of data in which a package makes its own; what appears further down belongs to who has the folder.
constexpr std::array<std::string_view, 11> shared{"/",          "/var",       "/var/lib",    "/var/log",
                                                  "/var/spool", "/var/mail",  "/var/www",    "/srv",
                                                  "/root",      "/usr/local", "/var/backups"};
/// Below these are only registries that packages write.
constexpr std::array<std::string_view, 4> registries{"/var/lib/dpkg", "/var/lib/systemd", "/var/lib/apt",
                                                     "/var/lib/ucf"};

std::string note_path(const Context& context) { return context.state_folder + "/apt/undoing"; }

std::string parent_of(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == 0 || slash == std::string_view::npos ? "/" : std::string(path.substr(0, slash));
}

bool within_any(std::string_view path, const auto& folders) {
  return std::any_of(folders.begin(), folders.end(), [&](std::string_view folder) { return is_within(path, folder); });
}

Result<Value> note_down(const Moment& found, const std::set<std::string, std::less<>>& listed, const std::string& of,
                        Context& context) {
  auto tree = put_packed(to_bytes(found.tree), context);
  if (!tree) return failure(tree.error());
  auto image = put_packed(found.image.to_bytes(), context);
  if (!image) return failure(image.error());
  auto paths = context.blobs.put(to_cbor(Value(std::vector<std::string>(listed.begin(), listed.end()))));
  if (!paths) return failure(paths.error());
  Value note(Value::Map{{"of", of}, {"tree", *tree}, {"image", *image}, {"listed", *paths}});
  if (auto written = replace_file(note_path(context), to_cbor(note), {0600, 0, 0}); !written)
    return failure(written.error());
  return note;
}

/// What an undo of the same change wrote down before it was killed.
Value note_of(const std::string& of, const Context& context) {
  const auto bytes = read_file(note_path(context), largest_note);
  if (!bytes) return {};
  auto note = from_cbor(*bytes);
  return note && (*note)["of"].text_or("") == of ? std::move(*note) : Value();
}

Result<Moment> moment_of(const std::string& tree, const std::string& image, const Context& context) {
  auto paths = tree_of(tree, context);
  if (!paths) return failure(paths.error());
  auto content = image_of(image, context);
  if (!content) return failure(content.error());
  return Moment{std::move(*paths), std::move(*content)};
}

Result<> find_again(const Value& note, Surroundings& around, const Context& context) {
  auto found = moment_of(note["tree"].text_or(""), note["image"].text_or(""), context);
  if (!found) return failure(found.error());
  around.found = std::move(*found);
  const auto bytes = context.blobs.get(note["listed"].text_or(""));
  if (!bytes) return failure(bytes.error());
  const auto listed = from_cbor(*bytes);
  if (!listed) return failure(listed.error());
  for (auto& path : listed->strings()) around.listed.insert(std::move(path));
  return {};
}

}  // namespace

Result<Moment> take_moment(const Context& context) {
  auto tree = walk(system_limits(context.state_folder));
  if (!tree) return failure(tree.error());
  auto image = Image::take(*tree);
  if (!image) return failure(image.error());
  return Moment{std::move(*tree), std::move(*image)};
}

Result<Surroundings> recall(const Record& record, const Left& left, const Selection& selection, const Database& before,
                            const Database& now, const Context& context) {
  Surroundings around;
  around.whole = selection.whole;
  around.interrupted = left.tree.empty();
  around.began_ns = record.began_ns;
  auto was = moment_of(record.tree, record.image, context);
  if (!was) return failure(was.error());
  around.before = std::move(*was);
  const std::set<std::string> out(selection.out.begin(), selection.out.end());
  for (const auto& [key, package] : now.packages()) {
    if (before.packages().contains(key)) continue;
    auto& paths = out.contains(key) ? around.listed : around.strangers;
    for (auto& path : files_of(package)) paths.insert(std::move(path));
  }
  if (left.tree.empty()) return around;
  auto after = moment_of(left.tree, left.image, context);
  if (!after) return failure(after.error());
  around.after = std::move(*after);
  return around;
}

Result<Surroundings> look_around(const Record& record, const Left& left, const Selection& selection,
                                 const Database& before, const Database& now, Context& context) {
  auto recalled = recall(record, left, selection, before, now, context);
  if (!recalled) return recalled;
  Surroundings around = std::move(*recalled);
  const std::string of = sha256_hex(record.tree + record.image + left.tree + context.transaction);
  const Value note = note_of(of, context);
  if (!note.is_null()) {
    if (auto again = find_again(note, around, context); !again) return failure(again.error());
  } else {
    auto found = take_moment(context);
    if (!found) return failure(found.error());
    around.found = std::move(*found);
    if (auto noted = note_down(around.found, around.listed, of, context); !noted) return failure(noted.error());
  }
  if (around.interrupted) around.after = around.found;
  return around;
}

Result<> forget_found(const Context& context) { return remove_path(note_path(context)); }

std::string outermost_made(const Surroundings& around, const std::string& path) {
  std::string made = path;
  for (std::string above = parent_of(path); above != "/" && find(around.before.tree, above) == nullptr;
       above = parent_of(above))
    made = above;
  return made;
}

bool is_made(const Surroundings& around, const std::string& path) {
  if (find(around.before.tree, path) != nullptr || around.strangers.contains(path)) return false;
  if (around.listed.contains(path)) return true;
  const std::string outermost = outermost_made(around, path);
  for (std::string above = parent_of(path); is_within(above, outermost); above = parent_of(above)) {
    if (around.strangers.contains(above)) return false;
    if (around.listed.contains(above)) return true;
  }
  if (!around.whole || find(around.after.tree, outermost) == nullptr) return false;
  if (!is_data(path) || Image::covers(path) || within_any(path, registries)) return true;
  const std::string parent = parent_of(outermost);
  return around.listed.contains(parent) || std::find(shared.begin(), shared.end(), parent) != shared.end();
}

bool is_data(std::string_view path) { return within_any(path, data_folders); }

}  // namespace wright::agent::packages

#include "plugin/library.hpp"

#include <algorithm>
#include <boost/dll/shared_library.hpp>
#include <cstddef>
#include <cstring>

#include "plugin/call.hpp"
#include "plugin/inspect.hpp"

namespace wright {
namespace {

using Entry = const wright_plugin*(const wright_host*);

tl::unexpected<Diagnostics> refused(const PluginFile& file, std::string what, std::string why = {}) {
  return failure({Severity::error, Fault::bad_plugin, file.path, std::move(what), std::move(why), {}});
}

/// The plugin's table in a zeroed struct of ours, with all that is required.
Result<wright_plugin> take_table(const PluginFile& file, const wright_plugin* theirs) {
  if (theirs == nullptr) return refused(file, "gives no table", "its entry returned NULL");
  // What 1.0 had is in every table.
  constexpr std::size_t smallest = offsetof(wright_plugin, extension) + sizeof(wright_plugin::extension);
  if (theirs->struct_size < smallest)
    return refused(file, "gives a table that is too small",
                   "struct_size is " + std::to_string(theirs->struct_size) + ", at least " + std::to_string(smallest) +
                       " were expected");
  wright_plugin ours{};
  std::memcpy(&ours, theirs, std::min<std::size_t>(theirs->struct_size, sizeof(ours)));
  std::string missing;
  auto need = [&](bool there, std::string_view slot) {
    if (!there) missing += (missing.empty() ? "" : ", ") + std::string(slot);
  };
  need(!view(ours.name).empty(), "name");
  need(!view(ours.version).empty(), "version");
  need(ours.verify != nullptr, "verify");
  need(ours.install != nullptr || ours.configure != nullptr, "install or configure");
  if (!missing.empty()) return refused(file, "lacks what every plugin must have: " + missing);
  return ours;
}

}  // namespace

Result<LoadedPlugin> load_plugin(const PluginFile& file) {
  if (auto inspected = inspect_plugin(file.path); !inspected) return failure(inspected.error());
  LoadedPlugin loaded;
  try {
    using boost::dll::load_mode::rtld_local;
    using boost::dll::load_mode::rtld_now;
    auto library = std::make_shared<boost::dll::shared_library>(file.path, rtld_now | rtld_local);
    auto& entry = library->get<Entry>("wright_plugin_entry_" + std::to_string(WRIGHT_ABI_MAJOR));
    auto table = take_table(file, entry(&host_table()));
    if (!table) return failure(table.error());
    loaded.table = *table;
    loaded.library = std::move(library);
  } catch (const std::exception& e) {
    return refused(file, "cannot be loaded", e.what());
  } catch (...) {
    return refused(file, "cannot be loaded", "it threw something that is no std::exception");
  }
  auto description = describe_plugin(file, loaded.table);
  if (!description) return failure(description.error());
  loaded.description = std::move(*description);
  return loaded;
}

}  // namespace wright

#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "model/catalog.hpp"
#include "model/option.hpp"

namespace wright {

/// A shared object that may be a plugin, found by its name without running any of its code.
struct PluginFile {
  std::string name;  ///< file name without ".so"
  std::string path;
};

/// The folders searched, first match wins: those given by --plugin-dir, then lib/wright/plugins beside the program.
std::vector<std::string> plugin_directories(const std::vector<std::string>& given);
/// Every *.so of the folders. Folders or files that others than root and the caller can write are an error each.
Result<std::vector<PluginFile>> find_plugins(const std::vector<std::string>& directories);

/// What one component on one host is evaluated from.
struct Evaluation {
  std::string plugin;
  std::string component;
  std::string host;
  Value::Map options;  ///< complete and resolved (schema/check.hpp)
  Value::Map facts;    ///< nested tables as the agent sent them, plus "address" and asked ones under their full name
};

/// What the pure phases declared. When missing_facts is not empty, the rest is empty: get them and evaluate again.
struct Declared {
  std::vector<Resource> resources;  ///< install first, then configure; components filled in
  std::vector<Probe> probes;        ///< ready gates and verify
  std::vector<Resource> rollback;
  Value::Map exports;  ///< dotted names as nested tables
  std::vector<std::string> missing_facts;
  Diagnostics warnings;
};

/// The plugins of a run, loaded in a worker process: a plugin that crashes, throws, exits, loops or corrupts its memory
/// ends that process and comes back as a diagnostic with Fault::bad_plugin that names plugin, phase and signal.
/// Not thread-safe; one caller at a time.
class Plugins {
 public:
  virtual ~Plugins() = default;
  /// Loads the plugin (once) and returns its description. Refuses, without running code of the file: not ELF, other
  /// machine, no entry symbol, entry symbol of another SDK major; after loading: missing required slots.
  virtual Result<PluginDescription> describe(const PluginFile& file) = 0;
  /// Calls install, configure, verify and rollback on fresh objects. Every problem the plugin reported at once, with
  /// Diagnostic::where holding the option path ("sites[0].name"), which the caller turns into a place in the site file.
  /// It is empty where the component as a whole or (Fault::bad_plugin) the plugin is at fault.
  virtual Result<Declared> evaluate(const Evaluation& request) = 0;
};

/// Starts the worker (lib/wright/plugin-worker beside the program). `deadline` is for each call.
Result<std::unique_ptr<Plugins>> start_plugins(std::chrono::milliseconds deadline = std::chrono::seconds(10));

}  // namespace wright

#pragma once

#include <string>

#include "cli/arguments.hpp"
#include "report/reporter.hpp"
#include "run/exit_code.hpp"
#include "run/ports.hpp"

namespace wright {

/// What every command is given.
struct Context {
  const Arguments& arguments;
  Reporter& reporter;
  Interruption& interruption;
};

/// Says what is wrong and returns the exit code for it.
int fail(Context& context, const Diagnostics& problems);

/// The plugins that can be found.
Result<std::vector<PluginFile>> plugin_files(const Context& context);

/// The site file, checked; warnings are told. With `files`, names of plugins are checked against them.
Result<Site> open_site(Context& context, const std::vector<PluginFile>& files);

/// A run over the site with the real connections and plugins, as the command line says. Events go to the reporter.
Run run_over(Context& context, const Site& site, std::vector<PluginFile> files);

/// True when the answer to `question` is yes, or --yes was given. Without a terminal the error says to give --yes.
Result<bool> confirm(Context& context, const std::string& question);
/// The error of confirm() without asking, to tell it before any work is done.
Result<> can_confirm(const Context& context);

}  // namespace wright

#pragma once

#include <set>
#include <string>
#include <vector>

#include "agent/context.hpp"
#include "agent/files/place.hpp"
#include "agent/packages/dpkg_database.hpp"
#include "agent/packages/variables.hpp"
#include "agent/process/process.hpp"
#include "base/result.hpp"

namespace wright::agent::packages {

/// dpkg, with its frontend lock held so that no apt comes in between. Its programs run to their end when the run is
/// cancelled.
class Dpkg {
 public:
  /// Waits for others, such as an apt that outlived its agent, up to ten minutes. `variables` are for the scripts of
  /// packages that it installs.
  static Result<Dpkg> lock(Context& context, Variables variables = {});

  /// Packages by "name:architecture", out with their configuration, from whatever state they are in.
  Result<> purge(const std::vector<std::string>& keys) const;
  /// Out, but for their configuration; stops their services.
  Result<> remove(const std::vector<std::string>& keys) const;
  /// Package files in, older versions over newer ones too.
  Result<> install(const std::vector<std::string>& files) const;
  /// Finishes what an interrupted dpkg left unconfigured. A package that cannot be finished is no error.
  Result<> finish() const;
  /// Puts dpkg's status file back byte for byte when it says the same of every package but in other words: a package
  /// file's priority and section may be others than those of the archive that the host took them from.
  Result<> put_back_status(const std::string& before) const;
  /// What is wanted of those of `keys` that are there (such as "hold") is again what it was before: installing a
  /// package ends a hold, and of one whose removal was cut short it is still written that it is to go.
  Result<> want_again(const Database& before, const std::set<std::string>& keys) const;

 private:
  Dpkg(Context& context, Descriptor held, Variables variables)
      : context_(&context), held_(std::move(held)), variables_(std::move(variables)) {}
  [[nodiscard]] Result<Finished> run_it(std::vector<std::string> arguments, const std::string& input = {}) const;
  [[nodiscard]] Result<> take_out(const char* how, const std::vector<std::string>& keys) const;

  Context* context_;
  Descriptor held_;
  Variables variables_;
};

}  // namespace wright::agent::packages

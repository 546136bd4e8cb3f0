#include "agent/packages/simulation.hpp"

#include <algorithm>
#include <set>

#include "agent/packages/notes.hpp"
#include "base/nearest.hpp"
#include "base/untrusted.hpp"

namespace wright::agent::packages {
namespace {

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    if (end > 0) out.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

class Simulating {
 public:
  Simulating(std::vector<Wanted> all, const Database& before, Apt& apt)
      : all_(std::move(all)), before_(before), apt_(apt) {}

  Result<Simulation> result() {
    if (auto valid = check(all_); !valid) return failure(valid.error());
    leave_out_what_is_gone();
    if (!apt_.has_lists())
      if (auto updated = apt_.update(); !updated) fetched_ = updated.error();
    while (true) {
      if (all_.empty()) return std::move(out_);
      if (auto expanded = expand_recommends(); !expanded) return failure(expanded.error());
      auto finished = apt_.get(arguments_for(all_, {"--simulate", "-o", "Debug::NoLocking=1"}, out_.recommended));
      if (!finished) return failure(finished.error());
      if (finished->ok()) {
        out_.moves = moves_in(finished->out, before_);
        return std::move(out_);
      }
      const Missing missing = missing_in(finished->err);
      if (!missing.any()) return cannot(*finished);
      auto updated = apt_.update();
      if (!updated) {
        fetched_ = updated.error();
      } else if (*updated) {
        continue;
      }
      if (!put_off(missing)) return unknown(missing, *finished);
    }
  }

 private:
  /// What is not there need not be known to apt for its configuration to be purged.
  void leave_out_what_is_gone() {
    std::erase_if(all_, [](const Wanted& w) { return w.absent && w.gone; });
  }

  /// Those with recommends get theirs by name when others are to be without.
  Result<> expand_recommends() {
    out_.recommended.clear();
    if (!is_mixed(all_)) return {};
    std::vector<Wanted> with;
    std::copy_if(all_.begin(), all_.end(), std::back_inserter(with),
                 [](const Wanted& w) { return w.recommends && !w.absent; });
    auto finished = apt_.get(arguments_for(with, {"--simulate", "-o", "Debug::NoLocking=1"}, {}));
    if (!finished) return failure(finished.error());
    std::set<std::string> named;
    for (const auto& wanted : all_) named.insert(wanted.name);
    for (const auto& [key, version] : moves_in(finished->out, before_).installed)
      if (!named.contains(before_.shown(key))) out_.recommended.push_back(before_.shown(key));
    return {};
  }

  /// Takes those out whose source is declared too; false when one is left that nobody will know.
  bool put_off(const Missing& missing) {
    std::set<std::string> names(missing.packages.begin(), missing.packages.end());
    names.insert(missing.candidates.begin(), missing.candidates.end());
    for (const auto& [name, version] : missing.versions) names.insert(name);
    for (const auto& name : names)
      if (std::none_of(all_.begin(), all_.end(), [&](const Wanted& w) { return w.name == name && w.source_first; }))
        return false;
    std::erase_if(all_, [&](const Wanted& w) { return names.contains(w.name); });
    out_.later.insert(out_.later.end(), names.begin(), names.end());
    return true;
  }

  tl::unexpected<Diagnostics> unknown(const Missing& missing, const Finished& finished) {
    Diagnostics problems;
    auto add = [&](const std::string& name, std::string what, std::string next) {
      problems.add({Severity::error, Fault::failed, "package:" + name, std::move(what), {}, std::move(next)});
    };
    std::vector<std::string> known;
    if (!missing.packages.empty())
      if (const auto names = apt_.cache({"pkgnames"})) known = lines_of(names->out);
    for (const auto& name : missing.packages) {
      const auto near = nearest(name, known);
      add(name, "no source of packages on this host has it",
          near ? "did you mean \"" + *near + "\"?" : "see its name, or add the source that has it before it");
    }
    for (const auto& name : missing.candidates) {
      const auto providers = providers_in(finished.out + finished.err, name);
      add(name, providers.empty() ? "is known by name only: there is none to install" : "is virtual: others provide it",
          providers.empty() ? "see its name, or add the source that has it before it"
                            : "name one of: " + listed(providers));
    }
    for (const auto& [name, version] : missing.versions) {
      const auto madison = apt_.cache({"madison", name});
      const auto versions = madison ? versions_in(madison->out) : std::vector<std::string>();
      add(name, "no source of packages on this host has version " + version,
          versions.empty() ? "see its name" : "there is: " + listed(versions, 12));
    }
    problems.add(fetched_);
    return failure(problems);
  }

  tl::unexpected<Diagnostics> cannot(const Finished& finished) {
    std::string names;
    for (const auto& wanted : all_) names += (names.empty() ? "" : ", ") + wanted.name;
    // apt tells which dependency cannot be met on standard output.
    Finished both = finished;
    both.err = last_lines({0, false, finished.out, {}}, 12) + "\n" + last_lines(finished, 12);
    auto problem = program_failure("package:" + all_.front().name, "apt cannot do this: " + names, both,
                                   before_.broken().empty()
                                       ? "run `apt-get --simulate install` with these names on the host to see more"
                                       : "packages of the host are half installed: run `dpkg --configure -a` there");
    Diagnostics all = problem.value();
    all.add(fetched_);
    return failure(all);
  }

  std::vector<Wanted> all_;
  const Database& before_;
  Apt& apt_;
  Simulation out_;
  Diagnostics fetched_;  ///< why the lists are not fresh
};

}  // namespace

Result<Simulation> simulate(std::vector<Wanted> all, const Database& before, Apt& apt) {
  return Simulating(std::move(all), before, apt).result();
}

}  // namespace wright::agent::packages

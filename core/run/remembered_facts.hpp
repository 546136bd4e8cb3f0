#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "run/evaluation.hpp"

namespace wright {

/// The names of the facts that plugins asked a site's hosts for, so that the next run asks with its first message and
/// waits for no further one. Only names, never what a host answered. They lie in FOLDER/.wright/facts.json; a memory
/// that is not there, damaged or cannot be written costs a run some time and nothing else.
class RememberedFacts {
 public:
  explicit RememberedFacts(const std::string& folder);

  /// What these instances asked for when their options were the same as now, by host.
  [[nodiscard]] std::map<std::string, std::vector<std::string>, std::less<>> names(
      const std::vector<Instance>& instances) const;
  void learn(const Instance& instance, const std::vector<std::string>& names);
  /// Writes what was learned of the instances that were evaluated, when it is another than before. Others keep what is
  /// known of them, unless they are not of the site any more.
  void save(const Site& site, const std::vector<Evaluated>& evaluated);

 private:
  struct Asked {
    std::string options;  ///< digest of the component's options and plugin
    std::set<std::string> names;
    friend bool operator==(const Asked&, const Asked&) = default;
  };

  std::string path_;
  std::map<std::string, Asked> asked_;                    ///< by "component@host"
  std::map<std::string, std::set<std::string>> learned_;  ///< the same, in this run
};

}  // namespace wright

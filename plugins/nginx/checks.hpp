#pragma once

#include <string>
#include <vector>
#include <wright/plugin.hpp>

#include "site_options.hpp"

namespace nginx {

/// Tells problems, each at its option, and knows whether there were any.
class Problems {
 public:
  explicit Problems(wright::Configure& on) : on_(on) {}

  void bad(const std::string& option, const std::string& what);
  /// Each must be one line.
  void lines(const std::string& key, const std::vector<std::string>& all);
  /// Each must be whole directives.
  void directives(const std::string& key, const std::vector<std::string>& all);
  /// Absolute, or empty.
  void absolute(const std::string& key, const std::string& path);
  [[nodiscard]] bool good() const { return good_; }

 private:
  wright::Configure& on_;
  bool good_ = true;
};

/// `at` is the site's place among the options, such as "sites[0].".
void check_site(Problems& on, const std::string& at, const Site& site);

}  // namespace nginx

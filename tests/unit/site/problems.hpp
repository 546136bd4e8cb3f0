#pragma once

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "site/site.hpp"

namespace wright {

/// Each problem of the text as "line:column what | next"; empty when the site is good.
inline std::vector<std::string> problems_of(const std::string& text, const std::vector<std::string>& plugins = {}) {
  Diagnostics warnings;
  const auto site = parse_site(text, "/srv/shop/site.toml", plugins, warnings);
  std::vector<std::string> out;
  if (site) return out;
  for (const auto& one : site.error().items()) {
    EXPECT_EQ(one.fault, Fault::bad_site);
    EXPECT_EQ(one.severity, Severity::error);
    const std::string file = "/srv/shop/site.toml:";
    EXPECT_EQ(one.where.substr(0, file.size()), file) << one.where;
    out.push_back(one.where.substr(std::min(file.size(), one.where.size())) + " " + one.what +
                  (one.next.empty() ? "" : " | " + one.next));
  }
  EXPECT_FALSE(out.empty()) << "a failure without a reason";
  return out;
}

/// A text and the problems it must have: all of them and no other.
struct Case {
  std::string name;
  std::string text;
  std::vector<std::string> problems;
};

inline std::string name_of_case(const ::testing::TestParamInfo<Case>& info) { return info.param.name; }

/// The lines that a test is not about: lines 1 to 5, with host "web" in group "front".
inline const std::string base_site =
    "[site]\n"
    "name = \"shop\"\n"
    "[hosts.web]\n"
    "address = \"192.0.2.1\"\n"
    "groups = [\"front\"]\n";

}  // namespace wright

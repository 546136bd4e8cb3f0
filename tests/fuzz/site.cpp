#include "site/site.hpp"

#include <algorithm>

#include "fuzz/expect.hpp"
#include "site/document.hpp"
#include "site/toml_text.hpp"

namespace {

using namespace wright;

bool stands_before(const Site& site, const std::string& first, std::size_t index) {
  for (std::size_t i = 0; i < index; ++i)
    if (site.components[i].name == first) return true;
  return false;
}

/// What a site that was accepted promises to those that use it.
void check(const Site& site) {
  WRIGHT_EXPECT(!site.name.empty());
  for (std::size_t i = 0; i < site.components.size(); ++i) {
    const auto& component = site.components[i];
    WRIGHT_EXPECT(!component.hosts.empty());
    for (const auto& host : component.hosts) WRIGHT_EXPECT(site.host(host) != nullptr);
    for (const auto& needed : component.requires_) WRIGHT_EXPECT(stands_before(site, needed, i));
    for (const auto& earlier : component.after) WRIGHT_EXPECT(stands_before(site, earlier, i));
    WRIGHT_EXPECT(where_in(site, component, "no.such[3].key").starts_with("site.toml:"));
    Problems problems("again");
    const Node again = parse_document("x = " + to_toml(component.options) + "\n", problems);
    WRIGHT_EXPECT(problems.empty());
    WRIGHT_EXPECT(to_value(again)["x"] == Value(component.options));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Diagnostics warnings;
  const auto site =
      parse_site(std::string(reinterpret_cast<const char*>(data), size), "site.toml", {"nginx", "redis"}, warnings);
  WRIGHT_EXPECT(!warnings.has_errors());
  if (site)
    check(*site);
  else
    WRIGHT_EXPECT(site.error().has_errors());
  return 0;
}

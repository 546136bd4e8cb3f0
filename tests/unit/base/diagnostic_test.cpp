#include "base/diagnostic.hpp"

#include <gtest/gtest.h>

namespace wright {
namespace {

TEST(Diagnostic, HasItsPartsOnLines) {
  EXPECT_EQ(to_text(Diagnostic{Severity::error, Fault::failed, "site.toml:1:2", "is wrong", "one\ntwo", "do this"}),
            "site.toml:1:2: error: is wrong\n    why: one\n      two\n    next: do this");
  EXPECT_EQ(to_text(Diagnostic{Severity::warning, Fault::failed, "", "is odd", "", ""}), "warning: is odd");
}

TEST(Diagnostics, StandUnderEachOther) {
  Diagnostics all;
  all.add({Severity::note, Fault::failed, "a", "x", "", ""});
  all.add({Severity::warning, Fault::failed, "b", "y", "", ""});
  EXPECT_EQ(to_text(all), "a: note: x\nb: warning: y");
  EXPECT_FALSE(all.has_errors());
  all.add(Diagnostics({Severity::error, Fault::locked, "c", "z", "", ""}));
  EXPECT_TRUE(all.has_errors());
  EXPECT_EQ(all.items().size(), 3U);
}

TEST(Diagnostics, FitIntoOneLine) {
  EXPECT_EQ(in_one_line(Diagnostics({Severity::error, Fault::failed, "/bin/x", "cannot start it", "no\nsuch", "look"})),
            "/bin/x: cannot start it: no such");
  EXPECT_EQ(in_one_line(Diagnostics({Severity::error, Fault::failed, "", "is odd", "", ""})), "is odd");
  EXPECT_EQ(in_one_line({}), "");
}

TEST(Fault, HasANameEach) {
  for (const Fault fault : {Fault::failed, Fault::usage, Fault::bad_site, Fault::bad_plugin, Fault::unreachable,
                            Fault::trust, Fault::locked, Fault::stale_plan, Fault::interrupted})
    EXPECT_EQ(fault_named(name_of(fault)), fault) << name_of(fault);
  EXPECT_EQ(fault_named("from a newer agent"), Fault::failed);
}

}  // namespace
}  // namespace wright

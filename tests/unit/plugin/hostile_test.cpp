#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/plugin/fixtures.hpp"

namespace wright::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

// The address sanitizer catches the signal, reports, and ends the process.
#ifdef __SANITIZE_ADDRESS__
constexpr const char* segfault = "ended the process with exit code 1";
// Its loader lets exceptions through, and the worker catches this one; the system's ends the process.
constexpr const char* load_phase = "";
#else
constexpr const char* segfault = "was killed by SIGSEGV (Segmentation fault)";
constexpr const char* load_phase = "load";
#endif

struct Case {
  std::string plugin;
  std::string phase;  ///< named in the message; empty: the file is
  std::string says;
};
void PrintTo(const Case& one, std::ostream* out) { *out << one.plugin; }

/// How a plugin that misbehaves comes back, and that the plugins beside it go on.
class HostilePlugin : public ::testing::TestWithParam<Case> {
 protected:
  std::unique_ptr<Plugins> plugins = start_plugins(std::chrono::milliseconds(1500)).value();

  /// What is said of the plugin at its first problem.
  std::string refusal(const std::string& name) {
    const auto described = plugins->describe(fixture(name));
    if (!described) return check(described.error());
    const auto declared = plugins->evaluate({name, "bad", "web1", {}, {}});
    return declared ? "(it succeeded)" : check(declared.error());
  }

  static std::string check(const Diagnostics& problems) {
    for (const auto& one : problems.items()) EXPECT_EQ(name_of(one.fault), name_of(Fault::bad_plugin)) << to_text(one);
    // The place in the site file is the caller's to say; only the file itself may stand there.
    for (const auto& one : problems.items()) EXPECT_TRUE(one.where.empty() || one.where.ends_with(".so")) << one.where;
    return to_text(problems);
  }
};

TEST_P(HostilePlugin, is_named_with_its_phase_and_the_next_one_works) {
  const Case& one = GetParam();
  const std::string said = refusal(one.plugin);
  const std::string name = one.phase.empty() ? one.plugin + ".so" : "plugin " + one.plugin + ", " + one.phase;
  EXPECT_THAT(said, AllOf(HasSubstr(name), HasSubstr(one.says)));
  const bool ended =
      said.find("was killed by") != std::string::npos || said.find("ended the process") != std::string::npos;
  EXPECT_EQ(said.find("next: this is a bug of the plugin") != std::string::npos, ended);

  const auto next = plugins->describe(fixture("every_kind"));
  ASSERT_TRUE(next) << problems_of(next);
  const auto declared = plugins->evaluate({"every_kind", "good", "web1", {}, {}});
  ASSERT_TRUE(declared) << problems_of(declared);
  EXPECT_FALSE(declared->resources.empty());
}

INSTANTIATE_TEST_SUITE_P(
    , HostilePlugin,
    ::testing::Values(
        Case{"throws_exception", "configure", "boom"}, Case{"throws_int", "configure", "no std::exception"},
        Case{"aborts", "configure", "was killed by SIGABRT"}, Case{"segfaults", "configure", segfault},
        Case{"overflows_stack", "configure", segfault}, Case{"loops", "configure", "did not return within 1.500 s"},
        Case{"exits", "configure", "ended the process with exit code 0"},
        Case{"leaves_child", "configure", "did not return within 1.500 s"},
        Case{"closes_all", "configure", "ended the process with exit code 70"},
        Case{"writes_garbage", "configure", "wrote into the worker's connection"},
        Case{"fails_silently", "configure", "failed without saying why"},
        Case{"waits_for_nothing", "configure", "asked for none"},
        Case{"unknown_status", "configure", "unknown status 77"},
        Case{"probes_early", "configure", "probes belong to verify"}, Case{"unknown_kind", "configure", "\"file\""},
        Case{"crashes_on_load", "load", "was killed by SIGABRT"}, Case{"throws_on_load", load_phase, "early"},
        Case{"next_major", "", "SDK major 2; this wright has SDK major 1"}, Case{"gives_null", "", "returned NULL"},
        Case{"tiny_table", "", "too small"}, Case{"lacks_verify", "", "version, verify"},
        Case{"wrong_name", "", "it is called \"other\""}, Case{"null_options", "", "table of options is broken"},
        Case{"no_entry", "", "does not export wright_plugin_entry_1"}, Case{"missing_symbol", "", "nowhere"}),
    [](const auto& one) { return one.param.plugin; });

TEST_F(HostilePlugin, may_disturb_its_surroundings_without_harm) {
  for (const char* name : {"disturbs", "null_handles"}) {
    ASSERT_TRUE(plugins->describe(fixture(name)));
    const auto declared = plugins->evaluate({name, "bad", "web1", {}, {}});
    EXPECT_TRUE(declared) << problems_of(declared);
  }
  // The worker is still the same process, with the other working directory: paths are absolute.
  EXPECT_TRUE(plugins->describe(fixture("every_kind")));
}

TEST_F(HostilePlugin, that_was_not_described_is_not_evaluated) {
  const auto declared = plugins->evaluate({"plain", "c", "web1", {}, {}});
  ASSERT_FALSE(declared);
  EXPECT_THAT(to_text(declared.error()), HasSubstr("not described"));
}

}  // namespace
}  // namespace wright::testing

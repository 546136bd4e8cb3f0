#include "run/linting.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "unit/run/world.hpp"

namespace wright::testing {
namespace {

using ::testing::HasSubstr;

class Lint : public ::testing::Test {
 protected:
  Lint() {
    PluginDescription page;
    page.name = "page";
    for (const std::string name : {"target", "other"}) {
      Option option;
      option.name = name;
      page.options.push_back(option);
    }
    Option password;
    password.name = "password";
    password.type = OptionType::secret;
    page.options.push_back(password);
    world.plugins["page"] = page;
    world.evaluate = [](const Evaluation& e) -> Result<Declared> {
      Declared declared;
      declared.exports = {{"url", "http://" + e.component}};
      return declared;
    };
  }

  Linted lint(const std::string& components) {
    const Site& site = world.site("[site]\nname = \"t\"\n[hosts.web]\naddress = \"192.0.2.2\"\n" + components);
    const auto run = world.run();
    auto plugins = run.ports.start_plugins();
    EXPECT_TRUE(plugins);
    return wright::lint(site, run.plugin_files, **plugins);
  }

  World world;
};

TEST_F(Lint, SaysWhatThePluginSaysOfAnOptionAndNamesIt) {
  world.evaluate = [](const Evaluation& e) -> Result<Declared> {
    if (e.options.at("target") == Value("good")) return Declared();
    return failure({Severity::error, Fault::bad_site, "target", "is no target", {}, {}});
  };
  EXPECT_TRUE(lint("[components.page]\ntarget = \"good\"\n").errors.empty());
  const auto linted = lint("[components.page]\ntarget = \"bad\"\n");
  ASSERT_EQ(linted.errors.items().size(), 1U);
  EXPECT_THAT(linted.errors.items()[0].where, HasSubstr("site.toml:6:"));
  EXPECT_EQ(linted.errors.items()[0].what, "\"target\": is no target");
}

TEST_F(Lint, LeavesToThePlanWhatAReferenceMayMend) {
  world.evaluate = [](const Evaluation&) -> Result<Declared> {
    Diagnostics problems({Severity::error, Fault::bad_site, "target", "is no target", {}, {}});
    problems.add({Severity::error, Fault::bad_site, "other", "is wrong", {}, {}});
    problems.add({Severity::error, Fault::bad_site, {}, "does not fit together", {}, {}});
    return failure(problems);
  };
  const auto linted = lint("[components.page]\ntarget = \"${host.address}\"\nother = \"x\"\n");
  ASSERT_EQ(linted.errors.items().size(), 1U) << to_text(linted.errors);
  EXPECT_EQ(linted.errors.items()[0].what, "\"other\": is wrong");
}

TEST_F(Lint, AnExportThatIsNotMadeIsAnErrorEvenWhenFactsAreNeeded) {
  world.evaluate = [](const Evaluation& e) -> Result<Declared> {
    Declared declared;
    if (!e.facts.contains("cpus")) declared.missing_facts = {"cpus"};
    if (e.facts.contains("cpus") && !e.facts.contains("apt.candidate:x")) declared.missing_facts = {"apt.candidate:x"};
    if (declared.missing_facts.empty()) declared.exports = {{"url", "u"}};
    return declared;
  };
  const std::string cache = "[components.cache]\n[components.page]\ntarget = \"${cache.";
  EXPECT_TRUE(lint(cache + "url}\"\n").errors.empty());
  const auto linted = lint(cache + "uri}\"\n");
  ASSERT_EQ(linted.errors.items().size(), 1U);
  EXPECT_THAT(linted.errors.items()[0].where, HasSubstr("site.toml:7:"));
  EXPECT_THAT(linted.errors.items()[0].next, HasSubstr("url"));
}

TEST_F(Lint, WhatFailsOnAUsualHostIsNotTold) {
  world.evaluate = [](const Evaluation& e) -> Result<Declared> {
    if (e.facts.contains("cpus")) return failure({Severity::error, Fault::bad_site, "target", "too few", {}, {}});
    Declared declared;
    declared.missing_facts = {"cpus"};
    return declared;
  };
  EXPECT_TRUE(lint("[components.page]\ntarget = \"x\"\n").errors.empty());
}

TEST_F(Lint, SecretsWithoutAValueAreToldAndTheirFileIsNotOpened) {
  const std::string page = "[components.page]\npassword = \"${secret.db}\"\n";
  const auto nameless = lint(page);
  ASSERT_EQ(nameless.errors.items().size(), 1U) << "the site names no file for it";
  EXPECT_THAT(nameless.errors.items()[0].where, HasSubstr("site.toml:6:"));

  const auto with_file = [&](const std::string& content) {
    const Site& site =
        world.site("[site]\nname = \"t\"\nsecrets = \"secrets.x\"\n[hosts.web]\naddress = \"192.0.2.2\"\n" + page);
    std::filesystem::remove(site.secrets);
    if (!content.empty()) {
      std::ofstream(site.secrets) << content;
      std::filesystem::permissions(site.secrets, std::filesystem::perms::owner_read);
    }
    const auto run = world.run();
    auto plugins = run.ports.start_plugins();
    return wright::lint(site, run.plugin_files, **plugins);
  };
  const auto gone = with_file("");
  EXPECT_FALSE(gone.errors.has_errors());
  EXPECT_THAT(to_text(gone.warnings), HasSubstr("is not there"));
  EXPECT_THAT(to_text(with_file("other = \"x\"\n").warnings), HasSubstr("\"db\" has no value"));
  EXPECT_TRUE(with_file("db = \"x\"\n").warnings.empty());
  const auto sealed = with_file("-----BEGIN AGE ENCRYPTED FILE-----\n");
  EXPECT_TRUE(sealed.secrets_unread);
  EXPECT_TRUE(sealed.warnings.empty()) << to_text(sealed.warnings);
}

}  // namespace
}  // namespace wright::testing

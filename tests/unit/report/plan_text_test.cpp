#include "report/plan_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "report/json_lines.hpp"

namespace wright {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Change change(Action action, const std::string& kind, const std::string& name) {
  Change out;
  out.action = action;
  out.id = {kind, name};
  out.components = {"nginx"};
  return out;
}

Plan plan_of_everything() {
  Plan plan;
  plan.host = "web";
  plan.unchanged = 12;
  plan.changes.push_back(change(Action::create, "package", "nginx"));
  plan.changes.back().attributes = {{"version", Value(), "1.22.1-9", "", false}};
  plan.changes.push_back(change(Action::update, "file", "/etc/nginx/nginx.conf"));
  plan.changes.back().attributes = {
      {"mode", 0600, 0644, "", false},
      {"content", Value(), Value(), "--- now\n+++ then\n@@ -1 +1 @@\n-old\n+new\n", false}};
  plan.changes.push_back(change(Action::update, "file", "/etc/nginx/password"));
  plan.changes.back().attributes = {{"content", Value(), Value(), "", true}};
  plan.changes.push_back(change(Action::remove, "file", "/etc/memcached.conf"));
  plan.changes.back().components = {"memcached"};
  plan.changes.back().pruned = true;
  plan.changes.push_back(change(Action::run, "command", "migrate"));
  plan.changes.back().notes = {"cannot be taken back"};
  plan.changes.back().unseen = "Connection refused";
  plan.changes.push_back(change(Action::reload, "service", "nginx"));
  return plan;
}

TEST(PlanText, ARollbackNamesWhatItUndoes) {
  Plan plan;
  plan.host = "web";
  TransactionInfo undone;
  undone.id = "tx1";
  undone.kind = "apply";
  undone.started = "2026-11-23T10:00:00Z";
  undone.components = {"memcached", "nginx"};
  plan.undoes = {undone};
  EXPECT_TRUE(
      plan_text({plan}, Style()).starts_with("web\n  undoes tx1 (apply of 2026-11-23T10:00:00Z: memcached, nginx)\n"));
}

TEST(PlanSummary, IsWhatMustNotBeOverlookedAndNoDiff) {
  Plan plan = plan_of_everything();
  plan.warnings = {"the clock is wrong"};
  const std::string text = plan_summary({plan}, Style());
  const std::string start =
      "web\n  ! the clock is wrong\n  ! command:migrate: cannot be taken back\n"
      "  ! command:migrate: cannot be seen now, and is looked at again when it is its turn: Connection refused\n"
      "remove   web";
  EXPECT_EQ(text.substr(0, start.size()), start);
  EXPECT_THAT(text, HasSubstr(totals_text(totals_of({plan}))));
  EXPECT_THAT(text, Not(HasSubstr("+new")));
  EXPECT_THAT(text, Not(HasSubstr("0600")));
}

TEST(PlanText, IsAsPeopleReadIt) {
  EXPECT_EQ(plan_text({plan_of_everything()}, Style()),
            "web\n"
            "    + package:nginx  (nginx)\n"
            "        version: \"1.22.1-9\"\n"
            "    ~ file:/etc/nginx/nginx.conf  (nginx)\n"
            "        mode: 0600 → 0644\n"
            "        content:\n"
            "          --- now\n"
            "          +++ then\n"
            "          @@ -1 +1 @@\n"
            "          -old\n"
            "          +new\n"
            "    ~ file:/etc/nginx/password  (nginx)\n"
            "        content: (secret, changed)\n"
            "    - file:/etc/memcached.conf  (memcached; no longer in the site file)\n"
            "    > command:migrate  (nginx)\n"
            "        ! cannot be taken back\n"
            "        ! cannot be seen now, and is looked at again when it is its turn: Connection refused\n"
            "    ~ service:nginx  (reload; nginx)\n"
            "\n"
            "remove   web  file:/etc/memcached.conf\n"
            "change   2 file\n"
            "reload   1 service\n"
            "run      1 command\n"
            "create   1 package\n"
            "Plan: 1 to create, 2 to change, 1 to remove, 1 to run, 1 to reload, 12 unchanged.\n");
}

TEST(PlanText, CountsApartWhatPerhapsHappens) {
  Plan plan = plan_of_everything();
  plan.changes.push_back(change(Action::remove, "file", "/etc/nginx/sites-enabled/default"));
  plan.changes.back().conditional = true;
  const std::string text = plan_text({plan}, Style());
  EXPECT_THAT(text, HasSubstr("remove   web  file:/etc/nginx/sites-enabled/default  (perhaps)\n"));
  EXPECT_THAT(text, HasSubstr("1 to remove, 1 to remove if a package brings it, 1 to run"));
  EXPECT_EQ(totals_of({plan}).remove, 1);
  EXPECT_EQ(*plan_from(to_value(plan)), plan);
}

TEST(PlanText, OfNothingIsTheTotalsAlone) {
  Plan plan;
  plan.host = "web";
  plan.unchanged = 7;
  EXPECT_EQ(plan_text({plan}, Style()), "Plan: 0 to create, 0 to change, 0 to remove, 7 unchanged.\n");
}

TEST(PlanText, ShowsNoSecretEvenWhenAHostSentOne) {
  Plan plan;
  plan.host = "web";
  plan.changes.push_back(change(Action::update, "file", "/x"));
  plan.changes.back().attributes = {
      {"content", Secret("canary-a"), Secret("canary-b"), "-canary-a\n+canary-b\n", false},
      {"other", Value(), Value(), "+canary-c", true}};
  EXPECT_THAT(plan_text({plan}, Style(true), true), Not(HasSubstr("canary")));
}

TEST(PlanText, CutsLongDiffsUnlessWhole) {
  std::string diff;
  for (int i = 0; i < 500; ++i) diff += "+line " + std::to_string(i) + "\n";
  Plan plan;
  plan.host = "web";
  plan.changes.push_back(change(Action::create, "file", "/x"));
  plan.changes.back().attributes = {{"content", Value(), Value(), diff, false}};
  EXPECT_THAT(plan_text({plan}, Style()), HasSubstr("... 380 more lines"));
  EXPECT_THAT(plan_text({plan}, Style()), Not(HasSubstr("line 499")));
  EXPECT_THAT(plan_text({plan}, Style(), true), HasSubstr("line 499"));
}

TEST(PlanText, NothingOfAHostReachesTheTerminalAsItIs) {
  const std::string hostile =
      "\x1b[2J\x07\xc2\x9b"
      "31m\xe2\x80\xae\r\xff";
  Plan plan;
  plan.host = hostile;
  plan.warnings = {hostile};
  plan.changes.push_back(change(Action::update, hostile, hostile));
  plan.changes.back().components = {hostile};
  plan.changes.back().notes = {hostile};
  plan.changes.back().attributes = {{hostile, hostile, Value(std::vector<std::string>{hostile}), "", false},
                                    {"content", Value(), Value(), "+" + hostile + "\n", false}};
  TransactionInfo open;
  open.id = hostile;
  open.held_by = hostile;
  plan.interrupted = {open};
  for (const std::string& text : {plan_text({plan}, Style()), json_line("plan", *to_value(plan).as_map())}) {
    EXPECT_EQ(text.find('\x1b'), std::string::npos);
    EXPECT_EQ(text.find('\x07'), std::string::npos);
    EXPECT_EQ(text.find('\r'), std::string::npos);
    EXPECT_EQ(text.find("\xc2\x9b"), std::string::npos);
    EXPECT_EQ(text.find("\xe2\x80\xae"), std::string::npos);
    EXPECT_EQ(text.find('\xff'), std::string::npos);
  }
}

}  // namespace
}  // namespace wright

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "model/encoding.hpp"
#include "report/graph_text.hpp"
#include "report/json_lines.hpp"
#include "report/junit.hpp"
#include "report/next_step.hpp"
#include "report/progress.hpp"
#include "report/tables.hpp"

namespace wright {
namespace {

using ::testing::HasSubstr;

TEST(Diagnostics, AreFourParts) {
  Diagnostics problems(
      {Severity::error, Fault::failed, "web/nginx", "nginx -t failed", "line 1\nline 2", "look at it"});
  EXPECT_EQ(diagnostics_text(problems, Style()),
            "web/nginx: error: nginx -t failed\n"
            "    why: line 1\n"
            "      line 2\n"
            "    next: look at it\n");
}

TEST(Recap, IsAlignedAndListsWhatWasKept) {
  Outcome first;
  first.host = "web";
  first.state = "committed";
  first.changed = 12;
  first.unchanged = 3;
  first.elapsed_ms = 4270;
  first.transaction = "t1";
  Outcome second;
  second.host = "crafter10";
  second.state = "incomplete";
  second.kept = {"/etc/x -> /var/lib/wright/kept/t2/etc/x", "package p: others need it"};
  EXPECT_EQ(recap_text({first, second}, Style()),
            "host       changed  unchanged  time   transaction  result\n"
            "web        12       3          4.2 s  t1           committed\n"
            "crafter10  0        0          0 ms                ROLLBACK INCOMPLETE\n"
            "crafter10: kept, as wright did not write it: /etc/x -> /var/lib/wright/kept/t2/etc/x\n"
            "crafter10: kept: package p: others need it\n");
}

TEST(JsonLine, IsOneLineThatParsesWithSchemaAndType) {
  const std::string line = json_line("event", {{"text", "a\nb\x7f\xc2\x85\xe2\x80\xae"}, {"secret", Secret("canary")}});
  EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1);
  const auto read = from_json(line);
  ASSERT_TRUE(read);
  EXPECT_EQ((*read)["schema"].int_or(0), 1);
  EXPECT_EQ((*read)["type"].text_or(""), "event");
  EXPECT_EQ((*read)["text"].text_or(""), "a\nb\x7f\xc2\x85\xe2\x80\xae") << "the escapes must mean what was there";
  EXPECT_EQ((*read)["secret"].text_or(""), "(secret)");
}

TEST(Event, LinesSayWhatHappened) {
  Event e;
  e.host = "web";
  e.event = "step";
  e.state = "done";
  e.action = "create";
  e.subject = "file:/etc/x";
  e.elapsed_ms = 12;
  EXPECT_EQ(event_text(e, Style(), false), "web  created file:/etc/x  12 ms");
  e.state = "failed";
  e.text = "no space\x1b[0m";
  e.elapsed_ms = 0;
  EXPECT_EQ(event_text(e, Style(), false), "web  FAILED file:/etc/x: no space\\x1b[0m");
  e.event = "probe";
  EXPECT_EQ(event_text(e, Style(), false), "web  FAILED file:/etc/x") << "why is said by the diagnostic";
  e.event = "output";
  EXPECT_EQ(event_text(e, Style(), false), "");
  EXPECT_EQ(event_text(e, Style(), true), "web  | no space\\x1b[0m");
}

TEST(NextStep, NamesTheSiteFileInUse) {
  EXPECT_EQ(naming_site("then wright trust web", "a.toml"), "then wright --site a.toml trust web");
  EXPECT_EQ(naming_site("`wright trust web --replace`", "a.toml"), "`wright --site a.toml trust web --replace`");
  EXPECT_EQ(naming_site("wright plan, or wright apply", "/x/my site's.toml"),
            "wright --site '/x/my site'\\''s.toml' plan, or wright --site '/x/my site'\\''s.toml' apply");
}

TEST(NextStep, LeavesWhatNeedsNoSiteFile) {
  for (const std::string text : {"wright plan --help", "wright docs nginx", "wright owns it", "/usr/bin/wright plan",
                                 "cartwright plan", "see wright", "wright "})
    EXPECT_EQ(naming_site(text, "a.toml"), text);
  EXPECT_EQ(naming_site("wright trust web", ""), "wright trust web");
}

TEST(JUnit, HasACaseForEachAnswerAndEscapes) {
  Event passed;
  passed.host = "web";
  passed.event = "probe";
  passed.state = "done";
  passed.component = "nginx";
  passed.subject = "answers <https>";
  passed.elapsed_ms = 1234;
  Event failed = passed;
  failed.state = "failed";
  failed.subject = "b";
  failed.text = "said \"&\"\x01";
  Event started = passed;
  started.state = "started";
  Outcome outcome;
  outcome.host = "web";
  const std::string xml = junit_xml({passed, started, failed}, {outcome});
  EXPECT_THAT(xml, HasSubstr("<testsuite name=\"web\" tests=\"2\" failures=\"1\""));
  EXPECT_THAT(xml, HasSubstr("name=\"answers &lt;https&gt;\" time=\"1.234\"/>"));
  EXPECT_THAT(xml, HasSubstr("<failure message=\"said &quot;&amp;&quot;\\x01\"/>"));
}

TEST(GraphText, HasEveryEdge) {
  Site site;
  site.name = "t";
  SiteComponent a;
  a.name = a.plugin = "a";
  a.hosts = {"web"};
  SiteComponent b;
  b.name = "b-1";
  b.plugin = "celery";
  b.hosts = {"web", "db"};
  b.requires_ = {"a"};
  b.after = {"a"};
  site.components = {a, b};
  EXPECT_THAT(graph_dot(site), HasSubstr("\"a\" -> \"b-1\";"));
  EXPECT_THAT(graph_dot(site), HasSubstr("\"a\" -> \"b-1\" [style=dashed];"));
  EXPECT_THAT(graph_mermaid(site), HasSubstr("c_a --> c_b_2d1"));
  EXPECT_EQ(graph_lines(site), "a on web\nb-1 on web, db, requires a, after a\n");
}

TEST(Fitted, CountsCharactersNotBytes) {
  EXPECT_EQ(fitted("äöü", 3), "äöü");
  EXPECT_EQ(fitted("äöüß", 3), "äö…");
}

}  // namespace
}  // namespace wright

#include "agent/resources/systemd.hpp"

#include "agent/resources/stopped_units.hpp"
#include "unit/agent_resources/support.hpp"

namespace wright::agent {
namespace {

TEST(Systemd, ReadsBlocksInTheOrderAskedFor) {
  const auto units = units_in(
      "Result=success\nNRestarts=2\nLoadState=loaded\nActiveState=active\nSubState=running\nUnitFileState=enabled\n"
      "CanReload=yes\nNeedDaemonReload=yes\nInvocationID=abc\n\n"
      "LoadState=not-found\nActiveState=inactive\nSubState=dead\nUnitFileState=\nCanReload=no\n\n"
      "LoadState=masked\nActiveState=failed\nFragmentPath=/a=b\n",
      {"a.service", "b.service", "c.service"});
  ASSERT_EQ(units.size(), 3U);
  EXPECT_EQ(units[0].name, "a.service");
  EXPECT_TRUE(units[0].exists() && units[0].running() && units[0].can_reload && units[0].outdated);
  EXPECT_EQ(units[0].restarts, "2");
  EXPECT_EQ(units[0].invocation, "abc");
  EXPECT_EQ(units[1].name, "b.service");
  EXPECT_FALSE(units[1].exists() || units[1].running() || units[1].can_reload || units[1].outdated);
  EXPECT_TRUE(units[2].masked());
  EXPECT_FALSE(units[2].running());
  EXPECT_EQ(units[2].path, "/a=b");
}

TEST_F(ResourceTest, FindsDropInsThatSystemdHasNotRead) {
  Unit unit;
  unit.name = "a.socket";
  EXPECT_FALSE(has_other_drop_ins(unit, root));
  write("systemd/system/a.socket.d/wright.conf", "");
  write("systemd/system/a.socket.d/README", "");
  EXPECT_TRUE(has_other_drop_ins(unit, root));
  unit.drop_ins = "/run/systemd/system/a.socket.d/x.conf " + path("systemd/system/a.socket.d/wright.conf");
  EXPECT_FALSE(has_other_drop_ins(unit, root));
  unit.drop_ins += " " + path("systemd/system/a.socket.d/gone.conf");
  EXPECT_TRUE(has_other_drop_ins(unit, root));
}

TEST_F(ResourceTest, FindsAUnitsFileThatSystemdHasNotRead) {
  Unit unit;
  unit.name = "a.service";
  unit.path = "/lib/systemd/system/a.service";
  EXPECT_FALSE(has_other_file(unit, root));
  std::filesystem::create_directories(path("systemd/system"));
  std::filesystem::create_symlink("/lib/systemd/system/a.service", path("systemd/system/a.service"));
  EXPECT_FALSE(has_other_file(unit, root)) << "another name of the same file";
  std::filesystem::remove(path("systemd/system/a.service"));
  write("systemd/system/a.service", "");
  EXPECT_TRUE(has_other_file(unit, root));
  unit.path = path("systemd/system/a.service");
  EXPECT_FALSE(has_other_file(unit, root));
}

TEST(Systemd, SaysWhyAUnitDoesNotRun) {
  const auto why = [](const std::string& load, const std::string& active, const std::string& result = "success",
                      const std::string& status = "0") {
    Unit unit;
    unit.load = load;
    unit.active = active;
    unit.result = result;
    unit.exit_status = status;
    return why_stopped(unit).value_or("");
  };
  EXPECT_EQ(why("loaded", "active"), "");
  EXPECT_EQ(why("loaded", "reloading"), "");
  EXPECT_EQ(why("loaded", "activating"), "");
  EXPECT_EQ(why("loaded", "inactive"), "does not run: it is inactive");
  EXPECT_EQ(why("loaded", "failed", "signal", "9"), "does not run: it failed (signal, status 9)");
  EXPECT_EQ(why("loaded", "failed"), "does not run: it failed");
  EXPECT_EQ(why("masked", "inactive"), "is masked and does not run");
  EXPECT_EQ(why("not-found", "inactive"), "is not known to systemd");
}

TEST(Systemd, NeverGivesMoreUnitsThanNames) {
  EXPECT_EQ(units_in("LoadState=loaded\n\nLoadState=loaded\n", {"a.service"}).size(), 1U);
  EXPECT_TRUE(units_in("", {"a.service"}).empty());
}

TEST(Systemd, CompletesNames) {
  EXPECT_EQ(unit_name("nginx"), "nginx.service");
  EXPECT_EQ(unit_name("backup.timer"), "backup.timer");
  EXPECT_EQ(unit_name("postgresql@15-main"), "postgresql@15-main.service");
  EXPECT_EQ(unit_name("python3.11"), "python3.11.service");
}

TEST(Systemd, KnowsNamesFromOptionsPatternsAndTemplates) {
  for (const char* good : {"nginx.service", "a@b.service", "dev-sda1.swap", "a\\x2db.mount"})
    EXPECT_TRUE(is_unit_name(good)) << good;
  for (const char* bad :
       {"", "-H.service", "a*.service", "a b.service", "a/b.service", "a@.service", "nginx", "[a].service"})
    EXPECT_FALSE(is_unit_name(bad)) << bad;
}

}  // namespace
}  // namespace wright::agent

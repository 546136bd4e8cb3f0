#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "agent/packages/dpkg_database.hpp"

namespace wright::agent::packages {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

constexpr const char* status =
    "Package: dpkg\nEssential: yes\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.21.22\n"
    "Description: tools\n Version: not this one\n\n"
    "Package: libc6\nStatus: install ok installed\nArchitecture: amd64\nVersion: 2.36\n\n"
    "Package: libc6\nStatus: install ok installed\nArchitecture: i386\nVersion: 2.36\n\n"
    "Package: nginx-common\nStatus: deinstall ok config-files\nArchitecture: all\nVersion: 1.22\n\n"
    "Package: half\nStatus: install reinstreq half-installed\nArchitecture: amd64\nVersion: 1\n\n"
    "Package: gone\nStatus: purge ok not-installed\nArchitecture: amd64\n\n"
    "Package: ../etc\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1\n\n";

class DpkgDatabase : public ::testing::Test {
 protected:
  DpkgDatabase() {
    char name[] = "/tmp/wright-dpkg-XXXXXX";
    folder = mkdtemp(name);
    std::filesystem::create_directories(folder + "/updates");
    std::filesystem::create_directories(folder + "/info");
    write("status", status);
  }
  ~DpkgDatabase() override { std::filesystem::remove_all(folder); }
  void write(const std::string& name, const std::string& text) const { std::ofstream(folder + "/" + name) << text; }
  std::string folder;
};

TEST_F(DpkgDatabase, FindsByNameAndArchitecture) {
  const auto database = Database::read(folder);
  ASSERT_TRUE(database);
  ASSERT_NE(database->find("libc6"), nullptr);
  EXPECT_EQ(database->find("libc6")->architecture, "amd64");
  EXPECT_EQ(database->find("libc6:i386")->architecture, "i386");
  EXPECT_EQ(database->find("dpkg")->version, "1.21.22");
  EXPECT_EQ(database->find("gone"), nullptr);
  EXPECT_EQ(database->find("lib"), nullptr);
  EXPECT_FALSE(database->packages().contains("../etc:amd64"));
  EXPECT_EQ(database->shown("libc6:amd64"), "libc6");
  EXPECT_EQ(database->shown("libc6:i386"), "libc6:i386");
}

TEST_F(DpkgDatabase, TellsWhatIsBrokenAndWhatIsLeft) {
  const auto database = Database::read(folder);
  ASSERT_TRUE(database);
  EXPECT_THAT(database->broken(), ElementsAre("half:amd64"));
  EXPECT_FALSE(database->find("nginx-common")->present());
  EXPECT_TRUE(database->find("half")->present());
  EXPECT_FALSE(database->journaled());
}

TEST_F(DpkgDatabase, CountsWhatAnInterruptedDpkgWroteLast) {
  write("updates/0000", "Package: libc6\nStatus: install ok unpacked\nArchitecture: amd64\nVersion: 2.37\n\n");
  write("updates/0001", "Package: libc6\nStatus: install ok half-configured\nArchitecture: amd64\nVersion: 2.37\n\n");
  write("updates/tmp.i", "Package: libc6\nStatus: purge ok not-installed\nArchitecture: amd64\n\n");
  const auto database = Database::read(folder);
  ASSERT_TRUE(database);
  EXPECT_TRUE(database->journaled());
  EXPECT_EQ(database->find("libc6")->status, "half-configured");
}

TEST_F(DpkgDatabase, PathsOfAPackage) {
  write("info/libc6:amd64.list", "/.\n/lib\n/lib/libc.so.6\n");
  Package libc{"libc6", "amd64", "2.36", "install", "ok", "installed", {}, {}};
  EXPECT_THAT(files_of(libc, folder), ElementsAre("/lib", "/lib/libc.so.6"));
  libc.name = "none";
  EXPECT_THAT(files_of(libc, folder), IsEmpty());
}

TEST(PackageName, IsNothingThatAptTakesForMore) {
  for (const char* good : {"nginx", "g++", "libstdc++6:amd64", "python3.11"})
    EXPECT_TRUE(is_package_name(good)) << good;
  for (const char* bad :
       {"", "a", "-o", "nginx-", "nginx=1", "nginx/sid", "nginx:", "Nginx", "a b", "../x", "x;y", "n*"})
    EXPECT_FALSE(is_package_name(bad)) << bad;
  EXPECT_TRUE(is_version("1:2.3~rc1-4+b1"));
  for (const char* bad : {"", "-1", "1 2", "1;x", "1*"}) EXPECT_FALSE(is_version(bad)) << bad;
}

TEST(Relations, AreNamesOnly) {
  EXPECT_THAT(names_in_relations("libc6 (>= 2.36), default-mta | mail-transport-agent, python3:any (<< 3.12)"),
              UnorderedElementsAre("libc6", "default-mta", "mail-transport-agent", "python3"));
}

}  // namespace
}  // namespace wright::agent::packages

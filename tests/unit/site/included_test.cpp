#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "site/site.hpp"

namespace wright {
namespace {

using ::testing::HasSubstr;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

class Included : public ::testing::Test {
 protected:
  Included() {
    std::string pattern = (std::filesystem::temp_directory_path() / "wright-included-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    std::filesystem::create_directory(folder_ + "/site");
  }
  ~Included() override { std::filesystem::remove_all(folder_); }

  void write(const std::string& name, const std::string& text) const { std::ofstream(folder_ + "/" + name) << text; }
  Result<Site> site(const std::string& options) const {
    write("site/site.toml",
          "[site]\nname = \"shop\"\n[hosts.web]\naddress = \"192.0.2.1\"\n[components.app]\n" + options);
    Diagnostics warnings;
    return load_site(folder_ + "/site/site.toml", {}, warnings);
  }

 private:
  std::string folder_;
};

TEST_F(Included, FilesAreReadFromTheFolderOfTheSiteFile) {
  write("base.txt", "Django\n${secret.x}\n");
  write("site/own.txt", "");
  const auto read = site("a = \"-r\\n${file.../base.txt}\"\nb = [\"${file.own.txt}\", \"${file.own.txt}\"]\n");
  ASSERT_TRUE(read) << to_text(read.error());
  EXPECT_THAT(read->files, UnorderedElementsAre(Pair("../base.txt", "Django\n${secret.x}\n"), Pair("own.txt", "")));
  EXPECT_TRUE(read->secret_names.empty()) << "what stands in a file refers to nothing";
}

TEST_F(Included, WhatIsNoTextIsRefused) {
  for (const std::string& bytes : {std::string("a\xff"), std::string("a\0b", 3)}) {
    write("site/own.txt", bytes);
    const auto read = site("a = \"${file.own.txt}\"\n");
    ASSERT_FALSE(read);
    EXPECT_THAT(to_text(read.error()), HasSubstr("no text in UTF-8"));
  }
  const auto folder = site("a = \"${file...}\"\n");
  ASSERT_FALSE(folder);
  EXPECT_THAT(to_text(folder.error()), HasSubstr("is a folder"));
}

TEST_F(Included, NoComponentHasThatName) {
  const auto read = site("a = 1\n[components.file]\n");
  ASSERT_FALSE(read);
  EXPECT_THAT(to_text(read.error()), HasSubstr("no component can be named \"file\""));
}

}  // namespace
}  // namespace wright

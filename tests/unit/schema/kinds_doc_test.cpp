#include "schema/kinds_doc.hpp"

#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

namespace wright {
namespace {

using ::testing::HasSubstr;

TEST(KindsDoc, NamesEachKindWithItsAttributes) {
  const std::string text = kinds_markdown();
  EXPECT_THAT(text, HasSubstr("### service\n"));
  EXPECT_THAT(text, HasSubstr("| `argv` (required) | list of text |"));
  EXPECT_THAT(text, HasSubstr("## Probes\n\n### tcp\n"));
}

TEST(KindsDoc, TheWrittenOneIsUpToDate) {
  const std::string path = WRIGHT_SOURCE_TREE "/sdk/docs/kinds.md";
  if (std::getenv("WRIGHT_ACCEPT") != nullptr) std::ofstream(path) << kinds_markdown();
  std::ifstream in(path);
  const std::string written((std::istreambuf_iterator<char>(in)), {});
  EXPECT_EQ(written, kinds_markdown()) << "write it anew: WRIGHT_ACCEPT=1 build/dev/tests/schema_test";
}

}  // namespace
}  // namespace wright

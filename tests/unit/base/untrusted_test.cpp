#include "base/untrusted.hpp"

#include <gtest/gtest.h>

namespace wright {
namespace {

using namespace std::string_literals;

std::string shown(std::string bytes) { return Untrusted(std::move(bytes)).for_terminal(); }

TEST(Untrusted, ShowsTextAsItIs) {
  const std::string text = "a line\n\tключ € 𝄞 e\xCC\x81";
  EXPECT_EQ(shown(text), text);
  EXPECT_EQ(shown(""), "");
}

TEST(Untrusted, EscapesWhatSteersATerminal) {
  EXPECT_EQ(shown("\x1b]0;title\x07"), "\\x1b]0;title\\x07");                  // OSC: window title
  EXPECT_EQ(shown("\x1b]52;c;ZXZpbA==\x1b\\"), "\\x1b]52;c;ZXZpbA==\\x1b\\");  // OSC: clipboard
  EXPECT_EQ(shown("\x1b[2J\x1b[1;31m"), "\\x1b[2J\\x1b[1;31m");                // CSI: erase, colour
  EXPECT_EQ(shown("safe\roverwritten"), "safe\\x0doverwritten");
  EXPECT_EQ(shown("a\bb\x7F"), "a\\x08b\\x7f");
  EXPECT_EQ(shown("a\0b"s), "a\\x00b");
}

TEST(Untrusted, EscapesTheEightBitForms) {
  EXPECT_EQ(shown("\xC2\x9B"
                  "2J"),
            "\\xc2\\x9b2J");  // CSI as U+009B
  EXPECT_EQ(shown("\x9B"
                  "2J"),
            "\\x9b2J");                      // and as a byte of Latin-1
  EXPECT_EQ(shown("\xC2\xA0"), "\xC2\xA0");  // the first that is no control
}

TEST(Untrusted, EscapesWhatReordersText) {
  for (const char* mark : {"\xE2\x80\xA8", "\xE2\x80\xA9", "\xE2\x80\xAA", "\xE2\x80\xAE", "\xE2\x81\xA6",
                           "\xE2\x81\xA9", "\xE2\x80\x8E", "\xE2\x80\x8F", "\xD8\x9C"})
    EXPECT_EQ(shown(mark).substr(0, 2), "\\x") << shown(mark);
  EXPECT_EQ(shown("\xE2\x80\xAE"), "\\xe2\\x80\\xae");
  EXPECT_EQ(shown("\xE2\x80\xA7\xE2\x80\xAF\xE2\x81\xA5"), "\xE2\x80\xA7\xE2\x80\xAF\xE2\x81\xA5")
      << "their neighbours stay";
}

TEST(Untrusted, EscapesWhatIsNoUtf8) {
  EXPECT_EQ(shown("a\xFF\xFE"), "a\\xff\\xfe");
  EXPECT_EQ(shown("\xC0\xAF"), "\\xc0\\xaf");           // overlong "/"
  EXPECT_EQ(shown("\xE0\x80\xAF"), "\\xe0\\x80\\xaf");  // overlong, three bytes
  EXPECT_EQ(shown("\xF0\x80\x80\xAF"), "\\xf0\\x80\\x80\\xaf");
  EXPECT_EQ(shown("\xED\xA0\x80"), "\\xed\\xa0\\x80");           // a surrogate
  EXPECT_EQ(shown("\xF4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80");  // beyond U+10FFFF
  EXPECT_EQ(shown("\xE2\x82"), "\\xe2\\x82");                    // cut off
  EXPECT_EQ(shown("\xE2\x82z"), "\\xe2\\x82z");
  EXPECT_EQ(shown("\x80"), "\\x80");
}

TEST(Untrusted, StopsAtTheLimitWithoutSplittingACharacter) {
  EXPECT_EQ(Untrusted("abcdef").for_terminal(3), "abc");
  EXPECT_EQ(Untrusted("€€€").for_terminal(4), "€€");
  EXPECT_EQ(Untrusted(std::string(1 << 20, 'x')).for_terminal().size(), 64U * 1024);
}

TEST(Untrusted, KeepsTheBytes) { EXPECT_EQ(Untrusted("\x1b\0x"s).bytes(), "\x1b\0x"s); }

}  // namespace
}  // namespace wright

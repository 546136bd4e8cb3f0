#include "agent/journal/lock.hpp"

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <thread>

#include "unit/agent/world.hpp"

namespace wright::agent::testing {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;

TEST(HostLock, TheSecondIsToldWhoHoldsIt) {
  World world;
  const auto first = HostLock::take(world.context(), "ann@laptop", "run-1", milliseconds(0));
  ASSERT_TRUE(first) << to_text(first.error());
  const auto second = HostLock::take(world.context(), "bob@desk", "run-2", milliseconds(0));
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().items().front().fault, Fault::locked);
  EXPECT_THAT(to_text(second.error()), HasSubstr("ann@laptop"));
  EXPECT_THAT(to_text(second.error()), HasSubstr("run-1"));
}

TEST(HostLock, ItsHolderIsKnownToWhoOnlyLooks) {
  World world;
  EXPECT_EQ(HostLock::holder(world.context()), "");
  {
    const auto held = HostLock::take(world.context(), "ann@laptop", "run-1", milliseconds(0));
    ASSERT_TRUE(held);
    EXPECT_THAT(HostLock::holder(world.context()), HasSubstr("ann@laptop"));
  }
  EXPECT_EQ(HostLock::holder(world.context()), "") << "the file is there, but nobody holds it";
}

TEST(HostLock, IsFreeAgainWhenItsHolderEndsOrIsKilled) {
  World world;
  {
    const auto first = HostLock::take(world.context(), "ann@laptop", "run-1", milliseconds(0));
    ASSERT_TRUE(first);
  }
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto held = HostLock::take(world.context(), "dead", "run-2", milliseconds(0));
    (void)!::write(ready[1], "x", 1);
    ::pause();
    ::_exit(held ? 0 : 1);
  }
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  EXPECT_FALSE(HostLock::take(world.context(), "bob", "run-3", milliseconds(0)));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_TRUE(HostLock::take(world.context(), "bob", "run-3", milliseconds(0)));
}

TEST(HostLock, AWaitEndsWhenTheHolderLetsGo) {
  World world;
  auto first = HostLock::take(world.context(), "ann", "run-1", milliseconds(0));
  ASSERT_TRUE(first);
  std::thread later([&] {
    std::this_thread::sleep_for(milliseconds(100));
    *first = HostLock();
  });
  EXPECT_TRUE(HostLock::take(world.context(), "bob", "run-2", milliseconds(20000)));
  later.join();
}

}  // namespace
}  // namespace wright::agent::testing

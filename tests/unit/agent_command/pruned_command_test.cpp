#include <gmock/gmock.h>

#include "unit/agent_command/host_folder.hpp"

namespace wright::agent {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// A command leaves the site and comes back with a rollback of that.
class PrunedCommandTest : public HostFolder {
 protected:
  Resource command(Value::Map attributes) {
    Resource resource;
    resource.id = {"command", "work"};
    resource.attributes = std::move(attributes);
    resource.attributes["argv"] =
        shell("mkdir -p " + path("made") + " && echo done >> " + path("made/file") + "; echo run >> " + path("log"));
    resource.attributes["undo"] = Value(std::vector<std::string>{"/bin/rm", "-rf", path("made")});
    return resource;
  }

  /// Takes `made` back as a prune does; what the prune's own undo is given.
  UndoRecord prune(const Resource& resource, const UndoRecord& made) {
    context.transaction = "t2";
    // The journal knows nothing secret of it.
    Resource known = resource;
    std::erase_if(known.attributes, [](const auto& attribute) { return attribute.second.has_secret(); });
    const Item items[] = {look(*kind, known)};
    const UndoRecord reversals[] = {made};
    auto prepared = kind->prepare_prune(items, reversals, context);
    EXPECT_TRUE(prepared) << problem_of(prepared);
    UndoRecord undo = made;
    undo.prune = *prepared;
    for (int run = 0; run < 2; ++run) {
      const auto undone = kind->undo(undo, context);
      EXPECT_TRUE(undone) << problem_of(undone);
    }
    return {{resource.id}, *prepared, {}, {}};
  }

  std::unique_ptr<Kind> kind = make_command_kind();
};

TEST_F(PrunedCommandTest, WhatItMadeGoesAsideAndComesBack) {
  const Resource resource = command(
      {{"makes", Value(std::vector<std::string>{path("made"), path("never")})}, {"stamp", Secret("of secrets")}});
  const Made made = make(*kind, resource);
  ASSERT_TRUE(made.result) << problem_of(made.result);
  write("made/file", "changed since\n");
  const UndoRecord reversals[] = {made.record};
  const auto notes = kind->besides(reversals, true, context);
  ASSERT_TRUE(notes);
  EXPECT_THAT(notes->at(resource.id), ElementsAre("what is in " + path("made") + " is moved aside, not deleted",
                                                  "what is in " + path("never") + " is moved aside, not deleted"));
  const UndoRecord back = prune(resource, made.record);
  EXPECT_FALSE(exists("made"));
  EXPECT_EQ(look(*kind, resource).difference.action, Action::run);
  EXPECT_THAT(context.quarantined, ElementsAre(HasSubstr(path("made") + " -> ")));
  // The undo of a folder of its own makes an empty one first.
  std::filesystem::create_directory(path("made"));
  for (int run = 0; run < 2; ++run) {
    ASSERT_TRUE(kind->undo(back, context));
    ASSERT_TRUE(kind->settle(back, context));
    EXPECT_EQ(read("made/file"), "changed since\n");
  }
  EXPECT_EQ(look(*kind, resource).difference.action, Action::none) << "it is done for its stamp";
  EXPECT_EQ(read("log"), "run\n");
}

TEST_F(PrunedCommandTest, WhatNobodySaysItMadeIsMadeAgain) {
  const Resource resource = command({{"creates", path("made/file")}});
  const Made made = make(*kind, resource);
  ASSERT_TRUE(made.result) << problem_of(made.result);
  const UndoRecord back = prune(resource, made.record);
  EXPECT_FALSE(exists("made"));
  for (int run = 0; run < 2; ++run) {
    ASSERT_TRUE(kind->undo(back, context));
    const auto settled = kind->settle(back, context);
    ASSERT_TRUE(settled) << problem_of(settled);
    EXPECT_EQ(read("made/file"), "done\n");
  }
  EXPECT_EQ(read("log"), "run\nrun\n");
}

TEST_F(PrunedCommandTest, OneWhoseUndoDoesNothingIsNotRunAgain) {
  Resource resource = command({});
  resource.attributes["undo"] = Value(std::vector<std::string>{"/bin/true"});
  const Made made = make(*kind, resource);
  const UndoRecord back = prune(resource, made.record);
  ASSERT_TRUE(kind->undo(back, context));
  ASSERT_TRUE(kind->settle(back, context));
  EXPECT_EQ(read("log"), "run\n");
}

// Nothing that was not undone is done twice: the agent was killed before it began, or a rollback is tried again.
TEST_F(PrunedCommandTest, OneThatWasNotTakenBackIsNotRunAgain) {
  const Resource resource = command({{"stamp", "v1"}});
  const Made made = make(*kind, resource);
  context.transaction = "t2";
  const Item items[] = {look(*kind, resource)};
  const UndoRecord reversals[] = {made.record};
  const auto prepared = kind->prepare_prune(items, reversals, context);
  ASSERT_TRUE(prepared);
  const UndoRecord back{{resource.id}, *prepared, {}, {}};
  for (int run = 0; run < 2; ++run) {
    ASSERT_TRUE(kind->undo(back, context));
    ASSERT_TRUE(kind->settle(back, context));
  }
  EXPECT_EQ(read("log"), "run\n");
  EXPECT_EQ(look(*kind, resource).difference.action, Action::none);
}

TEST_F(PrunedCommandTest, OneThatReadASecretIsNotRunAgainWithoutIt) {
  const Resource resource = command({{"stdin", Secret("key")}});
  const Made made = make(*kind, resource);
  const UndoRecord reversals[] = {made.record};
  const auto notes = kind->besides(reversals, true, context);
  ASSERT_TRUE(notes);
  EXPECT_THAT(notes->at(resource.id), ElementsAre("its own undo is run, for good"));
  const UndoRecord back = prune(resource, made.record);
  ASSERT_TRUE(kind->undo(back, context));
  ASSERT_TRUE(kind->settle(back, context));
  EXPECT_EQ(read("log"), "run\n");
}

TEST_F(PrunedCommandTest, WhatHappensToItsWorkIsSaid) {
  const Resource resource = command({});
  Resource lasting = command({});
  lasting.attributes.erase("undo");
  for (const auto& [one, words] :
       {std::pair{resource, "its own undo is run"}, std::pair{lasting, "is not run: what it did stays"}}) {
    const Made made = make(*kind, one);
    const UndoRecord reversals[] = {made.record};
    for (const bool in_prune : {true, false}) {
      const auto notes = kind->besides(reversals, in_prune, context);
      ASSERT_TRUE(notes);
      EXPECT_THAT(notes->at(one.id), ElementsAre(words));
    }
  }
}

}  // namespace
}  // namespace wright::agent

#include "agent/resources/stamps.hpp"
#include "unit/agent_sql/sql_server.hpp"

namespace wright::agent {
namespace {

TEST(SqlIdentity, WhatWasMadeIsToldFromAnotherOfTheSameName) {
  Server server;
  const auto resource = server.resource({{"identity", true}});
  const Stamps stamps(server.context, resource.id);
  const Item created = server.look(resource);
  const auto undo = server.kind.prepare(std::span(&created, 1), server.context);
  ASSERT_TRUE(undo);
  server.row("next", {"LOGIN", "", "", "7/1"});
  ASSERT_TRUE(server.kind.change(std::span(&created, 1), *undo, server.context));
  EXPECT_EQ(**stamps.made(), "7/1\nt1");
  EXPECT_EQ(server.look(resource).difference.action, Action::none);

  // Somebody has dropped it and made one that looks the same.
  server.row("row", {"LOGIN", "", "", "7/2"});
  server.row("next", {"LOGIN", "", "", "7/2"});
  const Item other = server.look(resource);
  ASSERT_EQ(other.difference.action, Action::update);
  EXPECT_EQ(other.difference.attributes[0].name, "identity");
  server.context.transaction = "t2";
  const auto undo_other = server.kind.prepare(std::span(&other, 1), server.context);
  ASSERT_TRUE(undo_other);
  ASSERT_TRUE(server.kind.change(std::span(&other, 1), *undo_other, server.context));
  EXPECT_EQ(**stamps.made(), "7/2\nt2");
  ASSERT_TRUE(server.kind.undo({{resource.id}, *undo_other, Value(true), {}}, server.context));
  EXPECT_EQ(**stamps.made(), "7/1\nt1");
  ASSERT_TRUE(server.kind.undo({{resource.id}, *undo, Value(true), {}}, server.context));
  EXPECT_FALSE(stamps.made()->has_value());
}

TEST(SqlIdentity, WhatARollbackBringsBackIsTheOneThatWasMade) {
  Server server;
  const auto resource = server.resource({{"identity", true}});
  const Stamps stamps(server.context, resource.id);
  ASSERT_TRUE(stamps.set_made("7/1\nt1"));
  server.row("row", {"LOGIN", "CREATE ROLE board;", "", "7/1"});
  const Item there = server.look(resource);
  server.context.transaction = "t2";
  const auto removal = server.kind.prepare(std::span(&there, 1), server.context);
  ASSERT_TRUE(removal);
  // Dropped, and made anew by the undo: the server counts on.
  server.row("row", {"LOGIN", "CREATE ROLE board;", "", "7/9"});
  ASSERT_TRUE(server.kind.undo({{resource.id}, *removal, Value(true), {}}, server.context));
  EXPECT_EQ(**stamps.made(), "7/9\nt1");
  const Item back = server.look(resource);
  EXPECT_EQ(back.difference.action, Action::none);
  EXPECT_EQ(back.observed.state, there.observed.state) << "a later rollback would call it changed by somebody else";
}

TEST(SqlIdentity, WhatWasThereBeforeIsNotTakenForMade) {
  Server server;
  const auto resource = server.resource({{"identity", true}});
  server.row("row", {"NOLOGIN", "", "", "7/1"});
  server.row("next", {"LOGIN", "", "", "7/1"});
  const Item item = server.look(resource);
  const auto undo = server.kind.prepare(std::span(&item, 1), server.context);
  ASSERT_TRUE(server.kind.change(std::span(&item, 1), *undo, server.context));
  EXPECT_FALSE(Stamps(server.context, resource.id).made()->has_value());
}

}  // namespace
}  // namespace wright::agent

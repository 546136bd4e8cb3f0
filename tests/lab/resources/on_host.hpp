#pragma once

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "agent/process/process.hpp"
#include "agent/resources/kinds.hpp"

namespace wright::agent {

/// Changes the very host that it runs on: only for hosts of the lab.
class OnHost : public ::testing::Test {
 protected:
  OnHost() {
    context.transaction = "test";
    context.cancellation = &cancellation;
  }

  struct Made {
    UndoRecord record;
    Result<Value> result;
  };

  Item look(Kind& kind, const Resource& resource) {
    context.request.clear();
    const Resource* one[] = {&resource};
    auto seen = kind.look(one, context);
    EXPECT_TRUE(seen) << to_text(seen ? Diagnostics() : seen.error());
    Item item;
    item.resource = &resource;
    if (seen) item.observed = seen->front();
    item.difference = kind.compare(resource, item.observed);
    return item;
  }
  bool holds(Kind& kind, const Resource& resource) { return look(kind, resource).difference.action == Action::none; }

  Made make(Kind& kind, const Item& item) {
    const Item items[] = {item};
    auto undo = kind.prepare(items, context);
    EXPECT_TRUE(undo) << to_text(undo ? Diagnostics() : undo.error());
    Made made{{{item.resource->id}, undo ? *undo : Value(), {}, {}}, Value()};
    made.result = kind.change(items, made.record.undo, context);
    if (made.result) made.record.done = *made.result;
    context.request.clear();
    return made;
  }
  Made make(Kind& kind, const Resource& resource) { return make(kind, look(kind, resource)); }
  Made told(Kind& kind, const Resource& resource, Action action) {
    Item item = look(kind, resource);
    item.difference = {};
    item.difference.action = action;
    return make(kind, item);
  }

  /// The change in a process that is killed after so long; what it started lives on, as on a real host.
  UndoRecord make_killed(Kind& kind, const Resource& resource, std::chrono::milliseconds after) {
    const Item items[] = {look(kind, resource)};
    auto undo = kind.prepare(items, context);
    EXPECT_TRUE(undo) << to_text(undo ? Diagnostics() : undo.error());
    if (!undo) return {};
    const pid_t child = ::fork();
    if (child == 0) {
      (void)kind.change(items, *undo, context);
      ::_exit(0);
    }
    ::usleep(static_cast<useconds_t>(after.count() * 1000));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    context.request.clear();
    return {{resource.id}, *undo, {}, {}};
  }

  /// As a rollback does: all undone, newest first, then all settled, oldest first.
  void take_back(Kind& kind, const std::vector<UndoRecord>& oldest_first) {
    for (auto record = oldest_first.rbegin(); record != oldest_first.rend(); ++record) {
      context.request.clear();
      auto undone = kind.undo(*record, context);
      EXPECT_TRUE(undone) << to_text(undone ? Diagnostics() : undone.error());
    }
    context.request.clear();
    for (const auto& record : oldest_first) {
      auto settled = kind.settle(record, context);
      EXPECT_TRUE(settled) << to_text(settled ? Diagnostics() : settled.error());
    }
    context.request.clear();
  }

  /// What a shell command prints, without the last newline.
  std::string shell(const std::string& script) {
    Command command;
    command.argv = {"/bin/sh", "-c", script};
    const auto finished = run(command, context);
    if (!finished) return to_text(finished.error());
    std::string out = finished->out + finished->err;
    if (out.ends_with('\n')) out.pop_back();
    return out;
  }
  static void write(const std::string& path, const std::string& content) { std::ofstream(path) << content; }
  static std::string read(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  Cancellation cancellation;
  Context context;
};

inline std::string problem_of(const Result<Value>& result) { return result ? std::string() : to_text(result.error()); }

}  // namespace wright::agent

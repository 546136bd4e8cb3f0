#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "agent/resources/kinds.hpp"

namespace wright::agent {

/// A folder that stands for a host's file system, with a state folder in it; gone after the test.
class HostFolder : public ::testing::Test {
 protected:
  HostFolder() {
    std::string name = "/tmp/wright-test-XXXXXX";
    root = ::mkdtemp(name.data());
    context.state_folder = root + "/state";
    context.blobs = Blobs(root + "/state/blobs");
    context.transaction = "t1";
    context.cancellation = &cancellation;
  }
  ~HostFolder() override { std::filesystem::remove_all(root); }

  [[nodiscard]] std::string path(const std::string& name) const { return root + "/" + name; }
  void write(const std::string& name, const std::string& content) const {
    std::filesystem::create_directories(std::filesystem::path(path(name)).parent_path());
    std::ofstream(path(name), std::ios::binary) << content;
  }
  [[nodiscard]] std::string read(const std::string& name) const {
    std::ifstream in(path(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  [[nodiscard]] bool exists(const std::string& name) const {
    return std::filesystem::exists(std::filesystem::symlink_status(path(name)));
  }
  /// A shell script as argv, for programs that tests need.
  static Value shell(const std::string& script) { return Value(std::vector<std::string>{"/bin/sh", "-c", script}); }

  Item look(Kind& kind, const Resource& resource) {
    const Resource* one[] = {&resource};
    auto seen = kind.look(one, context);
    EXPECT_TRUE(seen) << to_text(seen ? Diagnostics() : seen.error());
    Item item;
    item.resource = &resource;
    if (seen) item.observed = seen->front();
    item.difference = kind.compare(resource, item.observed);
    return item;
  }
  struct Made {
    UndoRecord record;
    Result<Value> result;
  };
  /// One step as a transaction makes it: prepare, change, and the record that its undo would get.
  Made make(Kind& kind, const Resource& resource) {
    const Item items[] = {look(kind, resource)};
    auto undo = kind.prepare(items, context);
    EXPECT_TRUE(undo) << to_text(undo ? Diagnostics() : undo.error());
    Made made{{{resource.id}, undo ? *undo : Value(), {}, {}}, Value()};
    made.result = kind.change(items, made.record.undo, context);
    if (made.result) made.record.done = *made.result;
    return made;
  }

  std::string root;
  Cancellation cancellation;
  Context context;
};

inline std::string text_of(const Diagnostics& problems) { return to_text(problems); }
template <class T>
std::string problem_of(const Result<T>& result) {
  return result ? std::string() : to_text(result.error());
}

}  // namespace wright::agent

#pragma once

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "unit/agent_command/host_folder.hpp"

namespace wright::agent {

/// Resources in a folder of the test's own. Owner and group are the test's own user, so that it needs no root.
class ResourceTest : public HostFolder {
 protected:
  static Resource resource(const std::string& kind, const std::string& name, Value::Map attributes = {}) {
    Resource made;
    made.id = {kind, name};
    made.attributes = std::move(attributes);
    return made;
  }
  [[nodiscard]] Resource at(const std::string& kind, const std::string& name, Value::Map attributes = {}) const {
    attributes.emplace("owner", std::to_string(::getuid()));
    attributes.emplace("group", std::to_string(::getgid()));
    return resource(kind, path(name), std::move(attributes));
  }
  void expect_undone(Kind& kind, const Made& made) {
    context.request.clear();
    const auto undone = kind.undo(made.record, context);
    EXPECT_TRUE(undone) << (undone ? "" : to_text(undone.error()));
  }
  [[nodiscard]] mode_t mode_of(const std::string& name) const {
    struct stat seen {};
    EXPECT_EQ(::lstat(path(name).c_str(), &seen), 0) << name;
    return seen.st_mode & 07777;
  }
  [[nodiscard]] std::int64_t time_of(const std::string& name) const {
    struct stat seen {};
    EXPECT_EQ(::lstat(path(name).c_str(), &seen), 0) << name;
    return seen.st_mtim.tv_sec * 1'000'000'000 + seen.st_mtim.tv_nsec;
  }
  void set_extended(const std::string& name, const char* attribute, const std::string& value) const {
    ASSERT_EQ(::setxattr(path(name).c_str(), attribute, value.data(), value.size(), 0), 0) << std::strerror(errno);
  }
  /// Empty when it has none of that name.
  [[nodiscard]] std::string extended(const std::string& name, const char* attribute) const {
    std::string value(4096, '\0');
    const ssize_t size = ::getxattr(path(name).c_str(), attribute, value.data(), value.size());
    value.resize(static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
    return value;
  }
  /// An observed state as look() makes it.
  static Observed seen(Value::Map state) { return {true, std::move(state), {}}; }
  static std::vector<std::string> names_of(const Difference& difference) {
    std::vector<std::string> names;
    for (const auto& attribute : difference.attributes) names.push_back(attribute.name);
    return names;
  }
};

}  // namespace wright::agent

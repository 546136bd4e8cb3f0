#pragma once

#include <optional>
#include <string>

#include "agent/context.hpp"
#include "base/result.hpp"
#include "model/resource.hpp"

namespace wright::agent {

/// What is remembered of a resource between requests: STATE/stamps/<sha256 of its id>, 0600, written atomically.
class Stamps {
 public:
  Stamps(const Context& context, const ResourceId& id);

  /// The value of `stamp` that it was last done for.
  [[nodiscard]] Result<std::optional<std::string>> done_for() const;
  [[nodiscard]] Result<> set_done_for(const std::optional<std::string>& stamp) const;

  /// The transaction in which it was started last: what tells a command that may have run from one that never began.
  [[nodiscard]] Result<std::string> began_in() const;
  [[nodiscard]] Result<> set_began_in(const std::string& transaction) const;

  /// Which one of that name it was when wright made it, and in which transaction: another text for each making.
  [[nodiscard]] Result<std::optional<std::string>> made() const;
  [[nodiscard]] Result<> set_made(const std::optional<std::string>& making) const;

  /// What was closed to its users before it goes, and how it was before that.
  [[nodiscard]] Result<std::optional<std::string>> closed() const;
  [[nodiscard]] Result<> set_closed(const std::optional<std::string>& before) const;

  /// What an undo made anew, and whose undo it was: that one has not to make it a second time.
  [[nodiscard]] Result<std::optional<std::string>> returned() const;
  [[nodiscard]] Result<> set_returned(const std::optional<std::string>& which) const;

 private:
  [[nodiscard]] Result<std::optional<std::string>> read(const std::string& path) const;
  [[nodiscard]] Result<> write(const std::string& path, const std::optional<std::string>& text) const;

  std::string folder_;
  std::string path_;
};

}  // namespace wright::agent

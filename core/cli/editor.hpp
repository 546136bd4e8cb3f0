#pragma once

#include <sys/types.h>

#include <mutex>
#include <string>

#include "base/result.hpp"

namespace wright {

/// An error when no editor is named in the environment and there is no terminal for a usual one.
Result<> can_edit();

/// The user's editor: $VISUAL, else $EDITOR, else what the system has. It has the terminal, and Ctrl-C and Ctrl-\ are
/// its own while it runs. vim is told to keep nothing outside of the file's folder.
class Editor {
 public:
  /// Until the user leaves it. An error when it cannot be started or ends with another code than 0.
  Result<> edit(const std::string& path);
  /// Ends a running editor, gently and then by force; at most a second or so. From another thread.
  void end();

 private:
  Result<pid_t> start(const std::string& path);
  std::mutex mutex_;
  pid_t child_ = -1;
};

}  // namespace wright

#pragma once

#include <memory>
#include <string>

#include "base/result.hpp"

namespace wright {

/// A folder in memory (tmpfs) that only the caller can enter, removed with all it holds when the object goes.
class PrivateFolder {
 public:
  static Result<std::unique_ptr<PrivateFolder>> make();
  PrivateFolder(const PrivateFolder&) = delete;
  PrivateFolder& operator=(const PrivateFolder&) = delete;
  ~PrivateFolder();

  [[nodiscard]] const std::string& path() const { return path_; }
  /// Any number of times, from any thread.
  void remove() const;

 private:
  PrivateFolder(std::string path, int lock) : path_(std::move(path)), lock_(lock) {}
  std::string path_;
  int lock_;  ///< held for as long as the process lives: what is left of a killed one has none
};

/// Removes the caller's folders whose process was killed.
void sweep_private_folders();

}  // namespace wright

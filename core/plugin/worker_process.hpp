#pragma once

#include <sys/types.h>

#include <chrono>
#include <memory>
#include <string>

#include "plugin/channel.hpp"

namespace wright {

/// A running worker, killed with all it started when this object goes.
class WorkerProcess {
 public:
  /// Starts the program with an empty environment, its output to /dev/null and its errors to a file in memory.
  static Result<std::unique_ptr<WorkerProcess>> start(const std::string& program, std::chrono::milliseconds deadline);
  ~WorkerProcess();
  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;

  Channel& channel() { return channel_; }

  /// For a worker that hung up: how it ended, such as "was killed by SIGSEGV (Segmentation fault)", "ended the process
  /// with exit code 0", or "closed the worker's connection". What is left of it is killed.
  std::string farewell();
  /// Kills it with all it started.
  void kill();
  /// The last lines it wrote to its standard error, made safe for a terminal.
  [[nodiscard]] std::string last_words() const;

 private:
  WorkerProcess(pid_t pid, int socket, int errors) : pid_(pid), channel_(socket), errors_(errors) {}

  pid_t pid_;
  Channel channel_;
  int errors_;
};

}  // namespace wright

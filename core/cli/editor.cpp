#include "cli/editor.hpp"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <thread>
#include <vector>

namespace wright {
namespace {

namespace fs = std::filesystem;

std::string environment(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nothing here sets the environment
  return value == nullptr ? "" : value;
}

/// The program of that name in PATH, with its links followed: "vi" may be vim. Empty when there is none.
std::string program_named(const std::string& name) {
  std::error_code error;
  if (name.find('/') != std::string::npos) return fs::canonical(name, error).string();
  const std::string path = environment("PATH");
  for (std::size_t at = 0; at <= path.size();) {
    const std::size_t end = std::min(path.find(':', at), path.size());
    const std::string candidate = path.substr(at, end - at) + "/" + name;
    if (::access(candidate.c_str(), X_OK) == 0) return fs::canonical(candidate, error).string();
    at = end + 1;
  }
  return {};
}

/// A command for the shell, as it is usual for these variables: "code --wait".
std::string named_editor() {
  for (const char* name : {"VISUAL", "EDITOR"})
    if (std::string given = environment(name); given.find_first_not_of(" \t") != std::string::npos) return given;
  return {};
}

/// One that is there anyway. It needs a terminal; one that was named may do without.
std::string usual_editor() {
  for (const char* name : {"editor", "nano", "vi"})
    if (!program_named(name).empty()) return name;
  return {};
}

bool is_vim(const std::string& name) {
  const std::string program = fs::path(program_named(name)).filename().string();
  return program.starts_with("vim") || program == "nvim";
}

std::vector<std::string> split_at_blanks(const std::string& text) {
  std::vector<std::string> words;
  for (std::size_t at = text.find_first_not_of(" \t"); at != std::string::npos;) {
    const std::size_t end = std::min(text.find_first_of(" \t", at), text.size());
    words.push_back(text.substr(at, end - at));
    at = text.find_first_not_of(" \t", end);
  }
  return words;
}

/// Without a shell where none is needed, so that the child is the editor itself and can be ended.
std::vector<std::string> words_for(const std::string& command, const std::string& path) {
  std::vector<std::string> words = split_at_blanks(command);
  const bool vim = is_vim(words.front());
  if (command.find_first_of("|&;<>()$`\\\"'*?[#~=%\n") != std::string::npos)
    words = {"/bin/sh", "-c", command + " \"$@\"", command};
  // Swap file, registers and undo history may go to the home folder.
  if (vim)
    words.insert(words.end(), {"-n", "-i", "NONE", "-c", "silent! set nobackup nowritebackup noundofile viminfo="});
  words.push_back(path);
  return words;
}

void ignore(int) {}

/// While the object lives, the keys that interrupt are for the editor. A handler, since what is ignored would stay
/// ignored in the editor.
class KeysAreTheEditors {
 public:
  KeysAreTheEditors() {
    struct sigaction action {};
    action.sa_handler = ignore;
    action.sa_flags = SA_RESTART;
    ::sigaction(SIGINT, &action, &interrupt_);
    ::sigaction(SIGQUIT, &action, &quit_);
  }
  KeysAreTheEditors(const KeysAreTheEditors&) = delete;
  KeysAreTheEditors& operator=(const KeysAreTheEditors&) = delete;
  ~KeysAreTheEditors() {
    ::sigaction(SIGINT, &interrupt_, nullptr);
    ::sigaction(SIGQUIT, &quit_, nullptr);
  }

 private:
  struct sigaction interrupt_ {};
  struct sigaction quit_ {};
};

}  // namespace

Result<> can_edit() {
  if (!named_editor().empty() || (::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1)) return {};
  return failure({Severity::error,
                  Fault::usage,
                  {},
                  "there is no terminal to edit in",
                  {},
                  "name an editor that needs none in EDITOR; or change one secret at a time: wright secrets set NAME"});
}

Result<pid_t> Editor::start(const std::string& path) {
  std::string command = named_editor();
  if (command.empty()) command = usual_editor();
  if (command.empty()) return failure("EDITOR", "no editor is named, and none is installed", {}, "export EDITOR=nano");
  const auto words = words_for(command, path);
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (const auto& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  pid_t child = -1;
  const int error = ::posix_spawnp(&child, arguments[0], nullptr, nullptr, arguments.data(), environ);
  if (error != 0)
    return failure("EDITOR", "the editor \"" + words.front() + "\" cannot be started", std::strerror(error),
                   "export EDITOR=nano");
  return child;
}

Result<> Editor::edit(const std::string& path) {
  const KeysAreTheEditors keys;
  pid_t child = -1;
  {
    const std::lock_guard lock(mutex_);
    auto started = start(path);
    if (!started) return failure(started.error());
    child = child_ = *started;
  }
  siginfo_t ended{};
  // Not reaped yet: end() must not signal another process that has got its number.
  while (::waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED | WNOWAIT) != 0 && errno == EINTR) {
  }
  int status = 0;
  {
    const std::lock_guard lock(mutex_);
    ::waitpid(child, &status, 0);
    child_ = -1;
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  return failure("EDITOR",
                 WIFEXITED(status)
                     ? "the editor ended with " + std::to_string(WEXITSTATUS(status)) + "; nothing was changed"
                     : "signal " + std::to_string(WTERMSIG(status)) + " ended the editor; nothing was changed");
}

void Editor::end() {
  constexpr int attempts = 50;
  for (int attempt = 0; attempt <= attempts; ++attempt) {
    {
      const std::lock_guard lock(mutex_);
      if (child_ < 0) return;
      if (attempt == 0) ::kill(child_, SIGTERM);
      if (attempt == attempts) ::kill(child_, SIGKILL);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

}  // namespace wright

#include "cli/secret_input.hpp"

#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <iostream>

namespace wright {
namespace {

constexpr std::size_t longest_value = 64U << 10U;

tl::unexpected<Diagnostics> refused(std::string what, std::string next = {}) {
  return failure({Severity::error, Fault::usage, "standard input", std::move(what), {}, std::move(next)});
}

/// Typed characters are not shown while the object lives. A signal leaves the terminal as it was.
class Unseen {
 public:
  explicit Unseen(Interruption& interruption)
      : changed_(::tcgetattr(STDIN_FILENO, &before_) == 0), changing_(interruption, [this] {
          restore();
          ::_exit(exit_interrupted);
        }) {
    termios unseen = before_;
    unseen.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    // These would stop the program with the terminal still silent.
    unseen.c_cc[VQUIT] = _POSIX_VDISABLE;
    unseen.c_cc[VSUSP] = _POSIX_VDISABLE;
    if (changed_) changed_ = ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &unseen) == 0;
  }
  Unseen(const Unseen&) = delete;
  Unseen& operator=(const Unseen&) = delete;
  ~Unseen() { restore(); }
  [[nodiscard]] bool works() const { return changed_; }

 private:
  void restore() const {
    if (changed_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
  }
  termios before_{};
  bool changed_;
  Interruption::Changing changing_;
};

/// Up to the end of the line, or of the input.
Result<Secret> read_until(bool line) {
  std::string text;
  text.reserve(longest_value + 2);  // never moved, so that one wipe is enough
  while (text.size() < longest_value + 2) {
    char c = 0;
    const ssize_t n = ::read(STDIN_FILENO, &c, 1);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return refused(std::string("cannot be read: ") + std::strerror(errno));
    if (n == 0 || (line && c == '\n')) break;
    text.push_back(c);
  }
  if (!line && text.ends_with('\n')) text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
  Secret out(std::move(text));
  if (out.reveal().size() > longest_value) return refused("a secret has at most 64 KiB");
  if (out.reveal().find('\0') != std::string::npos) return refused("a secret holds no NUL byte");
  return out;
}

Result<Secret> ask(const std::string& question) {
  std::cerr << question << ": " << std::flush;
  auto answer = read_until(true);
  std::cerr << "\n";
  return answer;
}

}  // namespace

Result<Secret> read_secret(Context& context, const std::string& name) {
  const std::string generate = "to have one made: wright secrets set " + name + " --generate";
  if (::isatty(STDIN_FILENO) != 1) {
    auto value = read_until(false);
    if (value && value->empty()) return refused("there is no value on it", generate);
    return value;
  }
  context.reporter.pause();
  const Unseen unseen(context.interruption);
  if (!unseen.works()) return refused("the terminal cannot hide what is typed", "give the value through a pipe");
  auto value = ask("Value of " + name);
  if (!value) return value;
  if (value->empty()) return refused("no value was typed", generate);
  const auto again = ask("Once more");
  if (!again) return failure(again.error());
  if (!(*value == *again)) return refused("the two values differ");
  return value;
}

}  // namespace wright

#include "agent/files/files.hpp"
#include "agent/probes/kinds_of_probe.hpp"
#include "agent/process/process.hpp"

namespace wright::agent {
namespace {

constexpr std::size_t longest_file = 16U << 20U;

std::string octal(std::int64_t mode) {
  std::string out = "0";
  for (int shift = 9; shift >= 0; shift -= 3)
    if (const auto digit = (mode >> shift) & 7; shift < 9 || digit != 0) out += static_cast<char>('0' + digit);
  return out;
}

}  // namespace

Talk<> ask_command(const Probe& probe, const Patience& patience, const Context& context) {
  Command command;
  command.argv = attribute(probe, "argv").strings();
  if (command.argv.empty() || !command.argv[0].starts_with('/'))
    return trouble(Trouble::Kind::unfit, "argv must begin with the absolute path of a program");
  command.user = attribute(probe, "user").text_or("");
  command.input = attribute(probe, "stdin").text_or("");
  if (const auto* variables = attribute(probe, "environment").as_map())
    for (const auto& [name, value] : *variables) command.environment[name] = value.text_or("");
  command.timeout = patience.left();
  auto finished = run(command, context);
  if (context.cancelled()) return trouble(Trouble::Kind::cancelled, "the run was cancelled");
  if (!finished) return trouble(Trouble::Kind::wrong, in_one_line(finished.error()));
  const std::string said = ", and it said " + shown(probe, last_lines(*finished, 5));
  if (finished->timed_out)
    return trouble(Trouble::Kind::late, command.argv[0] + " did not end before the deadline" + said);
  if (const auto expected = attribute(probe, "exit").int_or(0); finished->exit_code != expected)
    return trouble(Trouble::Kind::wrong, "expected " + command.argv[0] + " to end with exit code " +
                                             std::to_string(expected) + "; it was " +
                                             std::to_string(finished->exit_code) + said);
  if (const std::string text = attribute(probe, "contains").text_or(""); finished->out.find(text) == std::string::npos)
    return trouble(Trouble::Kind::wrong, "expected " + command.argv[0] + " to write " + shown(probe, text) +
                                             "; it wrote " + shown(probe, finished->out));
  return {};
}

Talk<> ask_file(const Probe& probe) {
  using Type = FileState::Type;
  const std::string path = attribute(probe, "path").text_or("");
  if (!path.starts_with('/')) return trouble(Trouble::Kind::unfit, "the path must be absolute, not \"" + path + "\"");
  const auto state = look_at(path);
  if (!state) return trouble(Trouble::Kind::wrong, in_one_line(state.error()));
  const bool expected = attribute(probe, "exists").bool_or(true);
  if (expected != (state->type != Type::absent))
    return trouble(Trouble::Kind::wrong, expected ? "expected " + path + " to exist; there is nothing"
                                                  : "expected nothing at " + path + "; something is there");
  if (!expected) return {};
  if (const auto* mode = attribute(probe, "mode").as_int(); mode != nullptr && *mode != state->mode)
    return trouble(Trouble::Kind::wrong,
                   "expected " + path + " to have mode " + octal(*mode) + "; it has " + octal(state->mode));
  const std::string wanted = attribute(probe, "contains").text_or("");
  if (wanted.empty()) return {};
  if (state->type != Type::regular) return trouble(Trouble::Kind::wrong, "expected " + path + " to be a file");
  const auto content = read_file(path, longest_file);
  if (!content) return trouble(Trouble::Kind::wrong, in_one_line(content.error()));
  if (content->find(wanted) == std::string::npos)
    return trouble(Trouble::Kind::wrong, "expected " + path + " to contain " + shown(probe, wanted) +
                                             "; it does not, in " + std::to_string(content->size()) + " bytes");
  return {};
}

}  // namespace wright::agent

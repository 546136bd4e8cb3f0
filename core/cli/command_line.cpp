#include "cli/command_line.hpp"

#include <algorithm>
#include <boost/program_options.hpp>

#include "base/nearest.hpp"
#include "cli/help.hpp"

namespace wright {
namespace {

namespace po = boost::program_options;
using Texts = std::vector<std::string>;

tl::unexpected<Diagnostics> wrong(std::string what, std::string next = {}) {
  return failure({Severity::error, Fault::usage, {}, std::move(what), {}, std::move(next)});
}

Texts split(const Texts& lists) {
  Texts out;
  for (const auto& list : lists)
    for (std::size_t at = 0; at <= list.size();) {
      const std::size_t end = std::min(list.find(',', at), list.size());
      if (end > at) out.push_back(list.substr(at, end - at));
      at = end + 1;
    }
  return out;
}

po::options_description description() {
  po::options_description out;
  for (const auto& option : all_options()) {
    const std::string name(option.name);
    if (option.argument.empty())
      out.add_options()(name.c_str(), po::bool_switch());
    else if (name == "limit" || name == "plugin-dir")
      out.add_options()(name.c_str(), po::value<Texts>());
    else
      out.add_options()(name.c_str(), po::value<std::string>());
  }
  out.add_options()("words", po::value<Texts>());
  return out;
}

std::string option_suggestion(std::string typed, const CommandSpec* command) {
  typed.erase(0, typed.find_first_not_of('-'));
  Texts known;
  for (const auto& option : all_options())
    if (command == nullptr || takes(*command, option)) known.emplace_back(option.name);
  const auto near = nearest(typed, known);
  if (near) return "did you mean --" + *near + "?";
  return command == nullptr ? "wright --help" : "wright " + std::string(command->name) + " --help";
}

Result<po::variables_map> parse(const Texts& given) {
  po::variables_map values;
  po::positional_options_description words;
  words.add("words", -1);
  const auto known = description();
  const int style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
  try {
    po::store(po::command_line_parser(given).options(known).positional(words).style(style).run(), values);
    po::notify(values);
  } catch (const po::unknown_option& problem) {
    return wrong("there is no option " + problem.get_option_name(),
                 option_suggestion(problem.get_option_name(), find_command(command_in(given))));
  } catch (const po::error& problem) {
    return wrong(problem.what(), "wright --help");
  }
  return values;
}

Result<std::int64_t> number(const po::variables_map& values, const std::string& name, std::int64_t otherwise) {
  if (values.count(name) == 0) return otherwise;
  const auto& text = values[name].as<std::string>();
  if (text.empty() || text.size() > 9 || text.find_first_not_of("0123456789") != std::string::npos)
    return wrong("--" + name + " takes a whole number, not \"" + text + "\"");
  return std::stoll(text);
}

Result<> check_options(const po::variables_map& values, const CommandSpec& command) {
  Diagnostics problems;
  for (const auto& option : all_options()) {
    const std::string name(option.name);
    if (values.count(name) == 0 || values[name].defaulted()) continue;
    if (!takes(command, option))
      problems.add({Severity::error,
                    Fault::usage,
                    {},
                    "wright " + std::string(command.name) + " takes no --" + name,
                    {},
                    "wright " + std::string(command.name) + " --help"});
    if (option.choices.empty()) continue;
    const auto& text = values[name].as<std::string>();
    const std::string among = "|" + std::string(option.choices) + "|";
    if (text.find('|') != std::string::npos || among.find("|" + text + "|") == std::string::npos)
      problems.add({Severity::error,
                    Fault::usage,
                    {},
                    "--" + name + " takes " + std::string(option.choices) + ", not \"" + text + "\"",
                    {},
                    {}});
  }
  if (problems.has_errors()) return failure(problems);
  return {};
}

Result<const CommandSpec*> command_of(const Texts& words) {
  if (words.empty()) return wrong("no command is given", "wright --help");
  const CommandSpec* command = find_command(words.front());
  if (command == nullptr) return failure(no_such_command(words.front()));
  const std::string usage = usage_of(*command);
  if (words.size() - 1 < command->least_words)
    return wrong("wright " + std::string(command->name) + " needs more words", usage);
  if (words.size() - 1 > command->most_words)
    return wrong("wright " + std::string(command->name) + " does not know what to do with \"" +
                     words[command->most_words + 1] + "\"",
                 usage);
  return command;
}

}  // namespace

std::string command_in(const Texts& given) {
  for (const auto& word : given)
    if (find_command(word) != nullptr) return word;
  return {};
}

Result<Arguments> read_command_line(const Texts& given) {
  auto parsed = parse(given);
  if (!parsed) return failure(parsed.error());
  const auto& values = *parsed;
  const Texts words = values.count("words") == 0 ? Texts() : values["words"].as<Texts>();
  auto command = command_of(words);
  if (!command) return failure(command.error());
  if (auto checked = check_options(values, **command); !checked) return failure(checked.error());

  const auto text = [&](const char* name, const std::string& otherwise) {
    return values.count(name) == 0 ? otherwise : values[name].as<std::string>();
  };
  const auto texts = [&](const char* name) { return values.count(name) == 0 ? Texts() : values[name].as<Texts>(); };
  const auto is_on = [&](const char* name) { return values[name].as<bool>(); };
  Arguments out;
  out.command = words.front();
  out.words.assign(words.begin() + 1, words.end());
  out.site = text("site", out.site);
  out.limits = split(texts("limit"));
  if (values.count("limit") != 0 && out.limits.empty()) return wrong("--limit names no host");
  out.plugin_folders = texts("plugin-dir");
  out.colour = text("color", out.colour);
  out.json = is_on("json");
  out.quiet = is_on("quiet");
  out.verbose = is_on("verbose");
  out.yes = is_on("yes");
  out.replace = is_on("replace");
  out.skip_unreachable = is_on("skip-unreachable");
  out.detailed_exitcode = is_on("detailed-exitcode");
  out.stop_on_failure = text("on-failure", "rollback") == "stop";
  out.out = text("out", "");
  out.plan = text("plan", "");
  out.to = text("to", "");
  out.junit = text("junit", "");
  out.format = text("format", out.format);
  auto timeout = number(values, "lock-timeout", out.lock_timeout_s);
  if (!timeout) return failure(timeout.error());
  out.lock_timeout_s = *timeout;
  auto count = number(values, "count", out.count);
  if (!count) return failure(count.error());
  if (*count < 1) return wrong("--count takes 1 or more");
  out.count = *count;
  out.generate = is_on("generate");
  auto length = number(values, "length", 0);
  if (!length) return failure(length.error());
  if (values.count("length") != 0) out.length = *length;
  return out;
}

}  // namespace wright

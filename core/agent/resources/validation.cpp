
#include <csignal>
#include <map>
#include <set>

#include "agent/process/process.hpp"
#include "agent/resources/private_view.hpp"
#include "agent/resources/program_output.hpp"

namespace wright::agent {
namespace {

constexpr std::chrono::milliseconds deadline{120000};
constexpr std::string_view placeholder = "{}";

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
}

/// One command to run, and the files that ask for it.
struct Validation {
  std::vector<std::string> argv;
  const Resource* resource = nullptr;  ///< the first that asks for it
  bool of_one_file = false;            ///< argv has a placeholder
};

std::vector<Validation> validations_of(std::span<const Item> items) {
  std::vector<Validation> all;
  std::set<std::vector<std::string>> known;
  for (const auto& item : items) {
    const auto validate = item.resource->attributes.find("validate");
    if (validate == item.resource->attributes.end()) continue;
    Validation one{validate->second.strings(), item.resource, false};
    if (one.argv.empty()) continue;
    for (const auto& argument : one.argv)
      one.of_one_file = one.of_one_file || argument.find(placeholder) != std::string::npos;
    if (one.of_one_file || known.insert(one.argv).second) all.push_back(std::move(one));
  }
  return all;
}

class Validating {
 public:
  Validating(std::span<const Item> items, const Context& context) : context_(context) {
    Value::List attributes;
    for (const auto& item : items) attributes.emplace_back(item.resource->attributes);
    secrets_ = texts_to_mask(Value(std::move(attributes)));
  }

  Result<> run_one(const Validation& validation, const PrivateView& view) const {
    const std::string& path = validation.resource->id.name;
    std::string staged;
    if (validation.of_one_file) {
      const auto found = view.staged.find(path);
      if (found == view.staged.end()) return {};  // it is to be removed
      staged = found->second;
    }
    Command command;
    command.argv = validation.argv;
    for (auto& argument : command.argv) replace_all(argument, placeholder, staged);
    command.timeout = deadline;
    const auto finished = run(command, context_);
    if (!finished) return failure(finished.error());
    if (finished->ok()) return {};
    std::string why = shown_output(*finished, secrets_);
    if (!staged.empty()) replace_all(why, staged, path);
    for (const auto& unseen : view.unseen) why += (why.empty() ? "" : "\n") + ("it could not see " + unseen);
    std::string called;
    for (const auto& argument : validation.argv) called += (called.empty() ? "" : " ") + argument;
    return failure(to_string(validation.resource->id),
                   "its new state is refused: \"" + called + "\" " + how_it_ended(*finished, deadline), std::move(why),
                   "nothing of it was put in place; correct the options that it comes from");
  }

 private:
  const Context& context_;
  std::vector<std::string> secrets_;
};

}  // namespace

Result<> validate_together(std::span<const Item> items, Context& context) {
  std::vector<Item> changing;
  for (const auto& item : items)
    if (item.difference.action != Action::none) changing.push_back(item);
  const auto validations = validations_of(changing);
  if (validations.empty()) return {};
  const Validating validating(changing, context);
  return in_private_view(changing, context.state_folder, [&](const PrivateView& view) -> Result<> {
    Diagnostics problems;
    for (const auto& validation : validations)
      if (auto valid = validating.run_one(validation, view); !valid) problems.add(valid.error());
    if (problems.has_errors()) return failure(problems);
    return {};
  });
}

}  // namespace wright::agent

#include "cli/secrets.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "base/nearest.hpp"
#include "cli/commands.hpp"
#include "cli/private_folder.hpp"
#include "cli/secret_input.hpp"
#include "site/age.hpp"

namespace wright {
namespace secrets {
namespace {

constexpr std::array<std::pair<std::string_view, int (*)(Context&, const Site&)>, 5> words{
    {{"init", init}, {"set", set}, {"edit", edit}, {"list", list}, {"rekey", rekey}}};

Value::List as_list(const std::vector<std::string>& names) { return {names.begin(), names.end()}; }

std::string joined(const std::vector<std::string>& names) {
  std::string out;
  for (const auto& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

Result<> check_words(const Context& context) {
  const auto& given = context.arguments.words;
  const auto wrong = [](std::string what, std::string next) {
    return failure({Severity::error, Fault::usage, {}, std::move(what), {}, std::move(next)});
  };
  const std::string help = "wright secrets --help";
  if (std::none_of(words.begin(), words.end(), [&](const auto& word) { return word.first == given.front(); })) {
    std::vector<std::string> known;
    for (const auto& word : words) known.emplace_back(word.first);
    return wrong("wright secrets has no \"" + given.front() + "\"", suggestion(given.front(), known));
  }
  const bool sets = given.front() == "set";
  if (sets && given.size() < 2) return wrong("wright secrets set needs the name of a secret", help);
  if (!sets && given.size() > 1)
    return wrong("wright secrets " + given.front() + " does not know what to do with \"" + given[1] + "\"", help);
  if (!sets && context.arguments.generate) return wrong("only wright secrets set takes --generate", help);
  if (context.arguments.length && !context.arguments.generate) return wrong("--length goes with --generate", help);
  return {};
}

std::string init_text(const Site& site) {
  return "# The secrets of the site " + site.name + ", one line each: NAME = \"value\".\n";
}

}  // namespace

std::vector<std::string> missing_from(const Site& site, const std::map<std::string, Secret>& values) {
  std::vector<std::string> out;
  for (const auto& name : site.secret_names)
    if (!values.contains(name)) out.push_back(name);
  return out;
}

void tell_missing(Context& context, const Site& site, const std::map<std::string, Secret>& values) {
  if (const auto missing = missing_from(site, values); !missing.empty())
    context.reporter.message("Still without a value: " + joined(missing) + " (wright secrets set NAME)");
}

int init(Context& context, const Site& site) {
  if (::access(site.secrets.c_str(), F_OK) == 0)
    return fail(context, Diagnostics({Severity::error,
                                      Fault::failed,
                                      site.secrets,
                                      "is there already and stays as it is",
                                      {},
                                      "change it with wright secrets set NAME or wright secrets edit"}));
  auto public_key = ensure_identity();
  if (!public_key) return fail(context, public_key.error());
  const std::string identity = identity_path();
  if (!public_key->empty())
    context.reporter.message("Made an identity, the private key that opens the secrets: " + identity +
                             "\nKeep a copy of it in a safe place: without it nobody can read the secrets again." +
                             "\nIts public key: " + *public_key);
  SecretsFile file;
  file.path = site.secrets;
  file.text = Secret(init_text(site));
  for (const auto& name : site.secret_names) {
    Secret value = random_password(usual_password_length);
    auto text = with_secret(file, name, value);
    if (!text) return fail(context, text.error());
    file.text = std::move(*text);
    file.values[name] = std::move(value);
  }
  if (auto made = create_secrets_file(site.secrets, file.text); !made) return fail(context, made.error());
  context.reporter.result("secrets_init",
                          {{"path", site.secrets},
                           {"identity", identity},
                           {"identity_made", !public_key->empty()},
                           {"public_key", *public_key},
                           {"generated", as_list(site.secret_names)}},
                          "Made " + site.secrets + ", encrypted" +
                              (site.secret_names.empty() ? "; the site refers to no secret yet\n"
                                                         : ", with new values of " + joined(site.secret_names) + "\n"));
  return exit_ok;
}

int list(Context& context, const Site& site) {
  const auto file = read_secrets_file(site.secrets);
  if (!file) return fail(context, file.error());
  std::map<std::string, std::string> states;
  for (const auto& [name, value] : file->values) states[name] = "unused";
  for (const auto& name : site.secret_names) states[name] = file->values.contains(name) ? "used" : "missing";
  Value::List all;
  std::string text;
  for (const auto& [name, state] : states) {
    all.emplace_back(Value::Map{{"name", name}, {"state", state}});
    text += state + std::string(9 - state.size(), ' ') + name + "\n";
  }
  if (text.empty()) text = "no secrets\n";
  context.reporter.result("secrets", {{"path", site.secrets}, {"encrypted", file->encrypted}, {"secrets", all}}, text);
  return exit_ok;
}

int set(Context& context, const Site& site) {
  const std::string& name = context.arguments.words[1];
  const auto usage = [&](std::string what) {
    return fail(context,
                Diagnostics({Severity::error, Fault::usage, {}, std::move(what), {}, "wright secrets --help"}));
  };
  if (!is_secret_name(name)) return usage("a secret's name has letters, digits, \"_\" and \"-\", at most 64");
  const std::int64_t length = context.arguments.length.value_or(static_cast<std::int64_t>(usual_password_length));
  if (length < 12 || length > 1024) return usage("--length takes 12 to 1024");
  const auto file = read_secrets_file(site.secrets);
  if (!file) return fail(context, file.error());
  if (auto possible = can_write(*file); !possible) return fail(context, possible.error());
  const auto value = context.arguments.generate ? Result<Secret>(random_password(static_cast<std::size_t>(length)))
                                                : read_secret(context, name);
  if (!value) return fail(context, value.error());
  const auto text = with_secret(*file, name, *value);
  if (!text) return fail(context, text.error());
  if (auto done = replace_secrets(*file, *text); !done) return fail(context, done.error());
  const bool is_new = !file->values.contains(name);
  context.reporter.result("secret_set", {{"name", name}, {"new", is_new}, {"generated", context.arguments.generate}},
                          name + (is_new ? " has a value now\n" : " has another value now\n"));
  const auto& used = site.secret_names;
  if (std::find(used.begin(), used.end(), name) == used.end()) {
    const auto near = nearest(name, missing_from(site, file->values));
    context.reporter.message("The site does not refer to it" +
                             (near ? "; did you mean \"" + *near + "\"?" : ": ${secret." + name + "}"));
  }
  return exit_ok;
}

int rekey(Context& context, const Site& site) {
  const auto file = read_secrets_file(site.secrets);
  if (!file) return fail(context, file.error());
  if (auto done = replace_secrets(*file, file->text); !done) return fail(context, done.error());
  const std::string listed = recipients_path(site.secrets);
  const std::string to = ::access(listed.c_str(), F_OK) == 0 ? listed : identity_path();
  context.reporter.result("secrets_rekeyed", {{"path", site.secrets}, {"recipients", to}},
                          "Encrypted anew, to those in " + to + "\n");
  return exit_ok;
}

}  // namespace secrets

namespace commands {

int secrets(Context& context) {
  if (auto right = wright::secrets::check_words(context); !right) return fail(context, right.error());
  sweep_private_folders();
  const auto site = open_site(context, {});
  if (!site) return fail(context, site.error());
  if (site->secrets.empty())
    return fail(context, Diagnostics({Severity::error,
                                      Fault::bad_site,
                                      site->path,
                                      "[site] names no file of secrets",
                                      {},
                                      "add to [site]: secrets = \"secrets.age\""}));
  const auto word = std::find_if(wright::secrets::words.begin(), wright::secrets::words.end(),
                                 [&](const auto& one) { return one.first == context.arguments.words.front(); });
  return word->second(context, *site);
}

}  // namespace commands
}  // namespace wright

#include <fcntl.h>
#include <unistd.h>

#include <iostream>

#include "cli/editor.hpp"
#include "cli/private_folder.hpp"
#include "cli/secrets.hpp"
#include "site/document.hpp"
#include "site/file.hpp"
#include "site/write.hpp"

namespace wright::secrets {
namespace {

constexpr const char* shown_as = "secrets.toml as edited";

Result<Secret> edited(Editor& editor, const std::string& path) {
  if (auto done = editor.edit(path); !done) return failure(done.error());
  auto content = read_file(path, largest_site_file, Links::refuse);
  if (!content) return failure(content.error());
  return Secret(std::move(content->bytes));
}

bool wants_to_edit_again(Context& context) {
  if (::isatty(STDIN_FILENO) != 1 || ::isatty(STDERR_FILENO) != 1) return false;
  context.reporter.pause();
  std::cerr << "Edit again? [Y/n] " << std::flush;
  std::string answer;
  return std::getline(std::cin, answer) && (answer.empty() || answer == "y" || answer == "Y" || answer == "yes");
}

}  // namespace

int edit(Context& context, const Site& site) {
  if (auto possible = can_edit(); !possible) return fail(context, possible.error());
  const auto file = read_secrets_file(site.secrets);
  if (!file) return fail(context, file.error());
  if (auto possible = can_write(*file); !possible) return fail(context, possible.error());
  auto folder = PrivateFolder::make();
  if (!folder) return fail(context, folder.error());
  Editor editor;
  const Interruption::Changing changing(context.interruption, [&] {
    // First, since a second signal ends the process at once; and again, since the editor may write while it ends.
    (*folder)->remove();
    editor.end();
    (*folder)->remove();
    ::_exit(exit_interrupted);
  });
  const std::string path = (*folder)->path() + "/secrets.toml";
  if (auto written = write_new_file(path, file->text.reveal()); !written) return fail(context, written.error());
  while (true) {
    const auto text = edited(editor, path);
    if (!text) return fail(context, text.error());
    if (*text == file->text) {
      context.reporter.result("secrets_edited", {{"changed", false}}, "Nothing was changed\n");
      return exit_ok;
    }
    const auto values = secrets_in(*text, shown_as);
    if (!values) {
      const int code = fail(context, values.error());
      if (wants_to_edit_again(context)) continue;
      context.reporter.message(site.secrets + " stays as it was.");
      return code;
    }
    if (auto done = replace_secrets(*file, *text); !done) return fail(context, done.error());
    context.reporter.result("secrets_edited", {{"changed", true}}, "Changed " + site.secrets + "\n");
    tell_missing(context, site, *values);
    return exit_ok;
  }
}

}  // namespace wright::secrets

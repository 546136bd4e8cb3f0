#pragma once

#include "options.hpp"

namespace django {

/// Where everything of one application is, and what its steps depend on.
struct Layout {
  std::string root, user, group, wsgi;
  std::string release;                       ///< name of its folder
  std::string folder;                        ///< root/releases/RELEASE
  std::string current;                       ///< root/current
  std::string project;                       ///< below the checkout: "" or "/FOLDER"
  std::string static_now;                    ///< of the current release
  std::string static_before;                 ///< of the one that served before it
  std::string static_new;                    ///< $STATIC_ROOT while this release is being made
  std::string python;                        ///< the system's interpreter
  std::map<std::string, std::string> files;  ///< where each file of the options lies, by its path in the checkout
  std::string checkout_mark, packages_mark;  ///< files that say by which inputs a step was done
  wright::Secret inputs;                     ///< all that running manage.py depends on besides the code
};

Layout layout_of(const wright::Phase& on, const Config& c);

/// The same for both phases that need no facts.
std::string root_of(const wright::Phase& on, const Config& c);
std::string user_of(const wright::Phase& on, const Config& c);
std::string group_of(const wright::Phase& on, const Config& c);
std::string release_of(const Config& c);

/// Whether the database is dumped before it is migrated.
inline bool dumps(const Config& c) { return c.migrate && c.dump; }

/// Tells every problem that the option table cannot; false when there is one.
bool check(wright::Configure& on, const Config& c);

/// The environment file, and what goes into it, in order.
std::map<std::string, wright::Secret> variables_of(const Config& c, const Layout& at);
wright::Secret environment_file(const std::map<std::string, wright::Secret>& variables);

/// Programs for `manage.py shell`, read from standard input: they hold the password.
wright::Secret program_that_makes(const Superuser& superuser);
wright::Secret program_that_logs_in(const Superuser& superuser);
inline constexpr std::string_view read_program = "import sys; exec(sys.stdin.read())";

void configure(wright::Configure& on, const Config& c);

}  // namespace django

#include "layout.hpp"

namespace django {
namespace {

struct Django : wright::Plugin {
  static constexpr auto about = wright::about("django", "1.0.0", "Django application from a git repository");
  using Config = django::Config;
  static constexpr auto options = config_options;

  void install(wright::Install& on, const Config& c) {
    on.package("git");
    if (c.python.starts_with("python")) {
      on.package(c.python);
      on.package(c.python + "-venv");
    } else {
      on.package("python3");
    }
    if (!c.deploy_key.empty()) on.package("openssh-client");
    if (!c.log_folders.empty()) on.package("logrotate");
    for (const auto& name : c.apt_packages) on.package(name);
    const auto database = c.environment.find("DATABASE_URL");
    if (dumps(c) && database != c.environment.end() && database->second.reveal().starts_with("postg"))
      on.package("postgresql-client");
    on.group(group_of(on, c)).system();
    on.user(user_of(on, c)).system().group(group_of(on, c)).home(root_of(on, c)).comment("runs " + on.component());
  }

  void configure(wright::Configure& on, const Config& c) { django::configure(on, c); }

  void verify(wright::Verify& on, const Config& c) {
    const Layout at = layout_of(on, c);
    const std::string name = on.component();
    auto manage = [&](const std::vector<std::string>& words) {
      std::vector<std::string> argv = {at.root + "/bin/manage"};
      argv.insert(argv.end(), words.begin(), words.end());
      return on.check_command(argv).user(at.user).deadline(20);
    };
    on.check_command({"/usr/bin/readlink", at.current})
        .contains(at.folder)
        .named(name + ": the current release is " + at.release);
    manage({"check"}).named(name + ": manage.py check finds nothing");
    if (c.migrate) manage({"migrate", "--check"}).named(name + ": every migration is applied");
    if (!c.superuser.username.empty())
      manage({"shell", "-c", std::string(read_program)})
          .input(program_that_logs_in(c.superuser))
          .named(name + ": " + c.superuser.username + " can log in and is a superuser");
  }
};

}  // namespace
}  // namespace django

using DjangoPlugin = django::Django;
WRIGHT_PLUGIN(DjangoPlugin)

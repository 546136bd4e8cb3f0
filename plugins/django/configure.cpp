#include <wright/check.hpp>

#include "layout.hpp"
#include "templates/django.hpp"
#include "text.hpp"

namespace django {
namespace {

/// The databases of a PostgreSQL server that variables name by URL, as wright calls them when it makes them itself.
std::vector<std::string> databases_in(const std::map<std::string, wright::Secret>& variables) {
  std::vector<std::string> out;
  for (const auto& [name, value] : variables) {
    const std::string& url = value.reveal();
    const auto authority = url.find("://");
    if (!url.starts_with("postgres") || authority == std::string::npos) continue;
    const auto path = url.find('/', authority + 3);
    if (path == std::string::npos) continue;
    const std::string database = url.substr(path + 1, url.find('?', path) - path - 1);
    if (!database.empty()) out.push_back("sql:database " + database);
  }
  return out;
}

/// Declares the steps of a release, each after the one before it.
class Steps {
 public:
  Steps(wright::Configure& on, const Config& c, const Layout& at) : on_(on), c_(c), at_(at) {}

  /// The release program with a verb; as the application's account.
  wright::Command release(const std::string& name, const std::vector<std::string>& words) {
    std::vector<std::string> argv = {at_.root + "/bin/release"};
    argv.insert(argv.end(), words.begin(), words.end());
    return step(name, argv).directory(at_.root);
  }

  /// manage.py of the release that is being made, with the application's environment.
  wright::Command manage(const std::string& name, const std::vector<std::string>& words) {
    std::vector<std::string> argv = {at_.root + "/bin/run", "/usr/bin/env", "STATIC_ROOT=" + at_.static_new,
                                     at_.folder + "/venv/bin/python", c_.manage};
    argv.insert(argv.end(), words.begin(), words.end());
    return step(name, argv).directory(at_.folder + "/code" + at_.project);
  }

  wright::Command step(const std::string& name, const std::vector<std::string>& argv) {
    auto made = on_.command(on_.component() + " " + name).argv(argv).timeout(c_.timeout_s);
    if (!last_.empty()) made.after(last_);
    last_ = "command:" + on_.component() + " " + name;
    return made;
  }
  [[nodiscard]] const std::string& last() const { return last_; }

 private:
  wright::Configure& on_;
  const Config& c_;
  const Layout& at_;
  std::string last_;
};

std::string logrotate(const Config& c, const Layout& at) {
  std::string files;
  for (const auto& name : c.log_folders) files += at.root + "/" + name + "/*.log\n";
  return wright::format(
      "{}{{\n    weekly\n    maxsize {}M\n    rotate {}\n    compress\n    delaycompress\n    missingok\n    "
      "notifempty\n"
      "    copytruncate\n    su {} {}\n}}\n",
      files, c.log_max_mb, c.log_keep, at.user, at.group);
}

void declare_folders(wright::Configure& on, const Config& c, const Layout& at) {
  on.directory(at.root).mode(0755);
  on.directory(at.root + "/bin").mode(0755);
  for (const char* name : {"releases", "venvs", "repo.git"})
    on.directory(at.root + "/" + name).mode(0755).owner(at.user, at.group);
  // The web server serves media; everything else is the application's alone.
  for (const auto& name : c.folders) {
    const auto given = c.folder_modes.find(name);
    const std::uint32_t usual = name == "media" ? 0755 : 0750;
    const auto mode = given == c.folder_modes.end() ? usual : wright::mode_of(given->second).value_or(usual);
    on.directory(at.root + "/" + name).mode(mode).owner(at.user, at.group).data();
  }
  if (!c.log_folders.empty()) on.file("/etc/logrotate.d/django-" + on.component()).mode(0644).content(logrotate(c, at));
  if (dumps(c)) on.directory(at.root + "/dumps").mode(0700).owner(at.user, at.group).data();
  on.file(at.root + "/bin/release").mode(0755).content(templates::release_py);
  on.file(at.root + "/bin/run").mode(0755).content(wright::render(templates::run, {{"root", at.root}}));
  on.file(at.root + "/bin/manage")
      .mode(0755)
      .content(wright::render(templates::manage, {{"root", at.root},
                                                  {"current", at.current},
                                                  {"project", at.current + "/code" + at.project},
                                                  {"user", at.user},
                                                  {"group", at.group},
                                                  {"manage", c.manage}}));
  on.file(at.root + "/environment").mode(0640).owner("root", at.group).content(environment_file(variables_of(c, at)));
  if (!at.files.empty()) on.directory(at.root + "/files").mode(0750).owner("root", at.group);
  for (const auto& [path, place] : at.files)
    on.file(place).mode(0640).owner("root", at.group).content(c.files.at(path));
}

/// Releases share virtual environments and the repository, so these go and come back together.
std::vector<std::string> made_by_releases(const Layout& at) {
  return {at.root + "/releases", at.root + "/venvs", at.root + "/repo.git"};
}

void declare_code(Steps& steps, const Config& c, const Layout& at) {
  const auto made = made_by_releases(at);
  steps.release("repository", {"repository"})
      .creates(at.root + "/repo.git/HEAD")
      .undo({at.root + "/bin/release", "forget"})
      .makes(made)
      .user(at.user);
  std::vector<std::string> words = {"checkout", at.release, at.checkout_mark, c.repository, c.revision};
  for (const auto& [path, folder] : c.links) words.push_back(path + "=" + at.root + "/" + folder);
  for (const auto& [path, place] : at.files) words.push_back(path + "=" + place);
  const auto checkout = steps.release("checkout", words)
                            .creates(at.folder + "/" + at.checkout_mark)
                            .undo({at.root + "/bin/release", "remove", at.release})
                            .makes(made)
                            .user(at.user);
  if (!c.deploy_key.empty()) checkout.environment("WRIGHT_GIT_KEY", c.deploy_key);
  if (!c.git_known_hosts.empty()) checkout.environment("WRIGHT_GIT_KNOWN_HOSTS", c.git_known_hosts);
  if (!c.git_password.empty())
    checkout.environment("WRIGHT_GIT_USER", c.git_user).environment("WRIGHT_GIT_PASSWORD", c.git_password);
}

void declare_requirements(Steps& steps, const Config& c, const Layout& at) {
  if (!c.requirements_apt.empty())
    steps.release("Debian packages", {"apt", at.release, c.requirements_apt})
        .creates(at.root + "/.apt-" + at.release)
        .undo({at.root + "/bin/release", "apt-back", at.release});
  if (!c.root_script.empty()) {
    auto argv = c.root_script;
    argv[0] = at.folder + "/code/" + argv[0];
    steps.step("script of the project", argv)
        .directory(at.folder + "/code")
        .stamp(at.release + " " + at.checkout_mark)
        .irreversible();
  }
  std::vector<std::string> words = {"packages", at.release, at.packages_mark, at.python};
  for (const auto& [flag, list] :
       {std::pair{"--files", &c.requirements}, {"--packages", &c.packages}, {"--pip", &c.pip_arguments}}) {
    words.emplace_back(flag);
    words.insert(words.end(), list->begin(), list->end());
  }
  const auto packages = steps.release("requirements", words)
                            .creates(at.folder + "/" + at.packages_mark)
                            .undo({at.root + "/bin/release", "packages-back", at.release, at.packages_mark})
                            .makes(made_by_releases(at))
                            .user(at.user)
                            .environment("PIP_NO_CACHE_DIR", "1")
                            .environment("PIP_DISABLE_PIP_VERSION_CHECK", "1");
  if (!c.wheels.empty()) packages.environment("PIP_FIND_LINKS", c.wheels);
  if (c.offline) packages.environment("PIP_NO_INDEX", "1");
  if (!c.index_url.empty()) packages.environment("PIP_INDEX_URL", c.index_url);
  for (const auto& [name, value] : c.pip_environment) packages.environment(name, value);
}

void declare_database_and_static_files(Steps& steps, const Config& c, const Layout& at) {
  if (c.check != "off")
    steps.manage("check --deploy", {"check", "--deploy", "--fail-level", c.check == "error" ? "ERROR" : "WARNING"})
        .stamp(wright::format_secret("{}{}", at.inputs, c.check))
        .user(at.user);
  if (dumps(c))
    steps.manage("dump", {"shell", "-c", std::string(read_program)})
        .input(wright::render(templates::dump_py,
                              {{"folder", at.root + "/dumps"}, {"release", at.release}, {"current", at.current}}))
        .stamp(at.inputs)
        .user(at.user);
  // Nothing of this is in a database that was dropped and made anew.
  const auto databases = databases_in(c.environment);
  auto filling = [&](const wright::Command& step) {
    step.irreversible().user(at.user);
    if (!databases.empty()) step.anew_with(databases);
    return step;
  };
  if (c.migrate) filling(steps.manage("migrate", {"migrate", "--noinput"})).stamp(at.inputs);
  if (c.collectstatic)
    steps.manage("collectstatic", {"collectstatic", "--noinput", "--verbosity", "0"}).stamp(at.inputs).user(at.user);
  for (const auto& one : c.commands) {
    std::string name;
    for (const auto& word : one.command) name += (name.empty() ? "" : " ") + word;
    const auto step = filling(steps.manage(name, one.command));
    if (one.each_release)
      step.stamp(at.release + " " + at.checkout_mark);
    else
      step.stamp(std::string_view("once"));
  }
  if (!c.superuser.username.empty()) {
    const auto program = program_that_makes(c.superuser);
    const auto url = c.environment.find("DATABASE_URL");
    filling(steps.manage("superuser", {"shell", "-c", std::string(read_program)}))
        .input(program)
        .stamp(wright::format_secret("{}{}", program, url == c.environment.end() ? wright::Secret() : url->second));
  }
}

void offer(wright::Configure& on, const Layout& at, const Config& c) {
  on.export_value("path", at.current + "/code" + at.project);
  on.export_value("root", at.root);
  on.export_value("current", at.current);
  on.export_value("release", at.release);
  on.export_value("venv", at.current + "/venv");
  on.export_value("python", at.current + "/venv/bin/python");
  on.export_value("run", at.root + "/bin/run");
  on.export_value("settings", c.settings);
  on.export_value("wsgi", at.wsgi);
  on.export_value("user", at.user);
  on.export_value("group", at.group);
  on.export_value("environment_file", at.root + "/environment");
  on.export_value("static", at.static_now);
  on.export_value("static_before", at.static_before);
  on.export_value("media", at.root + "/media");
  std::vector<std::string> restart_on = {"symlink:" + at.current, "file:" + at.root + "/environment",
                                         "command:" + on.component() + " requirements"};
  for (const auto& [path, place] : at.files) restart_on.push_back("file:" + place);
  on.export_value("restart_on", restart_on);
}

}  // namespace

void configure(wright::Configure& on, const Config& c) {
  if (!check(on, c)) return;
  const Layout at = layout_of(on, c);
  declare_folders(on, c, at);
  Steps steps(on, c, at);
  declare_code(steps, c, at);
  declare_requirements(steps, c, at);
  declare_database_and_static_files(steps, c, at);
  on.symlink(at.current).target(at.folder).after(steps.last());
  steps.release("clean", {"clean", wright::format("{}", c.keep)})
      .stamp(wright::format("{} {} {}", at.release, at.packages_mark, c.keep))
      .user(at.user)
      .after("symlink:" + at.current);
  offer(on, at, c);
}

}  // namespace django

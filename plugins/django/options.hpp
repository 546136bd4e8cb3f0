#pragma once

#include <map>
#include <string>
#include <vector>
#include <wright/plugin.hpp>

namespace django {

struct Superuser {
  std::string username;
  std::string email;
  wright::Secret password;
  std::map<std::string, std::string> fields;
  static constexpr auto options = wright::options(
      wright::option("username", &Superuser::username, "What it logs in with; none is made when empty."),
      wright::option("email", &Superuser::email, "Its address, where the user model has one."),
      wright::option("password", &Superuser::password, "Its password: ${secret.NAME}. Only its hash reaches a disk."),
      wright::option("fields", &Superuser::fields, "More fields that the project's user model requires."));
};

struct ManageCommand {
  std::vector<std::string> command;
  bool each_release = true;
  static constexpr auto options = wright::options(
      wright::option("command", &ManageCommand::command, "Such as [\"loaddata\", \"first.json\"].").required(),
      wright::option("each_release", &ManageCommand::each_release, "Once for each release; otherwise once only."));
};

struct Config {
  std::string repository;
  std::string revision;
  std::string release;
  wright::Secret deploy_key;
  std::string git_known_hosts;
  std::string git_user;
  wright::Secret git_password;

  std::string root;
  std::string user;
  std::string group;
  std::string project;
  std::string manage = "manage.py";
  std::string settings = "config.settings";
  std::string wsgi;
  std::map<std::string, wright::Secret> environment;
  std::vector<std::string> folders = {"media"};
  std::map<std::string, std::string> folder_modes;
  std::vector<std::string> log_folders;
  std::uint32_t log_max_mb = 50;
  std::uint32_t log_keep = 8;
  std::map<std::string, std::string> links;
  std::map<std::string, wright::Secret> files;
  std::string static_root;

  std::string python = "python3";
  std::vector<std::string> apt_packages;
  std::string requirements_apt;
  std::vector<std::string> root_script;
  std::vector<std::string> requirements = {"requirements.txt"};
  std::vector<std::string> packages;
  std::string wheels;
  bool offline = false;
  wright::Secret index_url;
  std::vector<std::string> pip_arguments;
  std::map<std::string, wright::Secret> pip_environment;
  std::string recreate;

  std::string check = "error";
  bool migrate = true;
  bool dump = true;
  bool collectstatic = true;
  Superuser superuser;
  std::vector<ManageCommand> commands;
  std::uint32_t keep = 5;
  std::uint32_t timeout_s = 1200;
};

inline constexpr auto config_options = wright::options(
    wright::option("repository", &Config::repository, "Git URL, or absolute path of a repository on the host.")
        .required(),
    wright::option("revision", &Config::revision, "Tag, commit or branch.").required(),
    wright::option("release", &Config::release,
                   "Name of the release; the revision when empty. A branch is fetched when its release is made: to "
                   "deploy what it has become, give the release another name."),
    wright::option("deploy_key", &Config::deploy_key, "Private SSH key for the repository; in memory alone."),
    wright::option("git_known_hosts", &Config::git_known_hosts, "Lines of known_hosts for the repository's host."),
    wright::option("git_user", &Config::git_user, "User name for a repository over https."),
    wright::option("git_password", &Config::git_password, "Password or token for a repository over https."),
    wright::option("root", &Config::root, "Absolute folder of the application; /srv/COMPONENT when empty."),
    wright::option("user", &Config::user, "Account it runs as; made when missing; the component's name when empty."),
    wright::option("group", &Config::group, "Primary group of the account; named like it when empty."),
    wright::option("project", &Config::project, "Folder of the repository that holds manage.py; its top when empty."),
    wright::option("manage", &Config::manage, "The file that is manage.py."),
    wright::option("settings", &Config::settings, "Settings module."),
    wright::option("wsgi", &Config::wsgi, "WSGI module; \"PACKAGE.wsgi\" of the settings' package when empty."),
    wright::option("environment", &Config::environment,
                   "Variables of the application. DJANGO_SETTINGS_MODULE, STATIC_ROOT and MEDIA_ROOT are added."),
    wright::option("folders", &Config::folders,
                   "Folders below root that hold data of the application, for all releases."),
    wright::option("folder_modes", &Config::folder_modes,
                   "Modes of them in octal: { \"uploads\" = \"0755\" }; else 0755 for media, and 0750."),
    wright::option(
        "log_folders", &Config::log_folders,
        "Those of them whose *.log files are rotated. They are copied and emptied, so that a project that keeps "
        "its log open needs not be told; what it writes in that moment may be lost, unless it logs to syslog."),
    wright::option("log_max_mb", &Config::log_max_mb,
                   "A log is rotated at so many MiB, once a day at most, and once a week at least.")
        .range(1, 1048576),
    wright::option("log_keep", &Config::log_keep, "Rotated logs that are kept.").max(1000),
    wright::option("links", &Config::links,
                   "Paths in the checkout that become links to folders below root: { \"mysite/media\" = \"media\" }."),
    wright::option("files", &Config::files,
                   "Files that the project reads but its repository has not, by their paths in it: "
                   "{ \"mysite/settings/local.py\" = \"DEBUG = False\" }. The application's group may read them."),
    wright::option("static_root", &Config::static_root,
                   "Where the project's settings put static files, relative to the project; $STATIC_ROOT when empty."),
    wright::option("python", &Config::python,
                   "Interpreter: a Debian package such as \"python3\", or an absolute path."),
    wright::option("apt_packages", &Config::apt_packages, "Debian packages that the project or its requirements need."),
    wright::option("requirements_apt", &Config::requirements_apt,
                   "File of the repository that lists Debian packages, such as \"requirements.apt\"."),
    wright::option("root_script", &Config::root_script,
                   "Program of the repository that root runs once for each release, such as "
                   "[\"./install_os_dependencies.sh\", \"install\"]. It cannot be taken back."),
    wright::option("requirements", &Config::requirements, "Requirements files, relative to the top of the repository."),
    wright::option("packages", &Config::packages, "More requirements, such as [\"gunicorn==22.0.0\"]."),
    wright::option("wheels", &Config::wheels,
                   "Where packages are found besides the index: a folder on the host or a URL."),
    wright::option("offline", &Config::offline, "Asks no package index: everything comes from wheels."),
    wright::option("index_url", &Config::index_url, "Package index instead of pypi.org; may hold a password."),
    wright::option("pip_arguments", &Config::pip_arguments, "More arguments of pip install; no secrets."),
    wright::option(
        "pip_environment", &Config::pip_environment,
        "Variables of pip, such as PIP_EXTRA_INDEX_URL or HTTPS_PROXY; they change nothing that is installed."),
    wright::option("recreate", &Config::recreate, "Another text here installs the requirements anew."),
    wright::option("check", &Config::check,
                   "What `manage.py check --deploy` may find least so that the release is refused.")
        .choices("off", "error", "warning"),
    wright::option("migrate", &Config::migrate, "Migrates the database before the switch; on one host only."),
    wright::option("dump", &Config::dump,
                   "Dumps the database, PostgreSQL's or SQLite's, to ROOT/dumps before migrations change it."),
    wright::option("collectstatic", &Config::collectstatic, "Collects static files for each release."),
    wright::option("superuser", &Config::superuser, "A superuser that must be able to log in."),
    wright::option("commands", &Config::commands, "More commands of manage.py, before the switch."),
    wright::option("keep", &Config::keep, "Releases that stay on the host, to go back to.").range(2, 100),
    wright::option("timeout_s", &Config::timeout_s, "How long one step may take, in seconds.").range(10, 86400));

}  // namespace django

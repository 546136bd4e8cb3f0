#pragma once

#include <map>
#include <string>
#include <vector>
#include <wright/plugin.hpp>

namespace virtualenv {

struct Source {
  std::string uri;
  std::string suite;
  std::string component = "main";
  std::string key;
  static constexpr auto options = wright::options(
      wright::option("uri", &Source::uri,
                     "Repository with the Python that python names; the host's own sources when empty."),
      wright::option("suite", &Source::suite, "Its suite."),
      wright::option("component", &Source::component, "Its component."),
      wright::option("key", &Source::key, "The key that it is signed with, ASCII-armored: the text itself."));
};

struct RequirementsFile {
  std::string name;
  std::string text;
  std::string use = "requirements";
  static constexpr auto options = wright::options(
      wright::option("name", &RequirementsFile::name, "Its name, by which others may refer to it: \"-r NAME\".")
          .required(),
      wright::option("text", &RequirementsFile::text,
                     "What is in it, such as \"${file.requirements/base.txt}\" for a file beside the site file.")
          .required(),
      wright::option("use", &RequirementsFile::use,
                     "All in it is installed; or it constrains what is; or it only counts where others refer to it.")
          .choices("requirements", "constraints", "reference"));
};

struct Config {
  std::string path;
  std::string user = "root";
  std::string group;
  std::string python = "python3";
  bool system_site_packages = false;
  std::vector<std::string> requirements;
  std::string requirements_text;
  std::vector<RequirementsFile> requirements_files;
  Source source;
  std::vector<std::string> apt_packages;
  std::string pip_version;
  std::vector<std::string> install_first;
  std::string installer = "pip";
  std::string uv_version;
  std::string wheels;
  bool offline = false;
  wright::Secret index_url;
  std::vector<wright::Secret> extra_index_urls;
  std::vector<std::string> pip_arguments;
  std::map<std::string, wright::Secret> pip_environment;
  std::string recreate;
  std::uint32_t keep = 2;
  std::vector<std::string> imports;
  std::uint32_t timeout_s = 1200;
};

inline constexpr auto config_options = wright::options(
    wright::option("path", &Config::path,
                   "Absolute path of the environment: a link to the one that the options describe, in PATH.d.")
        .required(),
    wright::option("user", &Config::user, "Account that owns it and builds it."),
    wright::option("group", &Config::group, "Its group; the one named like the user when empty."),
    wright::option("python", &Config::python,
                   "Interpreter: a Debian package such as \"python3\" or \"python3.12\", or an absolute path."),
    wright::option("system_site_packages", &Config::system_site_packages, "Sees the packages of Debian's Python too."),
    wright::option("requirements", &Config::requirements, "What is installed, such as [\"Django==4.2.16\"]."),
    wright::option("requirements_text", &Config::requirements_text, "The same as the text of a requirements file."),
    wright::option("requirements_files", &Config::requirements_files,
                   "The same as several files, which lie beside each other on the host."),
    wright::option("source", &Config::source, "Where a Python comes from that the host's own sources do not have."),
    wright::option("apt_packages", &Config::apt_packages,
                   "Debian packages that building needs, such as [\"build-essential\", \"libpq-dev\"]."),
    wright::option("pip_version", &Config::pip_version, "Exactly this pip; Python's own when empty."),
    wright::option(
        "install_first", &Config::install_first,
        "What is installed before the others are built, such as [\"setuptools==69.5.1\", \"wheel\"]. It stays; "
        "builds see it with \"--no-build-isolation\" among pip_arguments."),
    wright::option("installer", &Config::installer,
                   "What installs the requirements. \"uv\" is faster; it is fetched for that and does not stay.")
        .choices("pip", "uv"),
    wright::option("uv_version", &Config::uv_version, "Exactly this uv, 0.4.23 or newer; the newest when empty."),
    wright::option("wheels", &Config::wheels,
                   "Where packages are found besides the index: a folder on the host or a URL."),
    wright::option("offline", &Config::offline, "Asks no index: everything comes from wheels."),
    wright::option("index_url", &Config::index_url, "Package index instead of pypi.org; may hold a password."),
    wright::option("extra_index_urls", &Config::extra_index_urls, "More indexes; may hold passwords."),
    wright::option("pip_arguments", &Config::pip_arguments,
                   "More arguments of the installer's install, such as \"--only-binary=:all:\"; no secrets."),
    wright::option(
        "pip_environment", &Config::pip_environment,
        "Variables of pip, such as HTTPS_PROXY; they change nothing that is installed already. To uv go those "
        "of PIP_INDEX_URL, PIP_EXTRA_INDEX_URL, PIP_FIND_LINKS, PIP_NO_INDEX, PIP_CONSTRAINT, PIP_CERT, "
        "PIP_TRUSTED_HOST and PIP_PROXY too; another PIP_... is refused there."),
    wright::option("recreate", &Config::recreate, "Another text here builds it anew."),
    wright::option("keep", &Config::keep, "Environments that stay on the host, to go back to.").range(1, 100),
    wright::option("imports", &Config::imports, "Modules that `wright verify` imports."),
    wright::option("timeout_s", &Config::timeout_s, "How long building may take, in seconds.").range(10, 86400));

}  // namespace virtualenv

#include <algorithm>
#include <cctype>
#include <set>
#include <wright/check.hpp>

#include "layout.hpp"
#include "text.hpp"

namespace django {
namespace {

bool is_name(const std::string& text) {
  return !text.empty() && text[0] != '-' && text[0] != '.' &&
         std::all_of(text.begin(), text.end(),
                     [](unsigned char c) { return std::isalnum(c) != 0 || c == '_' || c == '-' || c == '.'; });
}

bool is_module(const std::string& text) {
  return !text.empty() && text.find('-') == std::string::npos && text.find("..") == std::string::npos && is_name(text);
}

bool is_variable(const std::string& name) {
  return !name.empty() && std::isdigit(static_cast<unsigned char>(name[0])) == 0 &&
         std::all_of(name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; });
}

bool has_password(const std::string& url) {
  const auto host = url.find("://");
  if (host == std::string::npos) return false;
  const std::string authority = url.substr(host + 3, url.find('/', host + 3) - host - 3);
  const auto at = authority.find('@');
  return at != std::string::npos && authority.substr(0, at).find(':') != std::string::npos;
}

class Checking {
 public:
  explicit Checking(wright::Configure& on) : on_(on) {}
  void must(bool good, const std::string& option, const std::string& what) {
    if (good) return;
    on_.error(option, what);
    good_ = false;
  }
  [[nodiscard]] bool good() const { return good_; }

 private:
  wright::Configure& on_;
  bool good_ = true;
};

void check_code(Checking& it, const Config& c) {
  it.must(is_line(c.repository) && !c.repository.empty() && c.repository[0] != '-', "repository",
          "must be a git URL or an absolute path");
  it.must(!has_password(c.repository), "repository", "holds a password; put it into git_password");
  it.must(is_plain_relative(c.revision), "revision", "must be the name of a tag or branch, or a commit");
  it.must(is_name(release_of(c)), "release", "must be letters, digits, \"_\", \".\" and \"-\": it names a folder");
  it.must(is_line(c.git_user), "git_user", "must be one line");
  it.must(c.git_password.empty() || c.repository.starts_with("https://"), "git_password",
          "is for a repository over https; over SSH it is deploy_key");
  for (const auto& [path, folder] : c.links) {
    it.must(is_plain_relative(path) && is_plain_relative(folder), "links." + path, "must be two relative paths");
    it.must(std::find(c.folders.begin(), c.folders.end(), folder.substr(0, folder.find('/'))) != c.folders.end(),
            "links." + path, "leads to \"" + folder + "\", which is not in one of the folders");
  }
}

void check_project(Checking& it, const Config& c) {
  it.must(c.root.empty() || is_plain_path(c.root), "root", "must be a plain absolute path");
  it.must(c.project.empty() || is_plain_relative(c.project), "project", "must be a relative path");
  it.must(is_plain_relative(c.manage), "manage", "must be a relative path");
  it.must(c.static_root.empty() || is_plain_relative(c.static_root), "static_root", "must be relative to the project");
  it.must(is_module(c.settings), "settings", "must be the name of a module");
  it.must(c.wsgi.empty() || is_module(c.wsgi), "wsgi", "must be the name of a module");
  for (const auto& [name, value] : c.environment) {
    it.must(is_variable(name), "environment." + name, "cannot be the name of a variable");
    it.must(value.reveal().find('\0') == std::string::npos, "environment." + name, "holds a zero byte");
  }
  std::set<std::string> names;
  for (const auto& [path, content] : c.files) {
    it.must(is_plain_relative(path), "files." + path, "must be a relative path");
    std::string name = path;
    std::replace(name.begin(), name.end(), '/', '-');
    it.must(names.insert(name).second, "files." + path, "differs from another one in nothing but \"/\" and \"-\"");
  }
  it.must(c.files.empty() || std::find(c.folders.begin(), c.folders.end(), "files") == c.folders.end(), "folders",
          "cannot hold \"files\" where the option files is used");
  it.must(!dumps(c) || std::find(c.folders.begin(), c.folders.end(), "dumps") == c.folders.end(), "folders",
          "cannot hold \"dumps\" unless dump = false");
  for (std::size_t i = 0; i < c.folders.size(); ++i)
    it.must(is_name(c.folders[i]), wright::format("folders[{}]", i), "must be a plain name");
  const auto is_folder = [&](const std::string& name) {
    return std::find(c.folders.begin(), c.folders.end(), name) != c.folders.end();
  };
  for (const auto& [name, mode] : c.folder_modes) {
    it.must(is_folder(name), "folder_modes." + name, "is not one of the folders");
    it.must((wright::mode_of(mode).value_or(0) & 0700) == 0700, "folder_modes." + name,
            "must be octal digits such as 0755, with all permissions of its owner");
  }
  for (std::size_t i = 0; i < c.log_folders.size(); ++i)
    it.must(is_folder(c.log_folders[i]), wright::format("log_folders[{}]", i), "is not one of the folders");
  for (std::size_t i = 0; i < c.commands.size(); ++i)
    it.must(!c.commands[i].command.empty(), wright::format("commands[{}]", i), "is empty");
}

void check_requirements(Checking& it, const Config& c) {
  it.must(c.python.starts_with("python") ? is_name(c.python) : is_plain_path(c.python), "python",
          "must be a package such as python3.12, or an absolute path");
  for (std::size_t i = 0; i < c.requirements.size(); ++i)
    it.must(is_plain_relative(c.requirements[i]), wright::format("requirements[{}]", i), "must be a relative path");
  for (std::size_t i = 0; i < c.packages.size(); ++i)
    it.must(is_line(c.packages[i]) && !c.packages[i].starts_with("--"), wright::format("packages[{}]", i),
            "must be one requirement");
  for (std::size_t i = 0; i < c.pip_arguments.size(); ++i)
    it.must(c.pip_arguments[i] != "--files" && c.pip_arguments[i] != "--packages",
            wright::format("pip_arguments[{}]", i), "is no argument of pip install");
  it.must(c.requirements_apt.empty() || is_plain_relative(c.requirements_apt), "requirements_apt",
          "must be a relative path");
  it.must(c.root_script.empty() || is_plain_relative(c.root_script[0]), "root_script",
          "must begin with a path relative to the top of the repository");
  it.must(!c.offline || !c.wheels.empty(), "wheels", "is needed with offline = true");
  it.must(!c.offline || c.index_url.empty(), "index_url", "is not asked with offline = true");
}

}  // namespace

bool check(wright::Configure& on, const Config& c) {
  Checking it(on);
  it.must(is_name(user_of(on, c)), "user", "is not the name of an account");
  it.must(is_name(group_of(on, c)), "group", "is not the name of a group");
  check_code(it, c);
  check_project(it, c);
  check_requirements(it, c);
  it.must(c.superuser.username.empty() || !c.superuser.password.empty(), "superuser.password",
          "is needed for a superuser");
  it.must(c.superuser.username.empty() || c.migrate, "superuser", "is made where migrate = true only");
  return it.good();
}

}  // namespace django

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <set>

#include <wright/apt_source.hpp>

#include "options.hpp"
#include "templates/virtualenv.hpp"

namespace virtualenv {
namespace {

bool is_line(const std::string& text) {
  return std::none_of(text.begin(), text.end(), [](unsigned char c) { return std::iscntrl(c) != 0; });
}

bool is_path(const std::string& text) {
  return text.size() > 1 && text[0] == '/' && text.back() != '/' && is_line(text) &&
         (text + "/").find("/../") == std::string::npos;
}

/// FNV-1a: it names a folder by what was asked for; nobody gains by making two alike.
std::string digest_of(const std::vector<std::string>& parts) {
  std::uint64_t hash = 14695981039346656037U;
  auto add = [&](unsigned char byte) { hash = (hash ^ byte) * 1099511628211U; };
  for (const auto& part : parts) {
    for (const char c : part) add(static_cast<unsigned char>(c));
    add(0);
  }
  std::string out;
  for (int shift = 60; shift >= 0; shift -= 4) out += "0123456789abcdef"[(hash >> static_cast<unsigned>(shift)) & 15U];
  return out;
}

/// "3.11" of "3.11.2-1+b1".
std::string minor_of(const std::string& version) {
  const auto first = version.find('.');
  if (first == std::string::npos) return version;
  return version.substr(0, version.find_first_not_of("0123456789", first + 1));
}

/// The version that is or will be there. What is installed counts more than what apt could bring.
std::string python_version(const wright::Phase& on, const Config& c) {
  if (c.python != "python3") return c.python;
  const auto installed = on.fact("python3.version");
  return minor_of(installed.absent() ? on.fact("apt.candidate:python3").text_or("") : installed.text());
}

/// Those that templates/build.py gives to uv under names of its own, and those that change nothing that is installed.
constexpr std::array<std::string_view, 10> settings_of_both = {
    "PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "PIP_NO_INDEX",     "PIP_CONSTRAINT",
    "PIP_CERT",      "PIP_TRUSTED_HOST",    "PIP_PROXY",      "PIP_NO_CACHE_DIR", "PIP_DISABLE_PIP_VERSION_CHECK"};

struct Place {
  std::string store, digest, folder, requirements;
  std::string files;  ///< folder of requirements_files
};

std::string files_of(const Config& c) { return c.path + ".requirements.d"; }

std::string requirements_of(const Config& c) {
  std::string out;
  for (const auto& line : c.requirements) out += line + "\n";
  out += c.requirements_text;
  if (!out.empty() && out.back() != '\n') out += '\n';
  for (const auto& file : c.requirements_files)
    if (file.use != "reference")
      out += wright::format("{} {}/{}\n", file.use == "constraints" ? "-c" : "-r", files_of(c), file.name);
  return out;
}

Place place_of(const wright::Phase& on, const Config& c) {
  std::vector<std::string> parts = {python_version(on, c), c.system_site_packages ? "system" : "", c.pip_version,
                                    requirements_of(c), c.recreate};
  if (c.installer == "uv") parts.insert(parts.begin(), "uv " + c.uv_version);
  for (const auto& one : c.install_first) parts.push_back("first " + one);
  for (const auto& file : c.requirements_files) parts.push_back("file " + file.name + "\n" + file.text);
  parts.insert(parts.end(), c.pip_arguments.begin(), c.pip_arguments.end());
  Place place{c.path + ".d", digest_of(parts), "", c.path + ".requirements.txt", files_of(c)};
  place.folder = place.store + "/" + place.digest;
  return place;
}

/// "0.4.23" as numbers; none when it is no such version.
std::vector<std::uint64_t> numbers_of(const std::string& version) {
  std::vector<std::uint64_t> numbers = {0};
  bool digit = false;
  for (const char c : version) {
    if (c == '.' && digit)
      numbers.push_back(0);
    else if (c >= '0' && c <= '9' && numbers.back() < 1000000)
      numbers.back() = numbers.back() * 10 + static_cast<unsigned>(c - '0');
    else
      return {};
    digit = c != '.';
  }
  return digit ? numbers : std::vector<std::uint64_t>{};
}

/// What uv would pass over in silence, and then ask the public index for a package that was meant to be another's.
template <class Bad>
void check_uv(const Config& c, const Bad& bad) {
  const std::vector<std::uint64_t> oldest = {0, 4, 23};
  const auto numbers = numbers_of(c.uv_version);
  if (!c.uv_version.empty() && numbers.empty()) bad("uv_version", "must be a version such as 0.5.31");
  if (!numbers.empty() && numbers < oldest)
    bad("uv_version", "must be 0.4.23 or newer: older ones do not know the variable for the index");
  for (const auto& [name, value] : c.pip_environment)
    if (name.starts_with("PIP_") &&
        std::find(settings_of_both.begin(), settings_of_both.end(), name) == settings_of_both.end())
      bad("pip_environment." + name, "means nothing to uv; give its own variable (UV_...), or installer = \"pip\"");
}

template <class Bad>
void check_files(const Config& c, const Bad& bad) {
  std::set<std::string> names;
  for (std::size_t i = 0; i < c.requirements_files.size(); ++i) {
    const std::string place = wright::format("requirements_files[{}].name", i);
    const std::string& name = c.requirements_files[i].name;
    if (name.empty() || name[0] == '.' || name[0] == '-' ||
        !std::all_of(name.begin(), name.end(), [](unsigned char one) {
          return std::isalnum(one) != 0 || one == '.' || one == '_' || one == '-';
        }))
      bad(place, "must be a plain file name of letters, digits, \".\", \"_\" and \"-\"");
    if (!names.insert(name).second) bad(place, "is another one's already");
  }
  if (!names.empty() && c.path.find(' ') != std::string::npos)
    bad("path", "must hold no blanks with requirements_files: a requirements file could not name them");
}

bool check(wright::Configure& on, const Config& c) {
  bool good = true;
  auto bad = [&](const std::string& option, const std::string& what) {
    on.error(option, what);
    good = false;
  };
  if (!is_path(c.path)) bad("path", "must be an absolute path without \"..\"");
  if (c.python.empty() || !is_line(c.python) ||
      (c.python[0] == '/' ? !is_path(c.python) : !c.python.starts_with("python")))
    bad("python", "must be a package such as python3.12, or an absolute path");
  for (std::size_t i = 0; i < c.requirements.size(); ++i)
    if (!is_line(c.requirements[i])) bad(wright::format("requirements[{}]", i), "must be one line");
  check_files(c, bad);
  if (!wright::check_apt_source(on, c.source)) good = false;
  if (!c.source.uri.empty() && (c.python == "python3" || c.python[0] == '/'))
    bad("python", "must be the package that source has, such as python3.12");
  for (std::size_t i = 0; i < c.install_first.size(); ++i)
    if (!is_line(c.install_first[i]) || c.install_first[i].empty() || c.install_first[i][0] == '-')
      bad(wright::format("install_first[{}]", i), "must be one requirement");
  for (std::size_t i = 0; i < c.imports.size(); ++i)
    if (c.imports[i].empty() || !std::all_of(c.imports[i].begin(), c.imports[i].end(), [](unsigned char ch) {
          return std::isalnum(ch) != 0 || ch == '_' || ch == '.';
        }))
      bad(wright::format("imports[{}]", i), "is not the name of a module");
  if (!is_line(c.wheels) || !is_line(c.pip_version)) bad("wheels", "and pip_version must be one line");
  if (c.installer == "uv")
    check_uv(c, bad);
  else if (!c.uv_version.empty())
    bad("uv_version", "is for installer = \"uv\"");
  if (c.offline && c.wheels.empty()) bad("wheels", "is needed with offline = true");
  if (c.offline && (!c.index_url.empty() || !c.extra_index_urls.empty()))
    bad("index_url", "is not asked with offline = true");
  return good;
}

/// By variables and not by arguments: an index may have a password in its URL.
void give_pip_its_settings(const wright::Command& build, const Config& c) {
  build.environment("PIP_NO_CACHE_DIR", "1").environment("PIP_DISABLE_PIP_VERSION_CHECK", "1");
  if (!c.pip_version.empty()) build.environment("WRIGHT_PIP", "pip==" + c.pip_version);
  std::string first;
  for (const auto& one : c.install_first) first += one + "\n";
  if (!first.empty()) build.environment("WRIGHT_FIRST", first);
  if (c.installer == "uv") build.environment("WRIGHT_UV", c.uv_version.empty() ? "uv" : "uv==" + c.uv_version);
  if (!c.wheels.empty()) build.environment("PIP_FIND_LINKS", c.wheels);
  if (c.offline) build.environment("PIP_NO_INDEX", "1");
  if (!c.index_url.empty()) build.environment("PIP_INDEX_URL", c.index_url);
  std::string more;
  for (const auto& url : c.extra_index_urls) more += (more.empty() ? "" : " ") + url.reveal();
  if (!more.empty()) build.environment("PIP_EXTRA_INDEX_URL", wright::Secret(more));
  for (const auto& [name, value] : c.pip_environment) build.environment(name, value);
}

struct Virtualenv : wright::Plugin {
  static constexpr auto about = wright::about("virtualenv", "1.0.0", "Python virtual environment with its packages");
  using Config = virtualenv::Config;
  static constexpr auto options = config_options;

  void install(wright::Install& on, const Config& c) {
    if (c.python.starts_with("python")) {
      wright::apt_source(on, c.source, on.package(c.python));
      wright::apt_source(on, c.source, on.package(c.python + "-venv"));
    }
    for (const auto& name : c.apt_packages) on.package(name);
  }

  void configure(wright::Configure& on, const Config& c) {
    if (!check(on, c)) return;
    const Place place = place_of(on, c);
    const std::string group = c.group.empty() ? c.user : c.group;
    const std::string python = c.python[0] == '/' ? c.python : "/usr/bin/" + c.python;

    auto list = on.file(place.requirements).mode(0644).content(requirements_of(c));
    auto store = on.directory(place.store).mode(0755).owner(c.user, group);
    std::vector<std::string> argv = {
        python, "-I", "-", python, place.folder, place.requirements, c.system_site_packages ? "yes" : "no"};
    argv.insert(argv.end(), c.pip_arguments.begin(), c.pip_arguments.end());
    auto build = on.command("build " + c.path)
                     .argv(argv)
                     .input(templates::build_py)
                     .creates(place.folder + "/.complete")
                     .undo({"/bin/rm", "-rf", "--one-file-system", "--", place.folder})
                     .makes({place.folder})
                     .user(c.user)
                     .timeout(c.timeout_s)
                     .after(list, store);
    if (!c.requirements_files.empty()) {
      auto files = on.directory(place.files).mode(0755);
      for (const auto& file : c.requirements_files)
        build.after(on.file(place.files + "/" + file.name).mode(0644).content(file.text).after(files));
    }
    give_pip_its_settings(build, c);
    auto link = on.symlink(c.path).target(place.folder).after(build);
    on.command("clean " + place.store)
        .argv({python, "-I", "-", place.store, wright::format("{}", c.keep), place.digest})
        .input(templates::clean_py)
        .stamp(place.digest + wright::format(" {}", c.keep))
        .user(c.user)
        .after(link);

    on.export_value("path", c.path);
    on.export_value("bin", c.path + "/bin");
    on.export_value("python", c.path + "/bin/python");
    on.export_value("digest", place.digest);
    on.export_value("restart_on", std::vector<std::string>{"symlink:" + c.path});
  }

  void verify(wright::Verify& on, const Config& c) {
    const std::string python = c.path + "/bin/python";
    on.check_command({python, "-m", "pip", "--disable-pip-version-check", "check"})
        .user(c.user)
        .named("the packages of " + c.path + " fit together");
    if (c.imports.empty()) return;
    std::string program = "import ";
    for (const auto& name : c.imports) program += (name == c.imports.front() ? "" : ", ") + name;
    on.check_command({python, "-I", "-c", program}).user(c.user).named(c.path + ": " + program);
  }
};

}  // namespace
}  // namespace virtualenv

using VirtualenvPlugin = virtualenv::Virtualenv;
WRIGHT_PLUGIN(VirtualenvPlugin)

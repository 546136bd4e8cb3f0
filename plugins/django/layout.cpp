#include "layout.hpp"

#include "text.hpp"

namespace django {
namespace {

/// The version that is or will be there. What is installed counts more than what apt could bring.
std::string python_version(const wright::Phase& on, const Config& c) {
  if (c.python != "python3") return c.python;
  const auto installed = on.fact("python3.version");
  return minor_of(installed.absent() ? on.fact("apt.candidate:python3").text_or("") : installed.text());
}

}  // namespace

std::string root_of(const wright::Phase& on, const Config& c) {
  return c.root.empty() ? "/srv/" + on.component() : c.root;
}
std::string user_of(const wright::Phase& on, const Config& c) { return c.user.empty() ? on.component() : c.user; }
std::string group_of(const wright::Phase& on, const Config& c) { return c.group.empty() ? user_of(on, c) : c.group; }

std::string release_of(const Config& c) {
  std::string name = c.release.empty() ? c.revision : c.release;
  for (char& letter : name)
    if (letter == '/') letter = '-';
  return name;
}

Layout layout_of(const wright::Phase& on, const Config& c) {
  Layout at;
  at.root = root_of(on, c);
  at.user = user_of(on, c);
  at.group = group_of(on, c);
  at.wsgi = c.wsgi.empty() ? c.settings.substr(0, c.settings.find('.')) + ".wsgi" : c.wsgi;
  at.release = release_of(c);
  at.folder = at.root + "/releases/" + at.release;
  at.current = at.root + "/current";
  at.project = c.project.empty() ? "" : "/" + c.project;
  at.static_new = at.folder + "/static";
  const std::string collected = c.static_root.empty() ? "/static" : "/code" + at.project + "/" + c.static_root;
  at.static_now = at.current + collected;
  at.static_before = at.current + "/before" + collected;
  at.python = c.python[0] == '/' ? c.python : "/usr/bin/" + c.python;

  std::vector<std::string> checkout = {c.repository, c.revision};
  for (const auto& [path, folder] : c.links) checkout.push_back(path + "=" + folder);
  for (const auto& [path, content] : c.files) {
    std::string name = path;
    for (char& letter : name)
      if (letter == '/') letter = '-';
    at.files[path] = at.root + "/files/" + name;
    checkout.push_back("file " + path);
  }
  at.checkout_mark = ".checkout-" + digest_of(checkout);
  std::vector<std::string> packages = {python_version(on, c), c.recreate};
  for (const auto* list : {&c.requirements, &c.packages, &c.pip_arguments}) {
    packages.emplace_back();
    packages.insert(packages.end(), list->begin(), list->end());
  }
  at.packages_mark = ".packages-" + digest_of(packages);
  std::string inputs = at.release + "\n" + at.checkout_mark + "\n" + at.packages_mark + "\n";
  for (const auto& [name, value] : variables_of(c, at)) inputs += name + "=" + value.reveal() + "\n";
  for (const auto& [path, content] : c.files) inputs += path + "\n" + content.reveal() + "\n";
  at.inputs = wright::Secret(inputs);
  return at;
}

std::map<std::string, wright::Secret> variables_of(const Config& c, const Layout& at) {
  auto all = c.environment;
  all.try_emplace("DJANGO_SETTINGS_MODULE", c.settings);
  all.try_emplace("STATIC_ROOT", at.current + "/static");
  all.try_emplace("MEDIA_ROOT", at.root + "/media");
  return all;
}

wright::Secret environment_file(const std::map<std::string, wright::Secret>& variables) {
  std::string out;
  for (const auto& [name, value] : variables) out += name + "=" + shell_quoted(value).reveal() + "\n";
  return wright::Secret(out);
}

}  // namespace django

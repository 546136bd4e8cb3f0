#include "agent/packages/variables.hpp"

#include <algorithm>
#include <set>

#include "base/sha256.hpp"

namespace wright::agent::packages {
namespace {

/// Of apt, dpkg, debconf, the shells, Perl, Python and the C library.
constexpr std::string_view theirs_begin[] = {"APT_",   "BASH",   "DEBCONF_", "DEBIAN_", "DPKG_",   "GCONV_",
                                             "GLIBC_", "LANG",   "LC_",      "LD_",     "MALLOC_", "OPENSSL_",
                                             "PERL",   "PYTHON", "SHELL",    "TMP",     "UCF_"};

bool is_free(std::string_view name) {
  static const std::set<std::string_view> theirs = {"CDPATH", "ENV", "HOME", "IFS", "PATH", "PS4"};
  const bool plain = !name.empty() && !(name[0] >= '0' && name[0] <= '9') &&
                     std::all_of(name.begin(), name.end(),
                                 [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; });
  return plain && !theirs.contains(name) &&
         std::none_of(std::begin(theirs_begin), std::end(theirs_begin),
                      [&](std::string_view begin) { return name.starts_with(begin); });
}

bool has(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

void Variables::add(const Variables& other) {
  fixed.insert(other.fixed.begin(), other.fixed.end());
  for (const auto& name : other.random)
    if (!has(random, name)) random.push_back(name);
}

std::map<std::string, std::string> Variables::given() const {
  auto all = fixed;
  // Small and capital letters, digits and another sign: what rules for passwords ask for.
  for (const auto& name : random) all.emplace(name, "Aa1_" + random_hex(16));
  return all;
}

Value to_value(const Variables& variables) {
  Value::Map fixed;
  for (const auto& [name, text] : variables.fixed) fixed[name] = text;
  return Value::Map{{"fixed", std::move(fixed)}, {"random", Value(variables.random)}};
}

Variables variables_from(const Value& value) {
  Variables variables;
  if (const auto* fixed = value["fixed"].as_map())
    for (const auto& [name, text] : *fixed) variables.fixed[name] = text.text_or("");
  variables.random = value["random"].strings();
  return variables;
}

void check(const Variables& wanted, const Variables& others, const std::string& where, Diagnostics& problems) {
  auto bad = [&](const std::string& what, const std::string& next) {
    problems.add({Severity::error, Fault::bad_plugin, where, what, {}, next});
  };
  auto check_name = [&](const std::string& name) {
    if (!is_free(name))
      bad("\"" + name + "\" is no variable that scripts of packages can be given",
          "the plugin may name variables of the package alone, in capital letters");
  };
  const std::string another = "another package that is installed with it wants another ";
  const std::string apart =
      "two plugins do not fit together: take their components to different hosts, or tell who wrote them";
  for (const auto& [name, text] : wanted.fixed) {
    check_name(name);
    if (text.find('\0') != std::string::npos) bad("the variable " + name + " has a NUL in it", "leave it out");
    const auto found = others.fixed.find(name);
    if ((found != others.fixed.end() && found->second != text) || has(others.random, name)) bad(another + name, apart);
  }
  for (const auto& name : wanted.random) {
    check_name(name);
    if (others.fixed.contains(name) || wanted.fixed.contains(name)) bad(another + name, apart);
  }
}

}  // namespace wright::agent::packages

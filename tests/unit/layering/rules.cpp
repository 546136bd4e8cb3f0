#include "unit/layering/rules.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

namespace wright::layering {
namespace {

constexpr std::array<std::string_view, 11> layers{"base",   "model", "graph", "site",   "schema", "transport",
                                                  "plugin", "agent", "run",   "report", "cli"};

/// Whose a third-party header is. Only .cpp files of the folders include it, or the one file named.
struct Owner {
  std::string_view header;  ///< beginning of its name
  std::vector<std::string_view> folders;
};
const std::vector<Owner> owners{
    {"toml++/", {"core/site/"}},
    {"libssh/", {"core/transport/", "tests/bench/"}},  // the bench measures a bare handshake
    {"boost/beast/", {"core/agent/probes/"}},
    {"dtl/", {"core/agent/resources/"}},
    {"boost/dll", {"core/plugin/"}},
    {"boost/program_options", {"core/cli/"}},
    {"sqlite3.h", {"core/agent/journal/"}},
    {"spdlog/", {"core/report/", "core/agent/"}},
    {"fmt/", {"core/report/", "core/agent/"}},
    {"nlohmann/", {"core/model/"}},
    {"openssl/", {"core/base/", "core/agent/"}},
    {"crypt.h", {"plugins/elasticsearch/", "tests/"}},
    {"tl/expected.hpp", {"core/base/result.hpp"}},
    {"gtest/", {"tests/"}},
    {"gmock/", {"tests/"}},
    {"fuzzer/", {"tests/"}},
};

int layer_of(std::string_view folder) {
  const auto found = std::find(layers.begin(), layers.end(), folder);
  return found == layers.end() ? -1 : static_cast<int>(found - layers.begin());
}

bool is_test(const SourceFile& file) {
  return file.path.starts_with("tests/") ||
         (file.path.starts_with("plugins/") && file.path.find("/tests/") != std::string::npos);
}

std::string at(const SourceFile& file, std::size_t line, const std::string& what) {
  return file.path + ":" + std::to_string(line) + ": " + what;
}

std::string shown(const Include& include) {
  return include.angled ? "<" + include.name + ">" : "\"" + include.name + "\"";
}

/// What the agent, which runs on the target, may see of the rest of the program.
bool agent_may_include(const Include& include) {
  const std::string folder = include.name.substr(0, include.name.find('/'));
  return folder == "base" || folder == "model" || folder == "graph" || folder == "agent" ||
         include.name == "transport/frame.hpp";
}

bool is_standard(std::string_view name) {
  return name.find('/') == std::string_view::npos && name.find('.') == std::string_view::npos;
}

/// A plugin may own a third-party header, too.
bool is_own(std::string_view name, const std::string& path) {
  return std::any_of(owners.begin(), owners.end(), [&](const Owner& owner) {
    return name.starts_with(owner.header) &&
           std::any_of(owner.folders.begin(), owner.folders.end(),
                       [&](std::string_view folder) { return path.starts_with(folder); });
  });
}

bool is_of_the_system(std::string_view name) {
  static constexpr std::string_view folders[] = {"sys/", "linux/", "net/", "netinet/", "arpa/", "asm/"};
  return name.find('/') == std::string_view::npos ||
         std::any_of(std::begin(folders), std::end(folders), [&](std::string_view f) { return name.starts_with(f); });
}

}  // namespace

std::vector<std::string> breaches_of_order(const std::vector<SourceFile>& tree) {
  std::vector<std::string> out;
  for (const auto& file : tree) {
    if (!file.path.starts_with("core/")) continue;
    const std::string own = file.path.substr(5, file.path.find('/', 5) - 5);
    for (const auto& include : file.includes()) {
      if (include.angled) continue;
      const std::string folder = include.name.substr(0, include.name.find('/'));
      const int layer = layer_of(folder);
      if (layer < 0)
        out.push_back(at(file, include.line, shown(include) + " begins with no folder of core"));
      else if (layer > layer_of(own))
        out.push_back(at(file, include.line, own + " is below " + folder + " and includes " + shown(include)));
      else if (own == "agent" && !agent_may_include(include))
        out.push_back(at(file, include.line, "the agent includes " + shown(include)));
    }
  }
  return out;
}

std::vector<std::string> breaches_of_the_sdk(const std::vector<SourceFile>& tree) {
  std::vector<std::string> out;
  for (const auto& file : tree) {
    const bool core = file.path.starts_with("core/");
    const bool plugin = file.path.starts_with("plugins/") && !is_test(file);
    const bool sdk = file.path.starts_with("sdk/include/");
    for (const auto& include : file.includes()) {
      const bool of_sdk = include.name.starts_with("wright/");
      const std::string says = "includes " + shown(include);
      if (core && of_sdk && (include.name != "wright/plugin.h" || !file.path.starts_with("core/plugin/")))
        out.push_back(at(file, include.line, says + "; only core/plugin meets the SDK, in <wright/plugin.h>"));
      if ((plugin || sdk) && include.angled && !of_sdk && !is_standard(include.name) && include.name != "stdint.h" &&
          include.name != "stddef.h" && !is_own(include.name, file.path))
        out.push_back(at(file, include.line, says + "; here are only <wright/...> and standard headers"));
      if (plugin && !include.angled &&
          (include.name.find("..") != std::string::npos ||
           layer_of(include.name.substr(0, include.name.find('/'))) >= 0))
        out.push_back(at(file, include.line, says + ", which is not in the plugin's own folder"));
      if (sdk && !include.angled) out.push_back(at(file, include.line, says + "; the SDK writes <wright/...>"));
    }
  }
  return out;
}

std::vector<std::string> breaches_of_ownership(const std::vector<SourceFile>& tree) {
  std::vector<std::string> out;
  for (const auto& file : tree) {
    for (const auto& include : file.includes()) {
      if (include.name.starts_with("wright/") || include.name.starts_with("templates/")) continue;
      const auto owner = std::find_if(owners.begin(), owners.end(),
                                      [&](const Owner& o) { return include.name.starts_with(o.header); });
      if (owner == owners.end()) {
        if (include.angled && !is_of_the_system(include.name) && !is_test(file))
          out.push_back(at(file, include.line, shown(include) + " has no folder that owns it"));
        continue;
      }
      const std::string path = file.path.starts_with("plugins/") && is_test(file) ? "tests/" + file.path : file.path;
      const auto own = std::find_if(owner->folders.begin(), owner->folders.end(),
                                    [&](std::string_view folder) { return path.starts_with(folder); });
      if (own == owner->folders.end())
        out.push_back(at(file, include.line, shown(include) + " belongs to " + std::string(owner->folders.front())));
      else if (own->ends_with('/') && *own != "tests/" && !file.is_cpp())
        out.push_back(at(file, include.line, shown(include) + " belongs into a .cpp file"));
    }
  }
  return out;
}

std::vector<std::string> breaches_of_size(const std::vector<SourceFile>& tree) {
  constexpr std::size_t most = 500;
  static const std::set<std::string> folders{"core", "sdk", "plugins", "tests"};
  std::vector<std::string> out;
  for (const auto& file : tree) {
    // An ABI dump is written by abidw, a corpus by a fuzzer.
    if (!folders.contains(file.top(1)) || file.path.ends_with(".abi") || file.path.ends_with(".expected.json") ||
        file.path.starts_with("tests/fuzz/corpus/"))
      continue;
    if (file.lines.size() > most)
      out.push_back(
          at(file, most + 1, "the file has " + std::to_string(file.lines.size()) + " lines; 500 are the most"));
  }
  return out;
}

std::vector<std::string> breaches_of_naming(const std::vector<SourceFile>& tree) {
  static const std::set<std::string> empty_words{"util",    "utils",    "utilities", "helper", "helpers",
                                                 "manager", "managers", "common",    "misc"};
  static const std::set<std::string> folders{"core", "sdk", "plugins", "tests"};
  std::vector<std::string> out;
  std::set<std::string> told;
  for (const auto& file : tree) {
    if (!folders.contains(file.top(1))) continue;
    std::size_t begin = 0;
    while (begin <= file.path.size()) {
      const std::size_t end = std::min(file.path.find('/', begin), file.path.size());
      const std::string part = file.path.substr(begin, end - begin);
      if (empty_words.contains(part.substr(0, part.find('.'))) && told.insert(file.path.substr(0, end)).second)
        out.push_back(at(file, 1, "\"" + part + "\" does not say what is in it"));
      begin = end + 1;
    }
  }
  return out;
}

std::vector<std::string> breaches_of_self_containment(const std::vector<SourceFile>& tree) {
  // In two pieces, so that this file does not name them.
  const std::string outside[] = {std::string("../") + "shared", std::string("/work/") + "shared"};
  std::vector<std::string> out;
  for (const auto& file : tree)
    for (std::size_t i = 0; i < file.lines.size(); ++i)
      for (const auto& place : outside)
        if (file.lines[i].find(place) != std::string::npos)
          out.push_back(at(file, i + 1, "names " + place + ", which is not in the tree"));
  return out;
}

}  // namespace wright::layering

// One case of a plugin as data: plugin_case CASE.case.json PLUGIN_FOLDER. The case gives options and facts; what the
// plugin declares is compared with CASE.expected.json beside it, where secrets are not to be read, but for exports of a
// case with "show_secrets": true. WRIGHT_ACCEPT=1 writes that file instead: read the
// difference.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "model/encoding.hpp"
#include "model/lists.hpp"
#include "plugin/plugins.hpp"
#include "schema/check.hpp"

namespace {

using wright::Value;

std::string read(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

Value problems(const wright::Diagnostics& all) {
  Value::List out;
  for (const auto& one : all.items()) out.emplace_back(one.where + ": " + one.what);
  return Value::Map{{"problems", std::move(out)}};
}

Value readable(const Value& value) {
  if (const auto* secret = value.as_secret()) return secret->reveal();
  Value out = value;
  if (auto* map = out.as_map())
    for (auto& [key, one] : *map) one = readable(one);
  if (auto* list = out.as_list())
    for (auto& one : *list) one = readable(one);
  return out;
}

wright::Result<Value> declare(const Value& given, const std::string& name, const std::string& folder) {
  auto plugins = wright::start_plugins();
  if (!plugins) return wright::failure(plugins.error());
  auto description = (*plugins)->describe({name, folder + "/" + name + ".so"});
  if (!description) return wright::failure(description.error());
  const Value::Map* written = given["options"].as_map();
  auto options = wright::complete_options(*description, written == nullptr ? Value::Map{} : *written,
                                          [](const std::string& key) { return key; });
  if (!options) return problems(options.error());
  const Value::Map* facts = given["facts"].as_map();
  auto declared = (*plugins)->evaluate({name, name, "host", *options, facts == nullptr ? Value::Map{} : *facts});
  if (!declared) return problems(declared.error());
  return Value::Map{
      {"resources", wright::list_to_value(declared->resources)},
      {"probes", wright::list_to_value(declared->probes)},
      {"rollback", wright::list_to_value(declared->rollback)},
      {"exports", given["show_secrets"].bool_or(false) ? readable(declared->exports) : Value(declared->exports)},
      {"missing_facts", declared->missing_facts}};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 64;
  const std::filesystem::path path = argv[1];
  const auto given = wright::from_json(read(path));
  if (!given) {
    std::cerr << path << ": " << wright::to_text(given.error()) << '\n';
    return 1;
  }
  const auto got = declare(*given, path.parent_path().parent_path().filename(), argv[2]);
  if (!got) {
    std::cerr << wright::to_text(got.error()) << '\n';
    return 1;
  }
  std::string stem = path.string();
  const std::filesystem::path expected = stem.replace(stem.rfind(".case.json"), std::string::npos, ".expected.json");
  const std::string text = wright::to_json(*got, 1) + "\n";
  if (std::getenv("WRIGHT_ACCEPT") != nullptr) {
    std::ofstream(expected, std::ios::binary) << text;
    return 0;
  }
  if (text == read(expected)) return 0;
  std::cerr << "what the plugin declares is not " << expected << "; it is now:\n"
            << text << "with WRIGHT_ACCEPT=1 this run writes it there\n";
  return 1;
}

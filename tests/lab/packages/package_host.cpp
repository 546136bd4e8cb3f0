// The package kind by itself on a host, as the agent calls it: what it is to undo is in files, so that it can be
// killed.

#include <cstdio>
#include <string>
#include <vector>

#include "agent/files/files.hpp"
#include "agent/packages/package_kind.hpp"
#include "model/encoding.hpp"

namespace {

using namespace wright;
using namespace wright::agent;

constexpr const char* folder = "/var/lib/wright";

int tell(const Diagnostics& problems) {
  std::fprintf(stderr, "%s\n", to_text(problems).c_str());
  return 1;
}

/// "nginx", "nginx=1.2-3", "nginx-" (absent), "nginx+" (with what it recommends).
Resource resource_named(std::string word) {
  Resource resource;
  resource.id.kind = "package";
  if (word.ends_with('-')) {
    resource.attributes["ensure"] = "absent";
    word.pop_back();
  } else if (word.ends_with('+') && !word.ends_with("++")) {
    resource.attributes["recommends"] = true;
    word.pop_back();
  }
  if (const auto at = word.find('='); at != std::string::npos) {
    resource.attributes["version"] = word.substr(at + 1);
    word.resize(at);
  }
  resource.id.name = word;
  return resource;
}

Result<std::vector<Item>> items_for(Kind& kind, const std::vector<Resource>& resources, Context& context) {
  std::vector<const Resource*> pointers;
  for (const auto& resource : resources) pointers.push_back(&resource);
  auto seen = kind.look(pointers, context);
  if (!seen) return failure(seen.error());
  std::vector<Item> items;
  for (std::size_t i = 0; i < resources.size(); ++i) {
    Item item{&resources[i], (*seen)[i], kind.compare(resources[i], (*seen)[i])};
    if (item.difference.action != Action::none) items.push_back(std::move(item));
  }
  return items;
}

Result<> save(const char* name, const Value& value) {
  return replace_file(std::string(folder) + "/" + name, to_cbor(value), {0600, 0, 0});
}

Value load(const char* name) {
  const auto bytes = read_file(std::string(folder) + "/" + name, std::size_t{1} << 28U);
  return bytes ? from_cbor(*bytes).value_or(Value()) : Value();
}

int plan(Kind& kind, std::vector<Item> items, Context& context) {
  if (items.empty()) {
    std::puts("nothing to do");
    return 0;
  }
  if (auto simulated = kind.simulate(items, context); !simulated) return tell(simulated.error());
  for (const auto& item : items) {
    std::printf("%s %s\n", std::string(name_of(item.difference.action)).c_str(), item.resource->id.name.c_str());
    for (const auto& change : item.difference.attributes)
      std::printf("  %s: %s -> %s\n", change.name.c_str(), change.before.text_or("").c_str(),
                  change.after.text_or("").c_str());
    for (const auto& note : item.difference.notes) std::printf("  %s\n", note.c_str());
  }
  return 0;
}

int apply(Kind& kind, const std::vector<Item>& items, Context& context) {
  if (items.empty()) return tell(Diagnostics({Severity::error, Fault::failed, {}, "nothing to do", {}, {}}));
  const auto undo = kind.prepare(items, context);
  if (!undo) return tell(undo.error());
  if (auto saved = save("undo", *undo); !saved) return tell(saved.error());
  if (auto forgotten = remove_path(std::string(folder) + "/done"); !forgotten) return tell(forgotten.error());
  const auto done = kind.change(items, *undo, context);
  if (!done) return tell(done.error());
  if (auto saved = save("done", *done); !saved) return tell(saved.error());
  return 0;
}

int undo(Kind& kind, const std::vector<Resource>& resources, Context& context) {
  UndoRecord record;
  record.undo = load("undo");
  record.done = load("done");
  for (const auto& name : record.undo["names"].strings())
    if (resources.empty() || resources.front().id.name == name) record.ids.push_back({"package", name});
  auto undone = kind.undo(record, context);
  if (undone) undone = kind.settle(record, context);
  for (const auto& line : context.quarantined) std::printf("quarantined %s\n", line.c_str());
  for (const auto& line : context.kept) std::printf("kept %s\n", line.c_str());
  return undone ? 0 : tell(undone.error());
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  if (arguments.empty()) return 64;
  std::vector<Resource> resources;
  for (std::size_t i = 1; i < arguments.size(); ++i) resources.push_back(resource_named(arguments[i]));
  const auto kind = make_package_kind();
  Context context;
  context.transaction = "lab";
  if (arguments[0] == "undo") return undo(*kind, resources, context);
  auto items = items_for(*kind, resources, context);
  if (!items) return tell(items.error());
  if (arguments[0] == "plan") return plan(*kind, std::move(*items), context);
  if (arguments[0] == "apply") return apply(*kind, *items, context);
  return 64;
}

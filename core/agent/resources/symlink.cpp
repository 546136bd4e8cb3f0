#include "agent/resources/before.hpp"
#include "agent/resources/kinds.hpp"

namespace wright::agent {
namespace {

class SymlinkKind : public Kind {
 public:
  Result<std::vector<Observed>> look(std::span<const Resource* const> resources, Context& context) override {
    (void)context;
    std::vector<Observed> all;
    Diagnostics problems;
    for (const auto* resource : resources) {
      const auto seen = look_at(resource->id.name);
      if (!seen) {
        problems.add(seen.error());
        continue;
      }
      Observed observed;
      observed.exists = seen->type != FileState::Type::absent;
      observed.state["type"] = name_of(seen->type);
      if (seen->type == FileState::Type::symlink) observed.state["target"] = seen->target;
      all.push_back(std::move(observed));
    }
    if (problems.has_errors()) return failure(problems);
    return all;
  }

  Difference compare(const Resource& resource, const Observed& observed) const override {
    Difference difference;
    const Value now(observed.state);
    const std::string type = now["type"].text_or("absent");
    if (wanted_absent(resource)) {
      if (type == "symlink") difference.action = Action::remove;
      if (observed.exists && type != "symlink")
        difference.notes.push_back("a " + type + " is there, not a link; it is left alone");
      return difference;
    }
    const std::string target = text_attribute(resource, "target");
    if (observed.exists && type != "symlink") difference.attributes.push_back({"type", type, "symlink", {}, false});
    if (now["target"].text_or("") != target)
      difference.attributes.push_back({"target", now["target"], target, {}, false});
    if (!difference.attributes.empty()) difference.action = observed.exists ? Action::update : Action::create;
    return difference;
  }

  Result<Value> prepare(std::span<const Item> items, Context& context) override {
    Value::Map undo;
    for (const auto& item : items) {
      const std::string& path = item.resource->id.name;
      auto before = record_before(path, context);
      if (!before) return failure(before.error());
      const std::string type = (*before)["type"].text_or("");
      if (type == "directory" || type == "special")
        return failure(path, "a " + type + " is where the link must be", {}, "move it away, or name another path");
      undo[path] = std::move(*before);
    }
    return Value(std::move(undo));
  }

  Result<Value> change(std::span<const Item> items, const Value& undo, Context& context) override {
    (void)undo;
    (void)context;
    for (const auto& item : items) {
      const std::string& path = item.resource->id.name;
      auto changed = item.difference.action == Action::remove
                         ? remove_path(path)
                         : replace_symlink(path, text_attribute(*item.resource, "target"));
      if (!changed) return failure(changed.error());
    }
    return Value();
  }

  Result<> undo(const UndoRecord& record, Context& context) override { return restore_all(record, false, context); }
};

}  // namespace

std::unique_ptr<Kind> make_symlink_kind() { return std::make_unique<SymlinkKind>(); }

}  // namespace wright::agent

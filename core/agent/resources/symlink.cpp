#include "agent/resources/before.hpp"
#include "agent/resources/kinds.hpp"
#include "agent/resources/one_by_one.hpp"

namespace wright::agent {
namespace {

class SymlinkKind : public OneByOne {
 public:
  [[nodiscard]] Keeping keeping() const override { return Keeping::copy; }

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

  Result<> undo(const UndoRecord& record, Context& context) override { return restore_all(record, false, context); }

 protected:
  Result<Observed> look_at_one(const Resource& resource, const Accounts& /*accounts*/,
                               Context& /*context*/) const override {
    const auto seen = look_at(resource.id.name);
    if (!seen) return failure(seen.error());
    Observed observed;
    observed.exists = seen->type != FileState::Type::absent;
    observed.state["type"] = name_of(seen->type);
    if (seen->type == FileState::Type::symlink) observed.state["target"] = seen->target;
    return observed;
  }

  Result<Value> record_one(const Item& item, Context& context) const override {
    return record_replaced(item.resource->id.name, "link", context);
  }

  Result<> change_one(const Item& item, const Value& /*undo*/, Context& /*context*/) const override {
    const std::string& path = item.resource->id.name;
    if (item.difference.action == Action::remove) return remove_path(path);
    return replace_symlink(path, text_attribute(*item.resource, "target"));
  }
};

}  // namespace

std::unique_ptr<Kind> make_symlink_kind() { return std::make_unique<SymlinkKind>(); }

}  // namespace wright::agent

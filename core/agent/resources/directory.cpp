#include <algorithm>

#include "agent/files/folder_names.hpp"
#include "agent/files/relocate.hpp"
#include "agent/resources/before.hpp"
#include "agent/resources/kinds.hpp"
#include "agent/resources/one_by_one.hpp"

namespace wright::agent {
namespace {

bool is_data(const Resource& resource) {
  const auto data = resource.attributes.find("data");
  return data != resource.attributes.end() && data->second.bool_or(false);
}

class DirectoryKind : public OneByOne {
 public:
  Difference compare(const Resource& resource, const Observed& observed) const override {
    Difference difference;
    const std::string type = Value(observed.state)["type"].text_or("absent");
    if (wanted_absent(resource)) {
      if (type == "directory") {
        difference.action = Action::remove;
        difference.notes.emplace_back(is_data(resource) ? "it holds data and goes to quarantine"
                                                        : "what is still in it goes to quarantine");
      } else if (observed.exists) {
        difference.notes.push_back("a " + type + " is there, not a directory; it is left alone");
      }
      return difference;
    }
    if (observed.exists && type != "directory") difference.attributes.push_back({"type", type, "directory", {}, false});
    if (!observed.exists || type == "directory") compare_ownership(resource, observed.state, difference.attributes);
    if (!observed.exists)
      difference.action = Action::create;
    else if (!difference.attributes.empty())
      difference.action = Action::update;
    return difference;
  }

  Result<std::map<ResourceId, std::vector<std::string>>> besides(std::span<const UndoRecord> reversals, bool prune,
                                                                 Context& context) override {
    (void)prune;
    (void)context;
    std::map<ResourceId, std::vector<std::string>> notes;
    for (const auto& reversal : reversals)
      for (const auto& id : reversal.ids) {
        const Value& before = reversal.undo[id.name];
        if (before["data"].bool_or(false) && before["type"].text_or("") == "absent" && !names_in(id.name).empty())
          notes[id] = {"what is in it is moved aside, not deleted"};
      }
    return notes;
  }

  Result<> undo(const UndoRecord& record, Context& context) override {
    for (const auto& id : record.ids) {
      const std::string place = record.undo[id.name]["moved_to"].text_or("");
      if (place.empty()) continue;
      if (auto back = move_back(id.name, place, context); !back) return back;
    }
    return restore_all(record, true, context);
  }

 protected:
  Result<Observed> look_at_one(const Resource& resource, const Accounts& accounts,
                               Context& /*context*/) const override {
    const auto seen = look_at(resource.id.name);
    if (!seen) return failure(seen.error());
    Observed observed;
    observed.exists = seen->type != FileState::Type::absent;
    observed.state["type"] = name_of(seen->type);
    if (seen->type == FileState::Type::symlink) observed.state["target"] = seen->target;
    if (seen->type == FileState::Type::directory) describe_ownership(*seen, accounts, observed.state);
    return observed;
  }

  Result<Value> record_one(const Item& item, Context& context) const override {
    const std::string& path = item.resource->id.name;
    auto before = record_before(path, context);
    if (!before) return failure(before.error());
    const std::string type = (*before)["type"].text_or("");
    if (type != "directory" && type != "absent")
      return failure(path, "a " + type + " is where the directory must be", {}, "move it away, or name another path");
    Value::Map& record = *before->as_map();
    record["data"] = is_data(*item.resource);
    if (item.difference.action == Action::remove) {
      auto place = free_place(context, "quarantine", path);
      if (!place) return failure(place.error());
      record["moved_to"] = std::move(*place);
    }
    return before;
  }

  Result<> change_one(const Item& item, const Value& undo, Context& context) const override {
    const std::string& path = item.resource->id.name;
    if (item.difference.action == Action::remove) {
      const std::string place = undo["moved_to"].text_or("");
      if (!is_data(*item.resource) && remove_path(path)) return {};
      if (auto moved = move_tree(path, place); !moved) return moved;
      context.quarantined.push_back(path + " -> " + place);
      return {};
    }
    const auto ownership = ownership_for(*item.resource, 0755);
    if (!ownership) return failure(ownership.error());
    return make_directory(path, *ownership);
  }
};

}  // namespace

std::unique_ptr<Kind> make_directory_kind() { return std::make_unique<DirectoryKind>(); }

}  // namespace wright::agent

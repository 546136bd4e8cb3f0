#include "agent/resources/account_files.hpp"
#include "agent/resources/before.hpp"
#include "agent/resources/kinds.hpp"

namespace wright::agent {
namespace {

class GroupKind : public Kind {
 public:
  Result<std::vector<Observed>> look(std::span<const Resource* const> resources, Context& context) override {
    const auto accounts = accounts_of(context);
    if (!accounts) return failure(accounts.error());
    std::vector<Observed> all;
    for (const auto* resource : resources) {
      Observed& observed = all.emplace_back();
      // Who is in it is the users' affair.
      if (const GroupEntry* group = (*accounts)->group(resource->id.name)) {
        observed.exists = true;
        observed.state["gid"] = static_cast<std::int64_t>(group->gid);
      }
    }
    return all;
  }

  Difference compare(const Resource& resource, const Observed& observed) const override {
    Difference difference;
    if (wanted_absent(resource)) {
      if (observed.exists) difference.action = Action::remove;
      return difference;
    }
    const auto gid = resource.attributes.find("gid");
    if (gid != resource.attributes.end() && Value(observed.state)["gid"] != gid->second)
      difference.attributes.push_back({"gid", Value(observed.state)["gid"], gid->second, {}, false});
    if (!observed.exists)
      difference.action = Action::create;
    else if (!difference.attributes.empty())
      difference.action = Action::update;
    return difference;
  }

  Result<Value> prepare(std::span<const Item> items, Context& context) override {
    if (auto named = check_account_names(items); !named) return failure(named.error());
    auto files = record_account_files(context);
    if (!files) return failure(files.error());
    return Value(Value::Map{{"files", std::move(*files)}, {"ids", names_in(items)}});
  }

  Result<Value> change(std::span<const Item> items, const Value& undo, Context& context) override {
    (void)undo;
    for (const auto& item : items) {
      auto changed = run_account_tool(to_string(item.resource->id), tool_for(item), context);
      context.request.erase("accounts");
      if (!changed) return failure(changed.error());
    }
    auto files = record_account_files(context);
    if (!files) return failure(files.error());
    return Value(Value::Map{{"files", std::move(*files)}});
  }

  Result<> undo(const UndoRecord& record, Context& context) override {
    context.request.erase("accounts");
    AccountChange change = account_change(record);
    return restore_account_files(change, context);
  }

 private:
  static std::vector<std::string> tool_for(const Item& item) {
    const Resource& resource = *item.resource;
    const std::string& name = resource.id.name;
    if (item.difference.action == Action::remove) return {"/usr/sbin/groupdel", "--", name};
    const auto gid = int_attribute(resource, "gid", -1);
    if (item.difference.action == Action::update)
      return {"/usr/sbin/groupmod", "--gid", std::to_string(gid), "--", name};
    std::vector<std::string> argv{"/usr/sbin/groupadd"};
    const auto system = resource.attributes.find("system");
    if (system != resource.attributes.end() && system->second.bool_or(false)) argv.emplace_back("--system");
    if (gid >= 0) argv.insert(argv.end(), {"--gid", std::to_string(gid)});
    argv.insert(argv.end(), {"--", name});
    return argv;
  }
};

}  // namespace

std::unique_ptr<Kind> make_group_kind() { return std::make_unique<GroupKind>(); }

}  // namespace wright::agent

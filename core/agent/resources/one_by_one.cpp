#include "agent/resources/one_by_one.hpp"

#include "agent/resources/before.hpp"

namespace wright::agent {

Result<std::vector<Observed>> OneByOne::look(std::span<const Resource* const> resources, Context& context) {
  const auto accounts = accounts_of(context);
  if (!accounts) return failure(accounts.error());
  std::vector<Observed> all;
  Diagnostics problems;
  for (const auto* resource : resources) {
    auto one = look_at_one(*resource, **accounts, context);
    if (one)
      all.push_back(std::move(*one));
    else
      problems.add(one.error());
  }
  if (problems.has_errors()) return failure(problems);
  return all;
}

Result<Value> OneByOne::prepare(std::span<const Item> items, Context& context) {
  Value::Map undo;
  for (const auto& item : items) {
    auto before = record_one(item, context);
    if (!before) return failure(before.error());
    undo[item.resource->id.name] = std::move(*before);
  }
  return Value(std::move(undo));
}

Result<Value> OneByOne::change(std::span<const Item> items, const Value& undo, Context& context) {
  for (const auto& item : items)
    if (auto changed = change_one(item, undo[item.resource->id.name], context); !changed)
      return failure(changed.error());
  return Value();
}

Result<Value> record_replaced(const std::string& path, std::string_view what, Context& context) {
  auto before = record_before(path, context);
  if (!before) return failure(before.error());
  const std::string type = (*before)["type"].text_or("");
  if (type == "directory" || type == "special")
    return failure(path, "a " + type + " is where the " + std::string(what) + " must be", {},
                   "move it away, or name another path");
  return before;
}

}  // namespace wright::agent

#pragma once

#include <string_view>

#include "agent/files/accounts.hpp"
#include "agent/resources/kind.hpp"

namespace wright::agent {

/// A kind whose resources have nothing to do with each other. Its undo record is a table from each name to what
/// record_one() returned.
class OneByOne : public Kind {
 public:
  Result<std::vector<Observed>> look(std::span<const Resource* const> resources, Context& context) final;
  Result<Value> prepare(std::span<const Item> items, Context& context) final;
  Result<Value> change(std::span<const Item> items, const Value& undo, Context& context) final;

 protected:
  virtual Result<Observed> look_at_one(const Resource& resource, const Accounts& accounts, Context& context) const = 0;
  virtual Result<Value> record_one(const Item& item, Context& context) const = 0;
  /// `undo` is what record_one() returned.
  virtual Result<> change_one(const Item& item, const Value& undo, Context& context) const = 0;
};

/// record_before(), for a path where only a file or a link may be replaced; `what` is to come there.
Result<Value> record_replaced(const std::string& path, std::string_view what, Context& context);

}  // namespace wright::agent

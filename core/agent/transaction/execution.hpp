#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "agent/plan/planner.hpp"
#include "agent/transaction/conversation.hpp"

namespace wright::agent {

/// Makes the changes of one apply, each journaled before and after. Looks again at everything just before it would be
/// changed: an earlier step may have made it needless, or a package may have brought what must not be there. Components
/// that do not need each other are brought about side by side, one of them at work at a time (Baton).
class Execution {
 public:
  Execution(const Catalog& catalog, Blueprint& blueprint, Journal& journal, const Means& means, Context& context,
            Conversation& conversation);

  /// Everything up to and including the verification. The first problem ends it; what was made by then is journaled.
  Result<> carry_out();

  [[nodiscard]] std::int64_t changed() const { return changed_; }
  /// True as long as no step was even begun.
  [[nodiscard]] bool made_nothing() const { return made_.empty(); }
  [[nodiscard]] const Diagnostics& warnings() const { return warnings_; }
  /// Units that need no restart any more: they were restarted, or are no longer wright's.
  [[nodiscard]] std::vector<std::string> restarted() const;

  /// Writes down what a step left where a later step changed it again, so that this is not taken for somebody's edit.
  /// After a failure also what a step left that did not come to its end.
  Result<> write_down_what_is_left(bool after_failure);

 private:
  using Group = std::vector<Item>;  ///< what one step changes

  /// One that works through segments, with what it read of the host for itself.
  struct Lane {
    Context& context;
    std::string component;  ///< empty for what comes before and after the components
    bool validated = false;
    bool gave_way = false;  ///< ended because another failed
  };
  struct Running;
  struct Passed {
    const Resource* service = nullptr;
    std::string component;  ///< that brings it about
  };

  /// Those that go before anything else, or the late ones.
  Result<> prune(bool late);
  Result<> make_prunes(const std::string& kind, const std::vector<const Prune*>& prunes);
  Result<> components();
  const CatalogComponent* next_component(const std::vector<const CatalogComponent*>& left);
  bool may_begin(const CatalogComponent& component) const;
  const Segment& segment_of(const CatalogComponent& component) const;
  std::unique_ptr<Running> begin(const CatalogComponent& component, Baton& baton);
  Result<> configure(Lane& lane, const CatalogComponent& component);
  Result<> segment(Lane& lane, const Segment& segment);
  Result<> walk(Lane& lane, const Segment& segment);
  Result<> validate(Lane& lane, const Segment& segment, std::size_t from);
  Result<> make(Lane& lane, std::vector<Group> groups);
  Result<> make_one(Lane& lane, const Step& step, const Group& group, Value& done);
  Result<> await_makers(Lane& lane, const Resource& resource);
  void tell_joiners(const Lane& lane, const Resource& resource) const;
  void tell_waiting(const std::string& component, const std::string& token) const;
  [[nodiscard]] Diagnostics obstacle(const Item& item) const;
  Result<> notify(Lane& lane, const Resource& service);
  Result<> notify_passed(Lane& lane);
  Result<> await_readiness(Lane& lane);
  Step step_for(const Group& group, const Value& undo);
  std::vector<PendingRestart> restarts_asked_by(const Group& group) const;
  Result<Item> look(Lane& lane, const Resource& resource);
  Result<> complete(Context& context, const std::vector<Step>& steps, std::vector<Completion> completions);

  const Catalog& catalog_;
  Blueprint& blueprint_;
  Journal& journal_;
  const Means& means_;
  Context& context_;
  Conversation& conversation_;
  Notices notices_;
  Diagnostics warnings_;
  std::int64_t next_ = 0;     ///< sequence of the next step
  std::int64_t changed_ = 0;  ///< resources
  std::set<std::string> components_changed_;
  std::vector<Passed> passed_services_;
  std::set<std::string> finished_;  ///< components
  bool ending_ = false;             ///< one of them failed: the others end after what they are at
  std::set<std::string> told_waiting_;
  std::vector<Step> made_;  ///< without undo and done
};

}  // namespace wright::agent

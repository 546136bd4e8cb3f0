#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "agent/plan/planner.hpp"
#include "agent/transaction/conversation.hpp"

namespace wright::agent {

/// Makes the changes of one apply, each journaled before and after. Looks again at everything just before it would be
/// changed: an earlier step may have made it needless, or a package may have brought what must not be there.
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

  Result<> prune();
  Result<> make_prunes(const std::string& kind, const std::vector<const Prune*>& prunes);
  Result<> components();
  const CatalogComponent* next_component(const std::vector<const CatalogComponent*>& left,
                                         const std::set<std::string>& finished);
  Result<> segment(const Segment& segment);
  Result<> walk(const Segment& segment);
  Result<> validate(const Segment& segment, std::size_t from);
  Result<> make(std::vector<Group> groups);
  Result<> make_one(const Step& step, const Group& group, Value& done);
  Result<> notify(const Resource& service);
  Result<> run_probes(const std::string& component, bool all);
  Step step_for(const Group& group, const Value& undo);
  std::vector<PendingRestart> restarts_asked_by(const Group& group) const;
  Result<Item> look(const Resource& resource);
  Result<> complete(const std::vector<Step>& steps, std::vector<Completion> completions);

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
  std::size_t validated_from_ = 0;
  bool validated_ = false;
  std::set<std::string> components_changed_;
  std::vector<const Resource*> passed_services_;
  std::set<std::string> told_waiting_;
  std::vector<Step> made_;  ///< without undo and done
};

}  // namespace wright::agent

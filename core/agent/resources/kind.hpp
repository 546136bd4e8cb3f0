#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "agent/context.hpp"
#include "base/result.hpp"
#include "model/plan.hpp"
#include "model/resource.hpp"

namespace wright::agent {

/// What is on the host now. `state` holds all that compare() and a stale-plan check rest on, in a form that is the same
/// as long as nothing that matters changed (no times, no inode numbers). Content of files is there as its sha256.
struct Observed {
  bool exists = false;
  Value::Map state;
  Value before;  ///< what only a diff needs, such as a file's content up to 1 MiB; not part of the state's digest
};

/// Why a change cannot be made as the host is now, unless the same plan changes the file or link at `path`.
struct Obstacle {
  Diagnostic why;
  std::string path;
};

struct Difference {
  Action action = Action::none;
  std::vector<AttributeChange> attributes;
  std::vector<std::string> notes;
  std::string unseen;  ///< why what is there could not be seen, as Change::unseen
  std::optional<Obstacle> obstacle;
};

/// One resource with what was seen of it and what is to be done.
struct Item {
  const Resource* resource = nullptr;
  Observed observed;
  Difference difference;
};

/// What a step's undo is given: the record written before the change, and what change() returned (null when it never
/// returned). `edited`: the ids whose state is no longer the one that the step left; what is there now must be kept
/// before it is replaced, as Kind::keeping() says.
struct UndoRecord {
  std::vector<ResourceId> ids;  ///< those to undo now; for a kind that goes together perhaps fewer than the step had
  Value undo;
  Value done;
  std::vector<ResourceId> edited;
  Value prune = {};  ///< what prepare_prune() returned when this undo is part of a prune; null in a rollback
};

/// How what somebody else made of a resource is kept when undo() replaces it.
enum class Keeping {
  copy,     ///< by undo() itself, with Context::keep
  state,    ///< its state is written down before undo() is called
  nothing,  ///< it runs or not, and says so itself
};

/// One kind of resource. Looking changes nothing and starts no interpreter, JVM or apt. Objects are stateless between
/// requests; look() may keep what it read for the length of a request (Context::request).
class Kind {
 public:
  virtual ~Kind() = default;

  /// State of many resources at once, in the given order (one `systemctl show` for every unit).
  virtual Result<std::vector<Observed>> look(std::span<const Resource* const> resources, Context& context) = 0;
  /// The same when it is the resources' turn to be changed: what cannot be seen yet is waited for.
  virtual Result<std::vector<Observed>> look_in_turn(std::span<const Resource* const> resources, Context& context) {
    return look(resources, context);
  }
  /// Pure: what must change so that the resource holds.
  virtual Difference compare(const Resource& resource, const Observed& observed) const = 0;
  /// True when all changes of this kind are one step (packages: one apt transaction).
  [[nodiscard]] virtual bool together() const { return false; }
  [[nodiscard]] virtual Keeping keeping() const { return Keeping::state; }
  /// Called once for a plan's changes of a kind that goes together: fills in notes and problems that need a simulation.
  virtual Result<> simulate(std::span<Item> items, Context& context) {
    (void)items;
    (void)context;
    return {};
  }
  /// Everything undo() needs, written to the journal and fsynced by the caller before change() runs. Blobs that it
  /// names are on disk when it returns (Context::blobs). Changes nothing else.
  virtual Result<Value> prepare(std::span<const Item> items, Context& context) = 0;
  /// Makes the change. What it returns is journaled as done. May be killed anywhere.
  virtual Result<Value> change(std::span<const Item> items, const Value& undo, Context& context) = 0;
  /// Back to what was before, from any point that change() was killed at; doing it twice is doing it once. What cannot
  /// be taken back while an older state of something else is still being put back may be left to settle(), which
  /// Context::postponed tells: the step counts as undone only after that.
  virtual Result<> undo(const UndoRecord& record, Context& context) = 0;
  /// A prune takes earlier changes back, which is a change that can be taken back itself: as prepare(), with what
  /// undo() will be given, newest first and without `edited`.
  virtual Result<Value> prepare_prune(std::span<const Item> items, std::span<const UndoRecord> reversals,
                                      Context& context) {
    (void)reversals;
    return prepare(items, context);
  }
  /// Called after the last undo() of a prune, with what prepare_prune() returned. What it returns is journaled as done.
  virtual Result<Value> pruned(const Value& prune, Context& context) {
    (void)prune;
    (void)context;
    return Value();
  }
  /// What taking these changes back, newest first, does besides what their ids say, for people who look at a plan, by
  /// the resource that it is best said of. Changes nothing.
  virtual Result<std::map<ResourceId, std::vector<std::string>>> besides(std::span<const UndoRecord> reversals,
                                                                         bool prune, Context& context) {
    (void)reversals;
    (void)prune;
    (void)context;
    return std::map<ResourceId, std::vector<std::string>>();
  }
  /// What undo() could not bring back of these ids as the host is now, for people who look at a plan. Changes nothing.
  virtual Result<std::vector<std::string>> missing(const UndoRecord& record, Context& context) {
    (void)record;
    (void)context;
    return std::vector<std::string>();
  }
  /// Called after every step of a rollback was undone, in the order of the original steps: services that ran before run
  /// again with their old configuration.
  virtual Result<> settle(const UndoRecord& record, Context& context) {
    (void)record;
    (void)context;
    return {};
  }
  /// The run ended before its settle(): what undo() left to that is not to be done any more.
  virtual void forget() {}
};

/// The kind with that name of model/kinds.hpp; null when there is none.
Kind* find_kind(std::string_view name);

/// Makes sure that what would be in place after `items` (files, symlinks and directories of one component, not yet
/// changed) passes each distinct `validate` among them. Runs in a private mount namespace; the live files stay as they
/// are. The error holds the command's last lines.
Result<> validate_together(std::span<const Item> items, Context& context);

}  // namespace wright::agent

#include "agent/resources/awake.hpp"

#include <utility>

#include "agent/files/files.hpp"

namespace wright::agent {
namespace {

constexpr std::chrono::milliseconds start_time{120000};

bool is_there(const Unit& unit) {
  if (!unit.exists()) return false;
  const auto file = unit.path.empty() ? Result<FileState>(FileState()) : look_at(unit.path);
  return unit.path.empty() || !file || file->type != FileState::Type::absent;
}

}  // namespace

Awake::Awake(const std::string& unit, const Context& context, UnitControl control)
    : name_(unit.empty() ? "" : unit_name(unit)), context_(context), control_(std::move(control)) {
  if (name_.empty()) return;
  const auto now = control_.show(name_, context_);
  if (!now) return;
  exists_ = is_there(*now);
  asleep_ = exists_ && (now->active == "inactive" || now->active == "failed");
  if (asleep_) (void)control_.tell("start", name_, start_time, context_);
}

Awake::~Awake() {
  if (asleep_) (void)control_.tell("stop", name_, start_time, context_);
}

bool Awake::may_answer() const {
  if (name_.empty()) return false;
  const auto now = control_.show(name_, context_);
  return !now || now->running() || now->active == "activating";
}

}  // namespace wright::agent

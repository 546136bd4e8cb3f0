#include "plugin/phases.hpp"

#include <algorithm>

#include "model/kinds.hpp"
#include "plugin/call.hpp"

namespace wright {
namespace {

/// Adds what the phase's checks found, as the plugin's fault and with its name.
void add_checked(wright_call& call, const Diagnostics& found) {
  for (const Diagnostic& one : found.items()) call.misuse(one.where + ": " + one.what, one.why);
}

/// A command that runs before an undo runs once anyway: it needs no guard against running again.
Resource with_guard(Resource command) {
  command.attributes.try_emplace("stamp", "rollback");
  return command;
}

void run_phase(wright_phase phase, wright_call& call) {
  std::int32_t status = WRIGHT_FAILED;
  // A plugin that is not built on the C++ layer may let exceptions out; the border forbids it, but it can be survived.
  try {
    status = phase(&host_table(), &call);
  } catch (const std::exception& e) {
    call.misuse("an exception left the phase", e.what());
  } catch (...) {
    call.misuse("an exception left the phase", "it is no std::exception");
  }
  if (call.diagnostics.has_errors() || !call.missing_facts.empty()) return;
  if (status == WRIGHT_FAILED) call.misuse("the phase failed without saying why");
  if (status == WRIGHT_PENDING) call.misuse("the phase waits for facts, but asked for none");
  if (status < WRIGHT_OK || status > WRIGHT_PENDING)
    call.misuse("the phase returned the unknown status " + std::to_string(status));
}

class Collector {
 public:
  void take(wright_call& call) {
    // A phase that waits for a fact ended there: what it declared so far is half a declaration, not to be judged.
    const bool waits = !call.missing_facts.empty();
    for (auto& fact : call.missing_facts)
      if (std::find(out_.missing_facts.begin(), out_.missing_facts.end(), fact) == out_.missing_facts.end())
        out_.missing_facts.push_back(std::move(fact));
    if (waits) call.nodes.clear();
    for (auto& node : call.nodes) {
      if (node.is_probe) {
        add_checked(call, check(node.probe));
        if (node.probe.deadline_ms <= 0) call.misuse("the probe's deadline must be above 0", node.probe.name);
        out_.probes.push_back(std::move(node.probe));
      } else if (call.phase == "rollback") {
        take_rollback(call, std::move(node.resource));
      } else {
        add_checked(call, check(node.resource));
        take_resource(call, std::move(node.resource));
      }
    }
    for (const auto& [name, value] : *call.exports.as_map())
      if (!merge(exports_, name, value)) call.misuse("the export \"" + name + "\" was made before with another value");
    for (const auto& one : call.diagnostics.items())
      (one.severity == Severity::error ? errors_ : out_.warnings).add(one);
  }

  Result<Declared> finish() {
    if (errors_.has_errors()) return failure(errors_);
    if (!out_.missing_facts.empty()) {
      Declared pending;
      pending.missing_facts = std::move(out_.missing_facts);
      return pending;
    }
    out_.exports = std::move(exports_);
    return std::move(out_);
  }

 private:
  void take_rollback(wright_call& call, Resource resource) {
    if (resource.id.kind != "command") call.misuse("rollback declares commands only", to_string(resource.id));
    add_checked(call, check(with_guard(resource)));
    out_.rollback.push_back(std::move(resource));
  }

  /// The same resource may be declared in both phases, if it is the same.
  void take_resource(wright_call& call, Resource resource) {
    const auto before = std::find_if(out_.resources.begin(), out_.resources.end(),
                                     [&](const Resource& one) { return one.id == resource.id; });
    if (before == out_.resources.end()) {
      out_.resources.push_back(std::move(resource));
      return;
    }
    if (before->attributes != resource.attributes)
      call.misuse("declares " + to_string(resource.id) + " twice with different attributes");
    auto append = [](std::vector<ResourceId>& to, const std::vector<ResourceId>& from) {
      to.insert(to.end(), from.begin(), from.end());
    };
    append(before->after, resource.after);
    append(before->restart_on, resource.restart_on);
    append(before->reload_on, resource.reload_on);
  }

  static bool merge(Value::Map& into, const std::string& name, const Value& value) {
    const auto [place, added] = into.try_emplace(name, value);
    if (added || place->second == value) return true;
    auto* ours = place->second.as_map();
    const auto* theirs = value.as_map();
    if (ours == nullptr || theirs == nullptr) return false;
    return std::all_of(theirs->begin(), theirs->end(),
                       [&](const auto& item) { return merge(*ours, item.first, item.second); });
  }

  Declared out_;
  Value::Map exports_;
  Diagnostics errors_;
};

}  // namespace

Result<Declared> run_phases(const LoadedPlugin& plugin, const Evaluation& evaluation,
                            const std::function<void(std::string_view)>& entering) {
  Collector collector;
  auto run = [&](std::string_view name, wright_phase phase) {
    if (phase == nullptr) return;
    entering(name);
    wright_call call;
    call.evaluation = &evaluation;
    call.config = evaluation.options;
    call.phase = name;
    run_phase(phase, call);
    collector.take(call);
  };
  run("install", plugin.table.install);
  run("configure", plugin.table.configure);
  run("verify", plugin.table.verify);
  run("rollback", plugin.table.rollback);
  return collector.finish();
}

}  // namespace wright

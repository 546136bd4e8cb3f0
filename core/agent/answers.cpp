#include "agent/answers.hpp"

#include <algorithm>
#include <filesystem>

#include "agent/facts/facts.hpp"
#include "agent/files/folder_names.hpp"
#include "agent/plan/ownership.hpp"
#include "agent/plan/planner.hpp"
#include "agent/plan/reversal_plan.hpp"
#include "agent/surroundings.hpp"
#include "agent/transaction/asking.hpp"

namespace wright::agent {
namespace {

constexpr std::int64_t longest_history = 10000;

std::vector<std::string> entries_of(const std::string& folder) {
  auto entries = names_in(folder);
  for (auto& entry : entries) entry.insert(0, folder + "/");
  std::sort(entries.begin(), entries.end());
  return entries;
}

/// Folders alone are nothing that somebody would miss.
bool holds_something(const std::string& folder) {
  std::error_code error;
  for (std::filesystem::recursive_directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
    if (!at->is_directory(error) || at->is_symlink(error)) return true;
  return static_cast<bool>(error);
}

}  // namespace

Answers::Answers(Context& context, const Means& means, Conversation& conversation,
                 std::function<void(const Value&)> send)
    : context_(context),
      means_(means),
      conversation_(conversation),
      send_(std::move(send)),
      journal_(context.state_folder) {
  context_.emit = [this](const Event& event) { send_(to_message(event)); };
}

void Answers::refuse(const Diagnostics& problems) { send_(to_message(problems)); }

void Answers::tell(Outcome outcome) {
  using std::chrono::duration_cast;
  outcome.elapsed_ms = duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start_).count();
  send_(to_message(outcome));
}

bool Answers::answer(const Value& request) {
  const std::string type = message_type(request);
  if (!greeted_ && type != "hello") {
    refuse(Diagnostics({Severity::error, Fault::failed, {}, "the first message must be hello", {}, {}}));
    return false;
  }
  start_ = std::chrono::steady_clock::now();
  // What was read for one request is not true for the next.
  context_.request.clear();
  context_.quarantined.clear();
  context_.kept.clear();
  context_.transaction.clear();
  if (type == "hello") return greet(request);
  if (type == "facts")
    send_(facts_reply(asked_facts(request["names"].strings(), context_)));
  else if (type == "plan")
    plan(request);
  else if (type == "apply")
    apply(request);
  else if (type == "plan_rollback")
    plan_rollback(request);
  else if (type == "rollback")
    roll_back(request);
  else if (type == "recover") {
    if (may_change()) tell(recover(journal_, means_, context_));
  } else if (type == "verify")
    verify(request);
  else if (type == "history")
    history(request);
  else if (type == "status")
    status();
  else
    refuse(Diagnostics({Severity::error, Fault::failed, {}, "this agent knows no request \"" + type + "\"", {}, {}}));
  return true;
}

bool Answers::greet(const Value& request) {
  auto hello = hello_from(request);
  if (!hello) {
    refuse(hello.error());
    return false;
  }
  context_.site_key = hello->site_key.reveal();
  requester_ = {hello->run, hello->controller, hello->site};
  context_.sites = {hello->site};
  context_.sites.insert(context_.sites.end(), hello->formerly.begin(), hello->formerly.end());
  if (hello->lock && !lock_.held()) {
    auto lock =
        HostLock::take(context_, hello->controller, hello->run,
                       std::chrono::milliseconds(std::clamp<std::int64_t>(hello->lock_timeout_ms, 0, 86400000)));
    if (!lock) {
      refuse(lock.error());
      return false;
    }
    lock_ = std::move(*lock);
  }
  auto open = journal_.unfinished();
  if (!open) {
    refuse(open.error());
    return false;
  }
  Welcome welcome;
  welcome.agent = agent_name();
  welcome.facts = usual_facts();
  // Whoever greets is not made to wait; what takes long is asked for again by itself.
  for (auto& [name, value] : quick_facts(hello->facts, context_)) welcome.facts[name] = value;
  if (*open) welcome.interrupted.push_back((*open)->info);
  say_who_works(welcome.interrupted);
  greeted_ = true;
  send_(to_message(welcome));
  return true;
}

void Answers::say_who_works(std::vector<TransactionInfo>& open) {
  if (open.empty() || lock_.held()) return;
  const std::string holder = HostLock::holder(context_);
  for (auto& one : open) one.held_by = holder;
  if (!holder.empty()) return;
  // It may have ended between the two looks.
  const auto still = journal_.unfinished();
  if (still && (!*still || (*still)->info.id != open.front().id)) open.clear();
}

bool Answers::may_change() {
  if (lock_.held()) return true;
  refuse(Diagnostics({Severity::error, Fault::failed, {}, "hello did not ask for the host's lock", {}, {}}));
  return false;
}

void Answers::plan(const Value& request) {
  auto catalog = catalog_in(request);
  if (!catalog) return refuse(catalog.error());
  auto blueprint = make_plan(*catalog, journal_, means_, context_);
  if (!blueprint) return refuse(blueprint.error());
  say_who_works(blueprint->plan.interrupted);
  send_(to_message(blueprint->plan));
}

void Answers::apply(const Value& request) {
  if (!may_change()) return;
  auto wanted = apply_request_from(request);
  if (!wanted) return refuse(wanted.error());
  Outcome outcome = agent::apply(*wanted, requester_, journal_, means_, context_, conversation_);
  const bool prepared = outcome.state == "prepared";
  tell(outcome);
  if (prepared) tell(decide(*wanted, std::move(outcome), journal_, means_, context_, conversation_));
}

void Answers::plan_rollback(const Value& request) {
  auto wanted = rollback_request_from(request);
  if (!wanted) return refuse(wanted.error());
  auto blueprint = plan_reversal(*wanted, journal_, means_, context_);
  if (!blueprint) return refuse(blueprint.error());
  send_(to_message(blueprint->plan));
}

void Answers::roll_back(const Value& request) {
  if (!may_change()) return;
  auto wanted = rollback_request_from(request);
  if (!wanted) return refuse(wanted.error());
  tell(agent::roll_back(*wanted, requester_, journal_, means_, context_));
}

void Answers::verify(const Value& request) {
  auto wanted = verify_request_from(request);
  if (!wanted) return refuse(wanted.error());
  Outcome outcome;
  outcome.diagnostics = agent::verify(*wanted, means_, context_);
  if (context_.cancelled()) return;
  outcome.state = outcome.diagnostics.has_errors() ? "verify_failed" : "verified";
  tell(std::move(outcome));
}

void Answers::history(const Value& request) {
  auto all = journal_.transactions();
  if (!all) return refuse(all.error());
  const auto limit =
      static_cast<std::size_t>(std::clamp<std::int64_t>(request["limit"].int_or(50), 0, longest_history));
  std::vector<TransactionInfo> newest_first;
  for (auto one = all->rbegin(); one != all->rend() && newest_first.size() < limit; ++one)
    newest_first.push_back(one->info);
  send_(history_reply(newest_first));
}

void Answers::status() {
  StatusReport report;
  auto outline = journal_.outline();
  if (!outline) return refuse(outline.error());
  auto restarts = journal_.pending_restarts();
  if (!restarts) return refuse(restarts.error());
  auto open = journal_.unfinished();
  if (!open) return refuse(open.error());
  std::map<std::string, std::pair<std::size_t, OwnedComponent>> components;
  for (const auto& [id, owned] : owned_from(*outline)) {
    if (owned.chain.empty()) continue;
    for (const auto& name : owned.components) {
      auto& [newest, component] = components[name];
      component.name = name;
      component.resources.push_back(to_string(id));
      if (owned.places.back() < newest) continue;
      newest = owned.places.back();
      component.transaction = owned.chain.back().transaction;
    }
  }
  for (auto& [name, entry] : components) report.components.push_back(std::move(entry.second));
  if (*open) report.open.push_back((*open)->info);
  say_who_works(report.open);
  for (const auto& restart : *restarts)
    report.pending_restarts.push_back(restart.unit + " (" + std::string(name_of(restart.action)) + ")");
  for (const auto& transaction : entries_of(context_.state_folder + "/quarantine"))
    if (holds_something(transaction)) report.quarantined.push_back(transaction);
  report.journal_bytes = journal_.bytes();
  send_(to_message(report));
}

}  // namespace wright::agent

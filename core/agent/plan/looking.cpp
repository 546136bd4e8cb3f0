#include "agent/plan/looking.hpp"

#include <algorithm>
#include <map>
#include <thread>

#include "agent/baton.hpp"
#include "base/sha256.hpp"
#include "model/encoding.hpp"

namespace wright::agent {
namespace {

/// The resources of one kind, by their places among all, and what came of looking at them.
struct OfKind {
  std::vector<std::size_t> places;
  Diagnostics problems;
};

/// A baton for the length of a look, where none is passed yet.
class Passing {
 public:
  explicit Passing(Context& context) : context_(context), before_(context.baton) {
    if (is_new()) context_.baton = &baton_;
  }
  ~Passing() { context_.baton = before_; }
  Passing(const Passing&) = delete;
  Passing& operator=(const Passing&) = delete;
  [[nodiscard]] bool is_new() const { return before_ == nullptr; }

 private:
  Context& context_;
  Baton* before_;
  Baton baton_;
};

Value whole(const Observed& observed) { return Value::Map{{"exists", observed.exists}, {"state", observed.state}}; }

Diagnostics look_at(const std::string& name, const std::vector<std::size_t>& places, std::vector<Item>& items,
                    const Means& means, Context& context, bool in_turn) {
  Kind* kind = means.kind(name);
  if (kind == nullptr)
    return Diagnostics({Severity::error,
                        Fault::bad_plugin,
                        to_string(items[places.front()].resource->id),
                        "this agent knows no kind of resource named \"" + name + "\"",
                        {},
                        {}});
  std::vector<const Resource*> of_kind;
  for (const std::size_t place : places) of_kind.push_back(items[place].resource);
  auto seen = in_turn ? kind->look_in_turn(of_kind, context) : kind->look(of_kind, context);
  if (!seen) return seen.error();
  if (seen->size() != places.size())
    return Diagnostics(
        {Severity::error, Fault::failed, name, "looking gave another number of states than was asked for", {}, {}});
  for (std::size_t n = 0; n < places.size(); ++n) {
    Item& item = items[places[n]];
    item.observed = std::move((*seen)[n]);
    item.difference = kind->compare(*item.resource, item.observed);
  }
  return {};
}

}  // namespace

Result<std::vector<Item>> look_at_all(const std::vector<const Resource*>& resources, const Means& means,
                                      Context& context, bool in_turn) {
  std::vector<Item> items(resources.size());
  std::map<std::string, OfKind> by_kind;
  for (std::size_t i = 0; i < resources.size(); ++i) {
    items[i].resource = resources[i];
    by_kind[resources[i]->id.kind].places.push_back(i);
  }
  // While one kind waits for a program's or a service's answer, the next looks.
  const Passing passing(context);
  std::vector<std::thread> threads;
  for (auto& [kind, one] : by_kind)
    if (passing.is_new())
      threads.emplace_back([&, &name = kind, &which = one] {
        const Turn turn(*context.baton);
        which.problems = look_at(name, which.places, items, means, context, in_turn);
      });
    else
      one.problems = look_at(kind, one.places, items, means, context, in_turn);
  for (auto& thread : threads) thread.join();
  Diagnostics problems;
  for (const auto& [name, one] : by_kind) problems.add(one.problems);
  if (problems.has_errors()) return failure(problems);
  return items;
}

std::string digest_for_the_journal(const Observed& observed) { return sha256_hex(to_cbor(whole(observed))); }

std::string digest_for_the_plan(const Observed& observed, const Context& context) {
  return context.digest_of(whole(observed));
}

bool starts_or_stops(const Item& service) {
  if (service.difference.action == Action::create) return true;
  return std::any_of(service.difference.attributes.begin(), service.difference.attributes.end(),
                     [](const AttributeChange& a) { return a.name == "running"; });
}

}  // namespace wright::agent

#include "agent/journal/record.hpp"

#include <algorithm>
#include <ctime>

#include "model/kinds.hpp"
#include "model/lists.hpp"
#include "model/reading.hpp"

namespace wright::agent {
namespace {

constexpr std::size_t longest_bulk = 4096;

Value to_value(const Notice& n) { return Value::Map{{"service", to_string(n.service)}, {"action", name_of(n.action)}}; }

Result<Notice> notice_from(const Value& value) {
  Reading in(value, "notice");
  Notice n;
  if (auto id = parse_resource_id(in.text("service")))
    n.service = *id;
  else
    in.problem("service", "is not kind:name");
  if (auto action = action_named(in.text("action")))
    n.action = *action;
  else
    in.problem("action", "is no action");
  return in.finish(std::move(n));
}

Value to_value(const Touched& t) {
  Value::List notices;
  for (const auto& notice : t.notices) notices.push_back(to_value(notice));
  return Value::Map{{"change", wright::to_value(t.change)},
                    {"resource", wright::to_value(t.resource)},
                    {"before", t.before},
                    {"notices", std::move(notices)}};
}

Result<Touched> touched_from(const Value& value) {
  Reading in(value, "touched resource");
  Touched t;
  if (auto change = change_from(in.any("change")))
    t.change = std::move(*change);
  else
    in.problem("change", "is damaged");
  if (auto resource = resource_from(in.any("resource")))
    t.resource = std::move(*resource);
  else
    in.problem("resource", "is damaged");
  t.before = in.text("before");
  t.notices = in.list<Notice>("notices", notice_from);
  return in.finish(std::move(t));
}

Value to_value(const Reversal& r) {
  std::vector<std::string> ids;
  for (const auto& id : r.ids) ids.push_back(to_string(id));
  return Value::Map{{"transaction", r.step.transaction}, {"sequence", r.step.sequence}, {"ids", ids}};
}

Result<Reversal> reversal_from(const Value& value) {
  Reading in(value, "reversal");
  Reversal r;
  r.step.transaction = in.text("transaction");
  r.step.sequence = in.integer("sequence");
  for (const auto& text : in.strings("ids")) {
    if (auto id = parse_resource_id(text))
      r.ids.push_back(*id);
    else
      in.problem("ids", "\"" + text + "\" is not kind:name");
  }
  return in.finish(std::move(r));
}

bool is_bulk(const std::string& kind, const std::string& attribute) {
  const auto* spec = find_kind(resource_kinds(), kind);
  return spec != nullptr && std::any_of(spec->attributes.begin(), spec->attributes.end(),
                                        [&](const AttributeSpec& one) { return one.bulk && one.name == attribute; });
}

bool belongs_in_the_journal(const std::string& kind, const std::string& attribute, const Value& value) {
  if (value.has_secret()) return false;
  const auto* text = value.as_string();
  return text == nullptr || text->size() <= longest_bulk || !is_bulk(kind, attribute);
}

}  // namespace

bool only_bookkeeping(const Step& step) {
  return std::all_of(step.touched.begin(), step.touched.end(),
                     [](const Touched& t) { return t.change.action == Action::none; });
}

std::vector<ResourceId> ids_of(const Step& step) {
  std::vector<ResourceId> ids;
  for (const auto& touched : step.touched) ids.push_back(touched.resource.id);
  return ids;
}

Value about(const Step& s) {
  Value::List touched;
  for (const auto& t : s.touched) touched.push_back(to_value(t));
  Value::List reverses;
  for (const auto& r : s.reverses) reverses.push_back(to_value(r));
  return Value::Map{
      {"kind", s.kind}, {"pruned", s.pruned}, {"touched", std::move(touched)}, {"reverses", std::move(reverses)}};
}

Result<Step> step_about(const Value& value) {
  Reading in(value, "step");
  Step s;
  s.kind = in.text("kind");
  s.pruned = in.boolean("pruned");
  s.touched = in.list<Touched>("touched", touched_from);
  s.reverses = in.list<Reversal>("reverses", reversal_from);
  return in.finish(std::move(s));
}

Value to_value(const Transaction& t) {
  return Value::Map{{"info", wright::to_value(t.info)},
                    {"controller", t.controller},
                    {"site", t.site},
                    {"undoes", t.undoes},
                    {"forgets", t.forgets}};
}

Result<Transaction> transaction_from(const Value& value) {
  Reading in(value, "transaction");
  Transaction t;
  if (auto info = transaction_info_from(in.any("info")))
    t.info = std::move(*info);
  else
    in.problem("info", "is damaged");
  t.controller = in.text("controller");
  t.site = in.text("site");
  t.undoes = in.strings("undoes");
  t.forgets = in.strings("forgets");
  return in.finish(std::move(t));
}

std::string utc_now() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  ::gmtime_r(&now, &utc);
  char text[32];
  return std::string(text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc));
}

Resource for_the_journal(const Resource& resource) {
  Resource kept = resource;
  // In what order to take back what no site file names any more.
  kept.after.insert(kept.after.end(), kept.restart_on.begin(), kept.restart_on.end());
  kept.after.insert(kept.after.end(), kept.reload_on.begin(), kept.reload_on.end());
  kept.restart_on.clear();
  kept.reload_on.clear();
  std::erase_if(kept.attributes,
                [&](const auto& entry) { return !belongs_in_the_journal(kept.id.kind, entry.first, entry.second); });
  return kept;
}

}  // namespace wright::agent

#include "agent/resources/sql_return.hpp"

#include "agent/resources/program_output.hpp"

namespace wright::agent {
namespace {

void note(const Context& context, const ResourceId& id, const std::string& text) {
  Event event;
  event.event = "note";
  event.subject = to_string(id);
  event.text = event.subject + " " + text;
  context.emit(event);
}

std::string without_data(const std::string& place) {
  return "comes back empty: its dump is not in quarantine any more, at " + place;
}

std::string left_alone(const std::string& place) {
  return "is not the one that was dropped, and is left as it is: the dump of that one is not in quarantine any more, "
         "at " +
         place;
}

class Return {
 public:
  Return(const ResourceId& id, const SqlServer& server, const Value& before, Context& context)
      : id_(id),
        server_(server),
        before_(before),
        context_(context),
        name_(before["returns"].text_or("")),
        transaction_(before["transaction"].text_or("")),
        database_(server, name_, id) {}

  Result<> make() {
    const auto seen = database_.look(context_);
    if (!seen) return failure(seen.error());
    const auto is_kept = database_.is_kept(transaction_, context_);
    if (!is_kept) return failure(is_kept.error());
    // Journals of before do not say whether it was dropped, and name the one that was there only as "was".
    const bool was_dropped = before_["drops"].bool_or(*is_kept) && !is_original(*seen);
    if (!was_dropped) return set_and_open();
    if (auto cleared = clear_the_way(*seen, *is_kept); !cleared || is_left_) return cleared;
    return *is_kept ? with_data() : empty();
  }

  /// What make() would tell people, as far as the server says what is there.
  Result<std::string> missing() {
    const auto is_kept = database_.is_kept(transaction_, context_);
    if (!is_kept) return failure(is_kept.error());
    if (*is_kept || !before_["drops"].bool_or(false)) return std::string();
    const auto seen = database_.look(context_);
    if (!seen || !*seen) return without_data(place());
    if (is_original(*seen)) return std::string();
    const auto is_ours = database_.came_back(**seen, transaction_, context_);
    if (!is_ours) return failure(is_ours.error());
    return *is_ours ? without_data(place()) : left_alone(place());
  }

 private:
  [[nodiscard]] std::string place() const { return database_.place_in_quarantine(transaction_, context_); }

  [[nodiscard]] bool is_original(const std::optional<DatabaseSeen>& seen) const {
    const Value& noted = before_["original"].is_null() ? before_["was"] : before_["original"];
    return seen && !noted.is_null() && seen->identity == noted.text_or("");
  }

  /// Takes what somebody else made under its name out of the way, unless there is nothing to be put in its place.
  Result<> clear_the_way(const std::optional<DatabaseSeen>& seen, bool is_kept) {
    const auto is_ours = seen ? database_.came_back(*seen, transaction_, context_) : Result<bool>(true);
    if (!is_ours) return failure(is_ours.error());
    if (*is_ours) return {};
    if (!is_kept) {
      is_left_ = true;
      note(context_, id_, left_alone(place()));
      return {};
    }
    note(context_, id_, "is not the one that was dropped, and goes to quarantine");
    const auto dropped =
        database_.drop_by("postgres", "DROP DATABASE IF EXISTS " + sql_identifier(name_) + ";\n", context_);
    if (!dropped) return failure(dropped.error());
    if (dropped->ok()) return {};
    return failure(
        to_string(id_), "another database of that name is there now, and the server refused to drop it",
        shown_output(*dropped, {}),
        "rename it (ALTER DATABASE " + sql_identifier(name_) + " RENAME TO ...), then wright rollback again");
  }

  Result<> with_data() {
    if (auto back = database_.bring_back(transaction_, context_); !back) return back;
    return set_and_open();
  }

  Result<> empty() {
    note(context_, id_, without_data(place()));
    auto seen = database_.look(context_);
    if (!seen) return failure(seen.error());
    if (!*seen)
      if (auto noted = database_.comes_back_empty({}, transaction_, context_); !noted) return noted;
    if (auto set = set_and_open(); !set) return set;
    seen = database_.look(context_);
    if (!seen) return failure(seen.error());
    return database_.comes_back_empty(*seen, transaction_, context_);
  }

  Result<> set_and_open() {
    auto set = execute_for_undo(id_, server_, before_["database"].text_or("postgres"),
                                before_["statements"].text_or(""), context_);
    // The dump was taken while nobody was let in, so what it says of that is not what was before.
    const std::string limit = before_["limit"].text_or("");
    if (set && !limit.empty()) set = database_.open(limit, context_);
    return set;
  }

  const ResourceId& id_;
  const SqlServer& server_;
  const Value& before_;
  Context& context_;
  std::string name_;
  std::string transaction_;
  SqlDatabase database_;
  bool is_left_ = false;
};

}  // namespace

Result<> return_database(const ResourceId& id, const SqlServer& server, const Value& before, Context& context) {
  return Return(id, server, before, context).make();
}

Result<std::string> missing_for_return(const ResourceId& id, const SqlServer& server, const Value& before,
                                       Context& context) {
  return Return(id, server, before, context).missing();
}

}  // namespace wright::agent

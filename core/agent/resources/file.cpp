#include "agent/resources/before.hpp"
#include "agent/resources/kinds.hpp"
#include "agent/resources/one_by_one.hpp"
#include "agent/resources/text_diff.hpp"
#include "base/sha256.hpp"

namespace wright::agent {
namespace {

constexpr std::size_t content_limit = std::size_t{1} << 30U;
constexpr std::size_t shown_limit = 1U << 20U;

std::string size_text(std::size_t size) { return std::to_string(size) + " bytes"; }

class FileKind : public OneByOne {
 public:
  [[nodiscard]] Keeping keeping() const override { return Keeping::copy; }

  Difference compare(const Resource& resource, const Observed& observed) const override {
    Difference difference;
    const Value now(observed.state);
    const std::string type = now["type"].text_or("absent");
    if (wanted_absent(resource)) {
      if (type == "file" || type == "symlink") difference.action = Action::remove;
      if (type == "directory" || type == "special")
        difference.notes.push_back("a " + type + " is there; it is left alone");
      return difference;
    }
    difference.action = observed.exists ? Action::update : Action::create;
    if (observed.exists && type != "file") difference.attributes.push_back({"type", type, "file", {}, false});
    compare_content(resource, observed, difference);
    if (type == "file" || !observed.exists) compare_ownership(resource, observed.state, difference.attributes);
    if (observed.exists && difference.attributes.empty()) difference.action = Action::none;
    return difference;
  }

  Result<> undo(const UndoRecord& record, Context& context) override { return restore_all(record, false, context); }

 protected:
  Result<Observed> look_at_one(const Resource& resource, const Accounts& accounts, Context& context) const override {
    const std::string& path = resource.id.name;
    const auto seen = look_at(path);
    if (!seen) return failure(seen.error());
    Observed observed;
    observed.exists = seen->type != FileState::Type::absent;
    observed.state["type"] = name_of(seen->type);
    if (!observed.exists) return observed;
    if (seen->type == FileState::Type::symlink) observed.state["target"] = seen->target;
    if (seen->type != FileState::Type::symlink) describe_ownership(*seen, accounts, observed.state);
    if (seen->type != FileState::Type::regular) return observed;
    auto content = read_file(path, content_limit);
    if (!content) return failure(content.error());
    const auto wanted = resource.attributes.find("content");
    const bool secret = wanted != resource.attributes.end() && wanted->second.as_secret() != nullptr;
    observed.state["sha256"] = secret ? hmac_sha256_hex(context.site_key, *content) : sha256_hex(*content);
    Value::Map before{{"size", static_cast<std::int64_t>(content->size())}};
    before["same"] = wanted != resource.attributes.end() && wanted->second.text_or("") == *content;
    if (content->size() <= shown_limit && !secret) before["content"] = std::move(*content);
    observed.before = std::move(before);
    return observed;
  }

  Result<Value> record_one(const Item& item, Context& context) const override {
    return record_replaced(item.resource->id.name, "file", context);
  }

  Result<> change_one(const Item& item, const Value& /*undo*/, Context& /*context*/) const override {
    const Resource& resource = *item.resource;
    const std::string& path = resource.id.name;
    if (item.difference.action == Action::remove) return remove_path(path);
    const auto ownership = ownership_for(resource, 0600);
    if (!ownership) return failure(ownership.error());
    bool content_changes = item.difference.action == Action::create;
    for (const auto& attribute : item.difference.attributes)
      content_changes = content_changes || attribute.name == "content" || attribute.name == "type";
    if (!content_changes) return set_ownership(path, *ownership);
    const auto content = resource.attributes.find("content");
    if (content == resource.attributes.end()) return failure(path, "its content is not known");
    const auto* secret = content->second.as_secret();
    const auto* text = content->second.as_string();
    return replace_file(path, secret != nullptr ? secret->reveal() : *text, *ownership);
  }

 private:
  static void compare_content(const Resource& resource, const Observed& observed, Difference& difference) {
    const auto wanted = resource.attributes.find("content");
    if (wanted == resource.attributes.end() || observed.before["same"].bool_or(false)) return;
    AttributeChange change;
    change.name = "content";
    if (wanted->second.as_secret() != nullptr) {
      change.secret = true;
      difference.attributes.push_back(std::move(change));
      return;
    }
    const std::string after = wanted->second.text_or("");
    const bool was_file = !observed.before["size"].is_null();
    const std::string* before = observed.before["content"].as_string();
    const bool shown = (before != nullptr || !was_file) && after.size() <= shown_limit && !is_binary(after) &&
                       (before == nullptr || !is_binary(*before));
    if (shown) {
      change.diff = unified_diff(before == nullptr ? std::string_view() : *before, after);
    }
    if (change.diff.empty()) {
      if (was_file) change.before = size_text(static_cast<std::size_t>(observed.before["size"].int_or(0)));
      change.after = size_text(after.size());
      if (was_file && change.before == change.after) change.after = size_text(after.size()) + ", other content";
    }
    difference.attributes.push_back(std::move(change));
  }
};

}  // namespace

std::unique_ptr<Kind> make_file_kind() { return std::make_unique<FileKind>(); }

}  // namespace wright::agent

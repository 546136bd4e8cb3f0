#include <algorithm>

#include "agent/resources/before.hpp"
#include "agent/resources/kinds.hpp"
#include "agent/resources/one_by_one.hpp"
#include "agent/resources/x509.hpp"

namespace wright::agent {
namespace {

constexpr std::size_t pem_limit = 1U << 20U;
constexpr std::int64_t usual_days = 825;
constexpr std::int64_t longest_days = 36500;
constexpr std::int64_t day = 86400;
constexpr std::string_view key_types[] = {"ecdsa-p256", "rsa-2048", "rsa-4096"};

CertificateWish wish_of(const Resource& resource) {
  CertificateWish wish;
  wish.common_name = text_attribute(resource, "common_name");
  if (const auto names = resource.attributes.find("names"); names != resource.attributes.end())
    wish.names = names->second.strings();
  wish.days = int_attribute(resource, "days", usual_days);
  wish.key_type = text_attribute(resource, "key_type", "ecdsa-p256");
  if (const auto subject = resource.attributes.find("subject"); subject != resource.attributes.end())
    if (const auto* fields = subject->second.as_map())
      for (const auto& [name, text] : *fields) wish.subject[name] = text.text_or("");
  return wish;
}

Value subject_value(const std::map<std::string, std::string>& subject) {
  Value::Map fields;
  for (const auto& [name, text] : subject) fields[name] = text;
  return fields;
}

/// The resource's owner and group with that mode, in the form that compare_ownership() reads.
Resource owned_with(const Resource& resource, std::int64_t mode) {
  Resource owned;
  for (const char* name : {"owner", "group"})
    if (const auto found = resource.attributes.find(name); found != resource.attributes.end())
      owned.attributes.insert(*found);
  owned.attributes["mode"] = mode;
  return owned;
}

Resource certificate_file(const Resource& resource) {
  return owned_with(resource, int_attribute(resource, "mode", 0644));
}
Resource key_file(const Resource& resource) { return owned_with(resource, int_attribute(resource, "key_mode", 0600)); }

Result<Value::Map> look_at_file(const std::string& path, const Accounts& accounts, std::string& content) {
  const auto seen = look_at(path);
  if (!seen) return failure(seen.error());
  Value::Map state{{"type", name_of(seen->type)}};
  if (seen->type == FileState::Type::symlink) state["target"] = seen->target;
  if (seen->type != FileState::Type::regular) return state;
  describe_ownership(*seen, accounts, state);
  auto bytes = read_file(path, pem_limit);
  if (!bytes) return failure(bytes.error());
  content = std::move(*bytes);
  return state;
}

/// Without dates, so that the state is the same until the day comes on which it must be made anew.
void describe(const CertificateSeen& seen, const CertificateWish& wish, Value::Map& state) {
  state["common_name"] = seen.common_name;
  state["names"] = seen.names;
  if (!seen.subject.empty()) state["subject"] = subject_value(seen.subject);
  state["issuer"] = seen.issuer;
  state["key_type"] = seen.key_type;
  state["sha256"] = seen.sha256;
  state["days"] = seen.days;
  state["self_signed"] = seen.self_signed;
  state["made_by_wright"] = seen.made_by_wright;
  state["expires_soon"] = seen.seconds_left * 10 < wish.days * day;
  state["expired"] = seen.seconds_left < 0;
  state["started"] = seen.started;
}

void compare_certificate(const CertificateWish& wish, const Value& now, std::vector<AttributeChange>& changes) {
  auto want = [&](const char* name, const Value& wanted) {
    if (now[name] != wanted) changes.push_back({name, now[name], wanted, {}, false});
  };
  want("common_name", fitting_common_name(wish.common_name));
  want("names", alternative_names(wish));
  const Value subject = wish.subject.empty() ? Value() : subject_value(wish.subject);
  if (!subject.is_null() || now["made_by_wright"].bool_or(false)) want("subject", subject);
  want("key_type", wish.key_type);
  // Of a certificate that somebody else made the time is their business, as long as there is enough of it.
  if (now["made_by_wright"].bool_or(false)) want("days", wish.days);
  const std::string anew = std::to_string(wish.days) + " days";
  if (!now["started"].bool_or(true))
    changes.push_back({"validity", "has not begun", anew, {}, false});
  else if (now["expires_soon"].bool_or(false))
    changes.push_back({"validity", now["expired"].bool_or(false) ? "has ended" : "ends soon", anew, {}, false});
  if (!now["fits"].bool_or(true)) changes.push_back({"key", "is not the certificate's", "made anew", {}, false});
}

/// What somebody put there is replaced only where the plan shows it.
void tell_foreign(const Value& now, bool replaced, Difference& difference) {
  if (now["issuer"].is_null() || now["made_by_wright"].bool_or(false)) return;
  const bool self_signed = now["self_signed"].bool_or(false);
  if (self_signed && !replaced) return;
  const std::string issuer = now["issuer"].text_or("");
  difference.attributes.push_back(
      {"issuer", self_signed ? issuer + ", self-signed, not by wright" : issuer, "self-signed by wright", {}, false});
  difference.notes.emplace_back("replaces a certificate that wright did not make; a rollback puts it back");
}

bool is_about_files_only(const std::vector<AttributeChange>& changes) {
  return std::all_of(changes.begin(), changes.end(), [](const AttributeChange& change) {
    for (const char* name : {"mode", "owner", "group", "key_mode", "key_owner", "key_group"})
      if (change.name == name) return true;
    return false;
  });
}

class CertificateKind : public OneByOne {
 public:
  [[nodiscard]] Keeping keeping() const override { return Keeping::copy; }

  Difference compare(const Resource& resource, const Observed& observed) const override {
    Difference difference;
    const Value now(observed.state);
    if (wanted_absent(resource)) {
      if (!observed.exists) return difference;
      difference.action = Action::remove;
      tell_foreign(now, true, difference);
      return difference;
    }
    const std::string type = now["certificate"]["type"].text_or("absent");
    const std::string key_type = now["key"]["type"].text_or("absent");
    auto& changes = difference.attributes;
    const bool both_are_files = type == "file" && key_type == "file";
    if (type != "file" && observed.exists) changes.push_back({"type", type, "file", {}, false});
    if (key_type != "file" && observed.exists) changes.push_back({"key", key_type, "made anew", {}, false});
    if (type == "file" && now["issuer"].is_null())
      changes.push_back({"content", "no certificate", "a certificate", {}, false});
    if (!now["issuer"].is_null()) compare_certificate(wish_of(resource), now, changes);
    tell_foreign(now, !changes.empty(), difference);
    if (both_are_files) compare_files(resource, now, changes);
    if (type == "absent" && key_type == "absent")
      difference.action = Action::create;
    else if (!changes.empty())
      difference.action = Action::update;
    return difference;
  }

  Result<> undo(const UndoRecord& record, Context& context) override {
    Diagnostics problems;
    for (auto id = record.ids.rbegin(); id != record.ids.rend(); ++id) {
      const auto* paths = record.undo[id->name].as_map();
      if (paths == nullptr) continue;
      const bool edited = std::find(record.edited.begin(), record.edited.end(), *id) != record.edited.end();
      for (const auto& [path, before] : *paths)
        if (auto restored = restore_before(path, before, {edited, false}, context); !restored)
          problems.add(restored.error());
    }
    if (problems.has_errors()) return failure(problems);
    return {};
  }

 protected:
  Result<Observed> look_at_one(const Resource& resource, const Accounts& accounts,
                               Context& /*context*/) const override {
    std::string certificate_pem;
    std::string key_pem;
    auto certificate = look_at_file(resource.id.name, accounts, certificate_pem);
    if (!certificate) return failure(certificate.error());
    Result<Value::Map> key(Value::Map{{"type", "absent"}});
    if (const std::string path = text_attribute(resource, "key"); !path.empty())
      key = look_at_file(path, accounts, key_pem);
    if (!key) return failure(key.error());
    Observed observed;
    if (const auto seen = read_certificate(certificate_pem)) {
      describe(*seen, wish_of(resource), observed.state);
      if (!key_pem.empty()) observed.state["fits"] = key_fits(certificate_pem, key_pem);
    }
    observed.exists = (*certificate)["type"].text_or("") != "absent" || (*key)["type"].text_or("") != "absent";
    observed.state["certificate"] = std::move(*certificate);
    observed.state["key"] = std::move(*key);
    return observed;
  }

  Result<Value> record_one(const Item& item, Context& context) const override {
    const Resource& resource = *item.resource;
    const CertificateWish wish = wish_of(resource);
    if (!wanted_absent(resource) && (wish.days < 1 || wish.days > longest_days))
      return failure(to_string(resource.id), "days must be from 1 to " + std::to_string(longest_days));
    if (!wanted_absent(resource) &&
        std::find(std::begin(key_types), std::end(key_types), wish.key_type) == std::end(key_types))
      return failure(to_string(resource.id), "key_type must be ecdsa-p256, rsa-2048 or rsa-4096");
    if (const std::string why = why_no_subject(wish.subject); !wanted_absent(resource) && !why.empty())
      return failure(to_string(resource.id), why);
    if (text_attribute(resource, "key") == resource.id.name)
      return failure(to_string(resource.id), "the key must be in another file than the certificate");
    Value::Map paths;
    for (const auto& path : paths_of(resource)) {
      auto before = record_replaced(path, "file", context);
      if (!before) return failure(before.error());
      paths[path] = std::move(*before);
    }
    return Value(std::move(paths));
  }

  Result<> change_one(const Item& item, const Value& /*undo*/, Context& /*context*/) const override {
    const Resource& resource = *item.resource;
    const std::string& path = resource.id.name;
    const std::string key_path = text_attribute(resource, "key");
    if (item.difference.action == Action::remove) {
      for (const auto& each : paths_of(resource))
        if (auto removed = remove_path(each); !removed) return removed;
      return {};
    }
    const auto owned = ownership_for(certificate_file(resource), 0644);
    const auto key_owned = ownership_for(key_file(resource), 0600);
    if (!owned) return failure(owned.error());
    if (!key_owned) return failure(key_owned.error());
    if (item.difference.action == Action::update && is_about_files_only(item.difference.attributes)) {
      if (auto set = set_ownership(key_path, *key_owned); !set) return set;
      return set_ownership(path, *owned);
    }
    const auto made = make_self_signed(wish_of(resource));
    if (!made) return failure(made.error());
    if (auto written = replace_file(key_path, made->key_pem.reveal(), *key_owned); !written) return written;
    return replace_file(path, made->certificate_pem, *owned);
  }

 private:
  static std::vector<std::string> paths_of(const Resource& resource) {
    std::vector<std::string> paths{resource.id.name};
    if (std::string key = text_attribute(resource, "key"); !key.empty()) paths.push_back(std::move(key));
    return paths;
  }

  static void compare_files(const Resource& resource, const Value& now, std::vector<AttributeChange>& changes) {
    compare_ownership(certificate_file(resource), *now["certificate"].as_map(), changes);
    std::vector<AttributeChange> of_key;
    compare_ownership(key_file(resource), *now["key"].as_map(), of_key);
    for (auto& change : of_key) {
      change.name = "key_" + change.name;
      changes.push_back(std::move(change));
    }
  }
};

}  // namespace

std::unique_ptr<Kind> make_certificate_kind() { return std::make_unique<CertificateKind>(); }

}  // namespace wright::agent

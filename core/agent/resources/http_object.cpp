#include "agent/resources/http_object.hpp"

#include <openssl/sha.h>

#include <algorithm>
#include <charconv>

#include "agent/probes/base64.hpp"
#include "model/encoding.hpp"

namespace wright::agent {
namespace {

constexpr std::size_t salt_size = 4;
const Value none;

/// What stands for one thing in a query or a table of texts.
bool is_spelt(const Value& seen, const std::string& text) {
  if (const auto* items = seen.as_list())
    return std::any_of(items->begin(), items->end(), [&](const Value& one) { return is_spelt(one, text); });
  if (const auto* number = seen.as_int()) return std::to_string(*number) == text;
  if (const auto* yes = seen.as_bool()) return text == (*yes ? "true" : "false");
  return seen == Value(text);
}

std::string unescaped(std::string_view part) {
  std::string out;
  for (std::size_t i = 0; i < part.size(); ++i) {
    const bool escape = part[i] == '~' && i + 1 < part.size() && (part[i + 1] == '0' || part[i + 1] == '1');
    out += escape ? part[++i] == '0' ? '~' : '/' : part[i];
  }
  return out;
}

const Value& element(const Value& list, std::string_view index) {
  const auto* items = list.as_list();
  std::size_t place = 0;
  const auto [end, error] = std::from_chars(index.data(), index.data() + index.size(), place);
  if (items == nullptr || error != std::errc() || end != index.data() + index.size()) return none;
  return place < items->size() ? (*items)[place] : none;
}

}  // namespace

bool covers(const Value& seen, const Value& wanted) {
  const auto* fields = wanted.as_map();
  if (fields != nullptr)
    return seen.as_map() != nullptr && std::all_of(fields->begin(), fields->end(), [&](const auto& field) {
             return seen.as_map()->contains(field.first) && covers(seen[field.first], field.second);
           });
  const auto* items = wanted.as_list();
  if (items == nullptr || seen.as_list() == nullptr) return seen == wanted;
  return std::equal(items->begin(), items->end(), seen.as_list()->begin(), seen.as_list()->end(),
                    [](const Value& w, const Value& s) { return covers(s, w); });
}

Value part_of(const Value& seen, const Value& wanted) {
  if (const auto* fields = wanted.as_map(); fields != nullptr && seen.as_map() != nullptr) {
    Value::Map out;
    for (const auto& [name, value] : *fields)
      if (seen.as_map()->contains(name)) out[name] = part_of(seen[name], value);
    return out;
  }
  const auto* items = wanted.as_list();
  if (items == nullptr || seen.as_list() == nullptr || seen.as_list()->size() != items->size()) return seen;
  Value::List out;
  for (std::size_t i = 0; i < items->size(); ++i) out.push_back(part_of((*seen.as_list())[i], (*items)[i]));
  return out;
}

const Value& at_pointer(const Value& whole, std::string_view pointer) {
  const Value* at = &whole;
  while (!pointer.empty()) {
    if (pointer[0] != '/') return none;
    pointer.remove_prefix(1);
    const auto part = pointer.substr(0, pointer.find('/'));
    pointer.remove_prefix(part.size());
    at = at->as_list() != nullptr ? &element(*at, part) : &(*at)[unescaped(part)];
  }
  return *at;
}

Value renamed(const Value& object, const Value& names, bool backwards) {
  const auto* fields = object.as_map();
  const auto* pairs = names.as_map();
  if (fields == nullptr || pairs == nullptr) return object;
  Value::Map out = *fields;
  for (const auto& [ours, theirs] : *pairs) {
    const std::string from = backwards ? theirs.text_or("") : ours;
    const auto entry = out.extract(from);
    if (!entry.empty()) out[backwards ? ours : theirs.text_or("")] = entry.mapped();
  }
  return out;
}

std::string salted_hash(std::string_view password, std::string_view salt) {
  const std::string salted = std::string(salt) + std::string(password);
  unsigned char digest[SHA256_DIGEST_LENGTH];
  ::SHA256(reinterpret_cast<const unsigned char*>(salted.data()), salted.size(), digest);
  return to_base64(std::string(salt) + std::string(reinterpret_cast<const char*>(digest), sizeof digest));
}

bool is_hash_of(std::string_view hash, std::string_view password) {
  const std::string bytes = from_base64(hash);
  return bytes.size() == salt_size + SHA256_DIGEST_LENGTH && salted_hash(password, bytes.substr(0, salt_size)) == hash;
}

std::string url_of(const ResourceId& id) { return id.name.substr(0, id.name.find('#')); }

std::string member_url(const std::string& collection, std::string_view id) {
  static constexpr char digits[] = "0123456789ABCDEF";
  std::string out = collection.substr(0, collection.find('?'));
  if (!out.ends_with('/')) out += '/';
  for (const unsigned char c : id) {
    if (std::isalnum(c) != 0 || std::string_view("-._~").find(static_cast<char>(c)) != std::string_view::npos)
      out += static_cast<char>(c);
    else
      out += {'%', digits[c >> 4U], digits[c & 15U]};
  }
  return out;
}

const Value& find_member(const Value& list, const Value& fields) {
  const auto* items = list.as_list();
  if (items == nullptr) return none;
  const auto has = [](const Value& member, const std::string& name, const Value& wanted) {
    if (wanted.as_string() == nullptr) return covers(member[name], wanted);
    if (member[name].as_map() == nullptr) return is_spelt(member[name], *wanted.as_string());
    const auto object = from_json(*wanted.as_string());
    return object && *object == member[name];
  };
  const auto found = std::find_if(items->begin(), items->end(), [&](const Value& one) {
    return one.as_map() != nullptr && fields.as_map() != nullptr &&
           std::all_of(fields.as_map()->begin(), fields.as_map()->end(),
                       [&](const auto& field) { return has(one, field.first, field.second); });
  });
  return found == items->end() ? none : *found;
}

std::string id_of(const Value& member, const std::string& field) {
  const Value& id = member[field];
  return id.as_int() != nullptr ? std::to_string(*id.as_int()) : id.text_or("");
}

Value in_order(const Value& value, const std::vector<std::string>& names) {
  if (names.empty()) return value;
  if (const auto* items = value.as_list()) {
    Value::List out;
    for (const auto& item : *items) out.push_back(in_order(item, names));
    return out;
  }
  const auto* fields = value.as_map();
  if (fields == nullptr) return value;
  Value::Map out;
  for (const auto& [name, inner] : *fields) {
    Value ordered = in_order(inner, names);
    if (const auto* items = ordered.as_list();
        items != nullptr && std::find(names.begin(), names.end(), name) != names.end()) {
      Value::List sorted = *items;
      std::stable_sort(sorted.begin(), sorted.end(),
                       [](const Value& a, const Value& b) { return id_of(a, "id") < id_of(b, "id"); });
      ordered = std::move(sorted);
    }
    out[name] = std::move(ordered);
  }
  return out;
}

Value wanted_object(const Value& attributes) {
  const auto object = from_json(attributes["body"].text_or("{}"));
  return object ? in_order(renamed(*object, attributes["read_as"]), attributes["unordered"].strings())
                : Value(Value::Map{});
}

}  // namespace wright::agent

#include "agent/packages/record.hpp"

#include "agent/packages/packed.hpp"

namespace wright::agent::packages {
namespace {

Value texts(const std::map<std::string, std::string>& all) {
  Value::Map out;
  for (const auto& [key, text] : all) out[key] = text;
  return out;
}

std::map<std::string, std::string> texts_from(const Value& value) {
  std::map<std::string, std::string> out;
  if (const auto* map = value.as_map())
    for (const auto& [key, text] : *map) out[key] = text.text_or("");
  return out;
}

Value::List list_of(const std::vector<Data>& all) {
  Value::List out;
  for (const auto& one : all)
    out.emplace_back(Value::Map{{"path", one.path}, {"owner", one.owner}, {"place", one.place}});
  return out;
}

Value::List list_of(const std::vector<Given>& all) {
  Value::List out;
  for (const auto& one : all) out.emplace_back(Value::Map{{"path", one.path}, {"place", one.place}});
  return out;
}

/// Older versions wrote the paths alone.
std::vector<Data> data_from(const Value& value) {
  std::vector<Data> out;
  if (const auto* list = value.as_list())
    for (const auto& one : *list)
      out.push_back({one.as_map() != nullptr ? one["path"].text_or("") : one.text_or(""), one["owner"].text_or(""),
                     one["place"].text_or("")});
  return out;
}

std::vector<Given> given_from(const Value& value) {
  std::vector<Given> out;
  if (const auto* list = value.as_list())
    for (const auto& one : *list) out.push_back({one["path"].text_or(""), one["place"].text_or("")});
  return out;
}

}  // namespace

Value to_value(const Record& record) {
  Value::Map upgraded;
  for (const auto& [key, move] : record.moves.upgraded)
    upgraded[key] = Value::Map{{"from", move.from}, {"to", move.to}};
  Value::Map old;
  for (const auto& [key, one] : record.old) old[key] = Value::Map{{"version", one.version}, {"blob", one.blob}};
  return Value::Map{{"format", 1},
                    {"status", record.status},
                    {"tree", record.tree},
                    {"image", record.image},
                    {"installed", texts(record.moves.installed)},
                    {"upgraded", std::move(upgraded)},
                    {"removed", texts(record.moves.removed)},
                    {"old", std::move(old)},
                    {"names", Value(record.names)},
                    {"recommended", Value(record.recommended)},
                    {"running", Value(record.running)},
                    {"temporary", Value(record.temporary)},
                    {"data", list_of(record.data)},
                    {"given", list_of(record.given)},
                    {"began_ns", record.began_ns},
                    {"transaction", record.transaction},
                    {"policy", record.policy},
                    {"variables", to_value(record.variables)}};
}

Result<Record> record_from(const Value& value) {
  if (value["format"].int_or(0) != 1)
    return failure("packages", "the record of this change is one that this version cannot read", {},
                   "use the version of wright that made the change");
  Record record;
  record.status = value["status"].text_or("");
  record.tree = value["tree"].text_or("");
  record.image = value["image"].text_or("");
  record.moves.installed = texts_from(value["installed"]);
  record.moves.removed = texts_from(value["removed"]);
  if (const auto* upgraded = value["upgraded"].as_map())
    for (const auto& [key, move] : *upgraded)
      record.moves.upgraded[key] = {move["from"].text_or(""), move["to"].text_or("")};
  if (const auto* old = value["old"].as_map())
    for (const auto& [key, one] : *old) record.old[key] = {one["version"].text_or(""), one["blob"].text_or("")};
  record.names = value["names"].strings();
  record.recommended = value["recommended"].strings();
  record.running = value["running"].strings();
  record.temporary = value["temporary"].strings();
  record.data = data_from(value["data"]);
  record.given = given_from(value["given"]);
  record.began_ns = value["began_ns"].int_or(0);
  record.transaction = value["transaction"].text_or("");
  record.policy = value["policy"];
  record.variables = variables_from(value["variables"]);
  return record;
}

Value to_value(const Left& left) {
  return Value::Map{{"tree", left.tree}, {"image", left.image}, {"running", Value(left.running)}};
}

Left left_from(const Value& value) {
  return {value["tree"].text_or(""), value["image"].text_or(""), value["running"].strings()};
}

Result<std::string> put_packed(std::string_view bytes, Context& context) { return context.blobs.put(packed(bytes)); }

Result<std::string> get_packed(const std::string& blob, const Context& context) {
  const auto bytes = context.blobs.get(blob);
  if (!bytes) return failure(bytes.error());
  return unpacked(*bytes);
}

Result<Database> database_of(const Record& record, const Context& context) {
  const auto status = get_packed(record.status, context);
  if (!status) return failure(status.error());
  Database out;
  out.merge(*status);
  return out;
}

Result<Tree> tree_of(const std::string& blob, const Context& context) {
  const auto bytes = get_packed(blob, context);
  if (!bytes) return failure(bytes.error());
  return tree_from(*bytes);
}

Result<Image> image_of(const std::string& blob, const Context& context) {
  const auto bytes = get_packed(blob, context);
  if (!bytes) return failure(bytes.error());
  return Image::from(*bytes);
}

}  // namespace wright::agent::packages

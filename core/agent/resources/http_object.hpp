#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "model/resource.hpp"
#include "model/value.hpp"

namespace wright::agent {

/// Whether everything of `wanted` is in `seen`: the fields of tables, at any depth; lists and all else must be equal.
bool covers(const Value& seen, const Value& wanted);
/// As much of `seen` as `wanted` speaks of.
Value part_of(const Value& seen, const Value& wanted);
/// What a JSON pointer (RFC 6901) leads to; null when it leads nowhere. An empty one is the whole.
const Value& at_pointer(const Value& whole, std::string_view pointer);
/// The table with fields renamed. `backwards`: from the values of `names` to its keys.
Value renamed(const Value& object, const Value& names, bool backwards = false);

/// base64 of salt and SHA-256 of salt and password, as RabbitMQ keeps a password. The salt is 4 bytes.
std::string salted_hash(std::string_view password, std::string_view salt);
/// False also for what is no such hash.
bool is_hash_of(std::string_view hash, std::string_view password);

/// The URL of the object, or of its collection: the name without what is behind "#".
std::string url_of(const ResourceId& id);
/// The URL of a collection's member. What cannot stand in a path is escaped.
std::string member_url(const std::string& collection, std::string_view id);
/// The first member of the list with all these fields; null when there is none. A text matches a number or a boolean
/// that is spelt so, a list that holds it, and an equal object when it is one in JSON.
const Value& find_member(const Value& list, const Value& fields);
/// The member's id as text; empty when it has none.
std::string id_of(const Value& member, const std::string& field);

/// The value with the lists in fields of these names, at any depth, in the order of their members' "id".
Value in_order(const Value& value, const std::vector<std::string>& names);

/// What the resource wants, by the names that GET has; lists without an order in that of in_order().
Value wanted_object(const Value& attributes);

}  // namespace wright::agent

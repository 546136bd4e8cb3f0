#pragma once

#include <map>
#include <string>

#include "model/value.hpp"

namespace wright::agent {

/// Ids that a service gave out, by the words that stand for them: "{word}" in what a resource says.
using Ids = std::map<std::string, std::string>;

/// The text with ids in place of words. Ids need no quoting: see is_plain_id.
std::string with_ids(std::string text, const Ids& ids);
/// The same for every text in it, but not for names of fields.
Value value_with_ids(const Value& value, const Ids& ids);
/// Texts that are one of the ids become its word again, so that what a service has is compared with what was declared.
Value with_words(const Value& value, const Ids& ids);
/// Whether the text can stand in URLs and in JSON as it is.
bool is_plain_id(std::string_view id);

}  // namespace wright::agent

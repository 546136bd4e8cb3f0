#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "model/value.hpp"

namespace wright {

/// One ${...} in a text. "$${" is a literal "${".
///   ${secret.NAME}            a secret of the site
///   ${file.PATH}              the text of a file, by its path from the site file's folder:
///   ${file.app/requirements.txt}
///   ${host.FACT}              a fact of the host the component is on: ${host.address}, ${host.memory.total_bytes}
///   ${hosts.NAME.FACT}        a fact of another host; for a group: a list, one element a member
///   ${COMPONENT.EXPORT}       an export of a component (dotted: ${postgresql.raycrafter.url})
struct Reference {
  enum class Kind { secret, file, host_fact, other_host_fact, component_export };
  Kind kind = Kind::component_export;
  std::string owner;  ///< host or group, or component; empty for secret, file and host_fact
  std::string path;   ///< fact, export, path of the file, or name of the secret
  std::string text;   ///< as written, with ${}
};

/// Every reference of a text, or why one is not well formed (unclosed, empty, bad characters).
Result<std::vector<Reference>> references_in(std::string_view text);

/// What a reference stands for; an error when it has no value.
using Lookup = std::function<Result<Value>(const Reference&)>;

/// The value with every reference in its texts replaced. A text that is one reference takes the type of its value; a
/// text with other text around becomes text (integers and booleans as written in TOML), and a Secret when one was put
/// in. A list element that is one reference to a list is spliced in; "x${list}y" makes one element for each.
/// Errors are collected; `at` names the key of each ("sites[0].name").
Result<Value> resolve(const Value& value, const Lookup& lookup, const std::string& at = {});

}  // namespace wright

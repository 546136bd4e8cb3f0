#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/value.hpp"

namespace wright::agent {

/// What an XML-RPC server answered: a value, or why it refused.
struct XmlRpcAnswer {
  Value value;
  std::int64_t fault = 0;  ///< its code; 0 when it did as it was asked
  std::string fault_text;
};

/// The body of a call. Parameters are texts, integers and booleans; of anything else an empty text is made.
std::string xml_rpc_call(std::string_view method, const std::vector<Value>& parameters);

/// Reads a server's body, which is untrusted. Structs become maps, arrays lists; dates and base64 stay texts. Nothing
/// when it is no such answer, or nested deeper than any true one.
std::optional<XmlRpcAnswer> read_xml_rpc_answer(std::string_view body);

}  // namespace wright::agent

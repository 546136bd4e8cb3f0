#include "agent/probes/xml_rpc.hpp"

#include <charconv>
#include <cstdlib>
#include <optional>

namespace wright::agent {
namespace {

constexpr int deepest = 16;

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '&')
      out += "&amp;";
    else
      out += c;
  }
  return out;
}

void append_utf8(std::string& out, std::uint32_t code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0U | (code >> 6U));
    out += static_cast<char>(0x80U | (code & 0x3FU));
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0U | (code >> 12U));
    out += static_cast<char>(0x80U | ((code >> 6U) & 0x3FU));
    out += static_cast<char>(0x80U | (code & 0x3FU));
  } else if (code < 0x110000) {
    out += static_cast<char>(0xF0U | (code >> 18U));
    out += static_cast<char>(0x80U | ((code >> 12U) & 0x3FU));
    out += static_cast<char>(0x80U | ((code >> 6U) & 0x3FU));
    out += static_cast<char>(0x80U | (code & 0x3FU));
  }
}

/// The character that "&NAME;" stands for; nothing when there is none of that name.
bool append_entity(std::string& out, std::string_view name) {
  if (name == "lt") return out += '<', true;
  if (name == "gt") return out += '>', true;
  if (name == "amp") return out += '&', true;
  if (name == "quot") return out += '"', true;
  if (name == "apos") return out += '\'', true;
  if (!name.starts_with('#')) return false;
  const bool hex = name.starts_with("#x");
  const std::string_view digits = name.substr(hex ? 2 : 1);
  std::uint32_t code = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), code, hex ? 16 : 10);
  if (error != std::errc() || end != digits.data() + digits.size()) return false;
  append_utf8(out, code);
  return true;
}

/// Goes over the elements of an answer in the order in which they stand.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  std::optional<XmlRpcAnswer> answer() {
    skip_space();
    if (rest_.starts_with("<?")) {
      const auto end = rest_.find("?>");
      if (end == std::string_view::npos) return std::nullopt;
      rest_.remove_prefix(end + 2);
    }
    if (!takes("<methodResponse>")) return std::nullopt;
    XmlRpcAnswer out;
    if (takes("<fault>")) {
      auto fault = value(0);
      if (!fault || !takes("</fault>")) return std::nullopt;
      out.fault = (*fault)["faultCode"].int_or(-1);
      if (out.fault == 0) out.fault = -1;
      out.fault_text = (*fault)["faultString"].text_or("");
    } else {
      if (!takes("<params>") || !takes("<param>")) return std::nullopt;
      auto read = value(0);
      if (!read || !takes("</param>") || !takes("</params>")) return std::nullopt;
      out.value = std::move(*read);
    }
    return takes("</methodResponse>") ? std::optional(std::move(out)) : std::nullopt;
  }

 private:
  void skip_space() {
    while (!rest_.empty() && (rest_[0] == ' ' || rest_[0] == '\n' || rest_[0] == '\r' || rest_[0] == '\t'))
      rest_.remove_prefix(1);
  }

  bool takes(std::string_view tag) {
    skip_space();
    if (!rest_.starts_with(tag)) return false;
    rest_.remove_prefix(tag.size());
    return true;
  }

  /// Characters up to the next tag, space and all.
  std::optional<std::string> characters() {
    std::string out;
    while (!rest_.empty() && rest_[0] != '<') {
      if (rest_[0] == '&') {
        const auto end = rest_.find(';');
        if (end == std::string_view::npos || !append_entity(out, rest_.substr(1, end - 1))) return std::nullopt;
        rest_.remove_prefix(end + 1);
      } else {
        out += rest_[0];
        rest_.remove_prefix(1);
      }
    }
    return out;
  }

  std::optional<Value> value(int depth) {
    if (depth > deepest) return std::nullopt;
    skip_space();
    if (takes("<value/>")) return Value("");
    if (!takes("<value>")) return std::nullopt;
    // A value without a type is a text, in which space counts; between tags it does not.
    auto plain = characters();
    if (!plain) return std::nullopt;
    if (rest_.starts_with("</value>")) return takes("</value>"), Value(std::move(*plain));
    auto inner = typed(depth);
    return inner && takes("</value>") ? std::move(inner) : std::nullopt;
  }

  std::optional<Value> typed(int depth) {
    if (takes("<array>")) return array(depth);
    if (takes("<struct>")) return structure(depth);
    if (takes("<string/>")) return Value("");
    if (takes("<nil/>")) return Value();
    if (!rest_.starts_with('<')) return std::nullopt;
    const auto end = rest_.find('>');
    if (end == std::string_view::npos) return std::nullopt;
    const std::string type(rest_.substr(1, end - 1));
    rest_.remove_prefix(end + 1);
    auto text = characters();
    if (!text || !takes("</" + type + ">")) return std::nullopt;
    return scalar(type, std::move(*text));
  }

  static std::optional<Value> scalar(const std::string& type, std::string text) {
    if (type == "boolean") return text == "0" || text == "1" ? std::optional(Value(text == "1")) : std::nullopt;
    if (type == "int" || type == "i4" || type == "i8") {
      std::int64_t number = 0;
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
      return error == std::errc() && end == text.data() + text.size() ? std::optional(Value(number)) : std::nullopt;
    }
    if (type == "double") return Value(std::strtod(text.c_str(), nullptr));
    return Value(std::move(text));
  }

  std::optional<Value> array(int depth) {
    if (takes("<data/>")) return takes("</array>") ? std::optional(Value(Value::List{})) : std::nullopt;
    if (!takes("<data>")) return std::nullopt;
    Value::List list;
    while (!takes("</data>")) {
      auto one = value(depth + 1);
      if (!one) return std::nullopt;
      list.push_back(std::move(*one));
    }
    return takes("</array>") ? std::optional(Value(std::move(list))) : std::nullopt;
  }

  std::optional<Value> structure(int depth) {
    Value::Map map;
    while (!takes("</struct>")) {
      if (!takes("<member>") || !takes("<name>")) return std::nullopt;
      auto name = characters();
      if (!name || !takes("</name>")) return std::nullopt;
      auto one = value(depth + 1);
      if (!one || !takes("</member>")) return std::nullopt;
      map[std::move(*name)] = std::move(*one);
    }
    return Value(std::move(map));
  }

  std::string_view rest_;
};

}  // namespace

std::string xml_rpc_call(std::string_view method, const std::vector<Value>& parameters) {
  std::string out = "<?xml version='1.0'?>\n<methodCall><methodName>" + escaped(method) + "</methodName><params>";
  for (const auto& parameter : parameters) {
    out += "<param><value>";
    if (const auto* number = parameter.as_int())
      out += "<int>" + std::to_string(*number) + "</int>";
    else if (const auto* yes = parameter.as_bool())
      out += std::string("<boolean>") + (*yes ? "1" : "0") + "</boolean>";
    else
      out += "<string>" + escaped(parameter.text_or("")) + "</string>";
    out += "</value></param>";
  }
  return out + "</params></methodCall>\n";
}

std::optional<XmlRpcAnswer> read_xml_rpc_answer(std::string_view body) { return Reader(body).answer(); }

}  // namespace wright::agent

#include "schema/kinds_doc.hpp"

#include "model/kinds.hpp"

namespace wright {
namespace {

std::string_view type_text(AttributeType type) {
  switch (type) {
    case AttributeType::text:
      return "text";
    case AttributeType::secret_or_text:
      return "text or secret";
    case AttributeType::integer:
      return "integer";
    case AttributeType::boolean:
      return "boolean";
    case AttributeType::strings:
      return "list of text";
    case AttributeType::table:
      return "table";
    case AttributeType::mode:
      return "permission bits";
  }
  return {};
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += '\\';
    out += c;
  }
  return out;
}

void write(std::span<const KindSpec> kinds, std::string& out) {
  for (const auto& kind : kinds) {
    out += "\n### " + std::string(kind.name) + "\n\n" + std::string(kind.doc) + "\n";
    if (!kind.attributes.empty()) out += "\n| attribute | type | meaning |\n|---|---|---|\n";
    for (const auto& attribute : kind.attributes)
      out += "| `" + std::string(attribute.name) + "`" + (attribute.required ? " (required)" : "") + " | " +
             std::string(type_text(attribute.type)) + " | " + escaped(attribute.doc) + " |\n";
  }
}

}  // namespace

std::string kinds_markdown() {
  std::string out =
      "# Resources and probes\n\n"
      "Generated from the tables of `core/model`; `schema_test` says when it is stale and, with `WRIGHT_ACCEPT=1`, "
      "writes it anew.\n\n## Resources\n";
  write(resource_kinds(), out);
  out += "\n## Probes\n";
  write(probe_kinds(), out);
  return out;
}

}  // namespace wright

#include "plugin/messages.hpp"

#include "model/event.hpp"
#include "model/lists.hpp"
#include "model/reading.hpp"

namespace wright {

Value describe_request(const PluginFile& file) {
  return Value::Map{{"type", "describe"}, {"name", file.name}, {"path", file.path}};
}

Value evaluate_request(const PluginFile& file, const Evaluation& e) {
  return Value::Map{{"type", "evaluate"}, {"name", file.name},    {"path", file.path}, {"component", e.component},
                    {"host", e.host},     {"options", e.options}, {"facts", e.facts}};
}

Value described_reply(const PluginDescription& description) {
  return Value::Map{{"type", "described"}, {"plugin", to_value(description)}};
}

Value declared_reply(const Declared& d) {
  return Value::Map{{"type", "declared"},
                    {"resources", list_to_value(d.resources)},
                    {"probes", list_to_value(d.probes)},
                    {"rollback", list_to_value(d.rollback)},
                    {"exports", d.exports},
                    {"missing_facts", d.missing_facts},
                    {"warnings", to_value(d.warnings)}};
}

Value at_message(std::string_view phase) { return Value::Map{{"type", "at"}, {"phase", phase}}; }

Result<PluginFile> plugin_file_in(const Value& message) {
  Reading in(message, "plugin file");
  PluginFile file{in.text("name"), in.text("path")};
  return in.finish(std::move(file));
}

Result<Evaluation> evaluation_in(const Value& message) {
  Reading in(message, "evaluation");
  Evaluation e;
  e.plugin = in.text("name");
  e.component = in.text("component");
  e.host = in.text("host");
  e.options = in.map("options");
  e.facts = in.map("facts");
  return in.finish(std::move(e));
}

Result<PluginDescription> description_in(const Value& message) { return plugin_description_from(message["plugin"]); }

Result<Declared> declared_in(const Value& message) {
  Reading in(message, "declared");
  Declared d;
  d.resources = in.list<Resource>("resources", resource_from);
  d.probes = in.list<Probe>("probes", probe_from);
  d.rollback = in.list<Resource>("rollback", resource_from);
  d.exports = in.map("exports");
  d.missing_facts = in.strings("missing_facts");
  if (auto warnings = diagnostics_from(in.any("warnings")))
    d.warnings = std::move(*warnings);
  else
    in.problem("warnings", "is no list of diagnostics");
  return in.finish(std::move(d));
}

}  // namespace wright

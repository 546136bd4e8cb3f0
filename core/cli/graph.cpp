#include "report/graph_text.hpp"

#include "cli/commands.hpp"
#include "report/json_lines.hpp"

namespace wright::commands {

int graph(Context& context) {
  auto site = open_site(context, {});
  if (!site) return fail(context, site.error());
  const std::string& format = context.arguments.format;
  const Value::Map fields = graph_value(*site);
  std::string text = graph_lines(*site);
  if (format == "dot") text = graph_dot(*site);
  if (format == "mermaid") text = graph_mermaid(*site);
  if (format == "json") text = json_line("graph", fields);
  context.reporter.result("graph", fields, text);
  return exit_ok;
}

}  // namespace wright::commands

/* A plugin in C, without anything but the header. */
#include <string.h>
#include <wright/plugin.h>

static wright_str text(const char* from) {
  wright_str out;
  out.data = from;
  out.size = strlen(from);
  return out;
}

static const wright_option greeting = {
    sizeof(wright_option), 0, WRIGHT_TYPE_TEXT, 0, {"greeting", 8}, {"What it says.", 13}, {"\"hello\"", 7}, 0, 0, NULL, 0, NULL, 0};
static const wright_option* const options[] = {&greeting};

static int32_t configure(const wright_host* host, wright_call* call) {
  wright_str said;
  wright_node* file;
  wright_node* service;
  if (host->value_str(host->value_get(host->config(call), text("greeting")), &said) != WRIGHT_OK) return WRIGHT_FAILED;
  file = host->resource(call, text("file"), text("/etc/greeting"));
  host->set_str(file, text("content"), said);
  host->set_int(file, text("mode"), 0644);
  service = host->resource(call, text("service"), text("greeter"));
  host->set_bool(service, text("running"), 1);
  host->relate(service, text("restart_on"), file);
  return host->export_str(call, text("greeting"), said);
}

static int32_t verify(const wright_host* host, wright_call* call) {
  const wright_value* port = NULL;
  int64_t number = 0;
  wright_node* probe;
  int32_t status = host->fact(call, text("greeter.port"), &port);
  if (status != WRIGHT_OK) return status;
  if (host->value_int(port, &number) != WRIGHT_OK) return WRIGHT_FAILED;
  probe = host->probe(call, text("tcp"));
  host->set_str(probe, text("host"), text("127.0.0.1"));
  host->set_int(probe, text("port"), number);
  return host->probe_ready(probe);
}

WRIGHT_EXPORT const wright_plugin* wright_plugin_entry_1(const wright_host* host) {
  static wright_plugin table;
  (void)host;
  table.struct_size = sizeof(table);
  table.abi_minor = WRIGHT_ABI_MINOR;
  table.name = text("plain");
  table.version = text("1.0.0");
  table.summary = text("Greets");
  table.options = options;
  table.option_count = 1;
  table.configure = configure;
  table.verify = verify;
  return &table;
}

/* Names every type of the border, so that a tool that reads debug information sees them all. */
#include <wright/plugin.h>

WRIGHT_EXPORT const wright_plugin* wright_plugin_entry_1(const wright_host* host) {
  (void)host;
  return 0;
}

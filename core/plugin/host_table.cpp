#include "plugin/call.hpp"
#include "plugin/fault.hpp"
#include "plugin/host_functions.hpp"

namespace wright {

const wright_host& host_table() {
  static const wright_host table = [] {
    wright_host made{};
    made.struct_size = sizeof(made);
    made.abi_minor = WRIGHT_ABI_MINOR;
    fill_call_functions(made);
    fill_value_functions(made);
    fill_declaring_functions(made);
    made.extension = [](wright_str) -> const void* { return nullptr; };
    return made;
  }();
  return table;
}

}  // namespace wright

void wright_call::misuse(const std::string& what, std::string why) {
  diagnostics.add(wright::plugin_fault(evaluation->plugin, phase, what, std::move(why)));
}

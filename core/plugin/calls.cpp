#include <algorithm>

#include "plugin/call.hpp"
#include "plugin/host_functions.hpp"

namespace wright {
namespace {

/// By its full name as it was asked for, or "memory.total_bytes" inside nested tables. NULL when it is not known.
const Value* find_fact(const Value::Map& facts, std::string_view name) {
  if (const auto whole = facts.find(name); whole != facts.end()) return &whole->second;
  const Value::Map* at = &facts;
  while (at != nullptr) {
    const auto dot = name.find('.');
    const auto found = at->find(name.substr(0, dot));
    if (found == at->end()) return nullptr;
    if (dot == std::string_view::npos) return &found->second;
    name.remove_prefix(dot + 1);
    at = found->second.as_map();
  }
  return nullptr;
}

int32_t fact(wright_call* call, wright_str name, const wright_value** out) {
  if (call == nullptr || out == nullptr || view(name).empty()) return WRIGHT_FAILED;
  return guarded(WRIGHT_FAILED, [&] {
    const Value* found = find_fact(call->evaluation->facts, view(name));
    if (found != nullptr && found->is_null()) return WRIGHT_ABSENT;
    if (found != nullptr) {
      *out = reinterpret_cast<const wright_value*>(found);
      return WRIGHT_OK;
    }
    auto& missing = call->missing_facts;
    if (std::find(missing.begin(), missing.end(), view(name)) == missing.end()) missing.push_back(text_of(name));
    return WRIGHT_PENDING;
  });
}

int32_t diagnose(wright_call* call, int32_t severity, wright_str summary, wright_str detail, wright_str option) {
  if (call == nullptr) return WRIGHT_FAILED;
  return guarded(WRIGHT_FAILED, [&] {
    if (severity == WRIGHT_FAULT) {
      call->misuse(text_of(summary), text_of(detail));
      return WRIGHT_OK;
    }
    const Severity level = severity == WRIGHT_WARNING ? Severity::warning
                           : severity == WRIGHT_NOTE  ? Severity::note
                                                      : Severity::error;
    call->diagnostics.add({level, Fault::bad_site, text_of(option), text_of(summary), text_of(detail), {}});
    return WRIGHT_OK;
  });
}

int32_t put_export(wright_call* call, wright_str name, Value value) {
  std::string_view rest = view(name);
  Value* at = &call->exports;
  while (true) {
    const auto dot = rest.find('.');
    const std::string key(rest.substr(0, dot));
    auto* table = at->as_map();
    if (table == nullptr || key.empty()) {
      call->misuse("the export \"" + text_of(name) + "\" cannot be made",
                   key.empty() ? "a part of its name is empty" : "a part of its name is an export that is no table");
      return WRIGHT_FAILED;
    }
    if (dot == std::string_view::npos) {
      const auto [place, added] = table->try_emplace(key, value);
      if (!added && place->second != value) {
        call->misuse("the export \"" + text_of(name) + "\" is made twice with different values");
        return WRIGHT_FAILED;
      }
      return WRIGHT_OK;
    }
    at = &table->try_emplace(key, Value::Map{}).first->second;
    rest.remove_prefix(dot + 1);
  }
}

template <class Make>
int32_t export_guarded(wright_call* call, wright_str name, Make make) {
  if (call == nullptr) return WRIGHT_FAILED;
  return guarded(WRIGHT_FAILED, [&] { return put_export(call, name, make()); });
}

}  // namespace

void fill_call_functions(wright_host& table) {
  table.host_name = [](wright_call* call) {
    return call == nullptr ? wright_str{nullptr, 0} : borrow(call->evaluation->host);
  };
  table.component = [](wright_call* call) {
    return call == nullptr ? wright_str{nullptr, 0} : borrow(call->evaluation->component);
  };
  table.config = [](wright_call* call) {
    return call == nullptr ? nullptr : reinterpret_cast<const wright_value*>(&call->config);
  };
  table.fact = fact;
  table.diagnose = diagnose;
  table.export_str = [](wright_call* call, wright_str name, wright_str value) {
    return export_guarded(call, name, [&] { return Value(text_of(value)); });
  };
  table.export_secret = [](wright_call* call, wright_str name, wright_str value) {
    return export_guarded(call, name, [&] { return Value(Secret(text_of(value))); });
  };
  table.export_int = [](wright_call* call, wright_str name, int64_t value) {
    return export_guarded(call, name, [&] { return Value(std::int64_t{value}); });
  };
  table.export_bool = [](wright_call* call, wright_str name, int32_t value) {
    return export_guarded(call, name, [&] { return Value(value != 0); });
  };
  table.export_list = [](wright_call* call, wright_str name, const wright_str* items, uint64_t count) {
    return export_guarded(call, name, [&] {
      Value::List list;
      for (uint64_t i = 0; items != nullptr && i < count; ++i) list.emplace_back(text_of(items[i]));
      return Value(std::move(list));
    });
  };
}

}  // namespace wright

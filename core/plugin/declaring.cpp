#include "model/kinds.hpp"
#include "plugin/call.hpp"
#include "plugin/host_functions.hpp"

namespace wright {
namespace {

wright_node* declare(wright_call* call, bool is_probe, wright_str kind, wright_str name) {
  if (call == nullptr) return nullptr;
  return guarded(nullptr, [&]() -> wright_node* {
    if (is_probe != (call->phase == "verify")) {
      call->misuse(is_probe ? "probes belong to verify" : "verify declares probes only, and no resources",
                   text_of(kind) + " " + text_of(name));
      return nullptr;
    }
    wright_node& made = call->nodes.emplace_back();
    made.call = call;
    made.is_probe = is_probe;
    if (is_probe) {
      made.probe.kind = text_of(kind);
      made.probe.name = call->evaluation->component + ": " + text_of(kind);
      made.probe.component = call->evaluation->component;
    } else {
      made.resource.id = {text_of(kind), text_of(name)};
      made.resource.phase = call->phase == "install" ? "install" : "configure";
      made.resource.components = {call->evaluation->component};
    }
    return &made;
  });
}

template <class Make>
int32_t set(wright_node* node, wright_str attribute, Make make) {
  if (node == nullptr) return WRIGHT_FAILED;
  return guarded(WRIGHT_FAILED, [&] {
    node->attributes()[text_of(attribute)] = make();
    return WRIGHT_OK;
  });
}

Value list_of(const wright_str* items, uint64_t count) {
  Value::List list;
  for (uint64_t i = 0; items != nullptr && i < count; ++i) list.emplace_back(text_of(items[i]));
  return list;
}

int32_t set_entry(wright_node* node, wright_str attribute, wright_str key, Value value) {
  Value& table = node->attributes()[text_of(attribute)];
  if (table.as_map() == nullptr) table = Value::Map{};
  (*table.as_map())[text_of(key)] = std::move(value);
  return WRIGHT_OK;
}

std::vector<ResourceId>* related(Resource& resource, std::string_view relation) {
  if (relation == "after") return &resource.after;
  if (!is_running_kind(resource.id.kind)) return nullptr;
  if (relation == "restart_on") return &resource.restart_on;
  return relation == "reload_on" ? &resource.reload_on : nullptr;
}

int32_t relate(wright_node* node, wright_str relation, const ResourceId& other) {
  if (node->is_probe) {
    node->call->misuse("a probe cannot stand after or restart anything", node->probe.name);
    return WRIGHT_FAILED;
  }
  auto* ids = related(node->resource, view(relation));
  const std::string about = to_string(node->resource.id) + " " + text_of(relation) + " " + to_string(other);
  if (ids == nullptr || other == node->resource.id) {
    node->call->misuse(
        ids == nullptr
            ? "no such relation: \"after\" was expected, or, for a service or program, \"restart_on\" or \"reload_on\""
            : "a resource cannot stand in relation to itself",
        about);
    return WRIGHT_FAILED;
  }
  ids->push_back(other);
  return WRIGHT_OK;
}

int32_t relate_node(wright_node* node, wright_str relation, wright_node* other) {
  if (node == nullptr || other == nullptr) return WRIGHT_FAILED;
  return guarded(WRIGHT_FAILED, [&] {
    if (other->is_probe || other->call != node->call) {
      node->call->misuse("a relation needs a resource of the same call", to_string(node->resource.id));
      return WRIGHT_FAILED;
    }
    return relate(node, relation, other->resource.id);
  });
}

int32_t relate_id(wright_node* node, wright_str relation, wright_str id) {
  if (node == nullptr) return WRIGHT_FAILED;
  return guarded(WRIGHT_FAILED, [&] {
    const auto other = parse_resource_id(view(id));
    if (!other) {
      node->call->misuse("\"" + text_of(id) + "\" is not the name of a resource: kind:name was expected");
      return WRIGHT_FAILED;
    }
    return relate(node, relation, *other);
  });
}

template <class Change>
int32_t on_probe(wright_node* node, Change change) {
  if (node == nullptr) return WRIGHT_FAILED;
  return guarded(WRIGHT_FAILED, [&] {
    if (!node->is_probe) {
      node->call->misuse("only a probe has name, ready, deadline and from", to_string(node->resource.id));
      return WRIGHT_FAILED;
    }
    change(node->probe);
    return WRIGHT_OK;
  });
}

void fill_setters(wright_host& table) {
  table.set_str = [](wright_node* node, wright_str attribute, wright_str value) {
    return set(node, attribute, [&] { return Value(text_of(value)); });
  };
  table.set_secret = [](wright_node* node, wright_str attribute, wright_str value) {
    return set(node, attribute, [&] { return Value(Secret(text_of(value))); });
  };
  table.set_int = [](wright_node* node, wright_str attribute, int64_t value) {
    return set(node, attribute, [&] { return Value(std::int64_t{value}); });
  };
  table.set_number = [](wright_node* node, wright_str attribute, double value) {
    return set(node, attribute, [&] { return Value(value); });
  };
  table.set_bool = [](wright_node* node, wright_str attribute, int32_t value) {
    return set(node, attribute, [&] { return Value(value != 0); });
  };
  table.set_list = [](wright_node* node, wright_str attribute, const wright_str* items, uint64_t count) {
    return set(node, attribute, [&] { return list_of(items, count); });
  };
  table.set_entry = [](wright_node* node, wright_str attribute, wright_str key, wright_str value) {
    if (node == nullptr) return WRIGHT_FAILED;
    return guarded(WRIGHT_FAILED, [&] { return set_entry(node, attribute, key, text_of(value)); });
  };
  table.set_entry_secret = [](wright_node* node, wright_str attribute, wright_str key, wright_str value) {
    if (node == nullptr) return WRIGHT_FAILED;
    return guarded(WRIGHT_FAILED, [&] { return set_entry(node, attribute, key, Secret(text_of(value))); });
  };
}

}  // namespace

void fill_declaring_functions(wright_host& table) {
  table.resource = [](wright_call* call, wright_str kind, wright_str name) { return declare(call, false, kind, name); };
  table.probe = [](wright_call* call, wright_str kind) { return declare(call, true, kind, {nullptr, 0}); };
  fill_setters(table);
  table.relate = relate_node;
  table.relate_id = relate_id;
  table.probe_name = [](wright_node* node, wright_str name) {
    return on_probe(node, [&](Probe& probe) { probe.name = text_of(name); });
  };
  table.probe_ready = [](wright_node* node) { return on_probe(node, [](Probe& probe) { probe.ready = true; }); };
  table.probe_deadline_ms = [](wright_node* node, int64_t milliseconds) {
    return on_probe(node, [&](Probe& probe) { probe.deadline_ms = milliseconds; });
  };
  table.probe_from = [](wright_node* node, wright_str from) {
    return on_probe(node, [&](Probe& probe) { probe.from = text_of(from); });
  };
}

}  // namespace wright

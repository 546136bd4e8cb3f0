// The gate of the ABI: one line for each released field and constant. FIELD and CONSTANT lines are only
// ever added, and only the sizes below them change with that. Whoever must change one needs a new major and a new file.
#include <wright/plugin.h>

#include <cstddef>
#include <type_traits>

#define FIELD(type, field, offset, ...)                                        \
  static_assert(offsetof(type, field) == (offset), #type "." #field " moved"); \
  static_assert(std::is_same_v<decltype(type::field), __VA_ARGS__>, #type "." #field " changed its type")
#define CONSTANT(name, value) static_assert((name) == (value), #name " changed")

static_assert(sizeof(void*) == 8, "the offsets are those of 64-bit machines");

// 1.0

FIELD(wright_str, data, 0, const char*);
FIELD(wright_str, size, 8, uint64_t);
static_assert(sizeof(wright_str) == 16, "a field was added to wright_str: add its line, then change this one");

FIELD(wright_option, struct_size, 0, uint32_t);
FIELD(wright_option, flags, 4, uint32_t);
FIELD(wright_option, type, 8, int32_t);
FIELD(wright_option, element, 12, int32_t);
FIELD(wright_option, name, 16, wright_str);
FIELD(wright_option, doc, 32, wright_str);
FIELD(wright_option, fallback, 48, wright_str);
FIELD(wright_option, minimum, 64, double);
FIELD(wright_option, maximum, 72, double);
FIELD(wright_option, choices, 80, const wright_str*);
FIELD(wright_option, choice_count, 88, uint64_t);
FIELD(wright_option, fields, 96, const wright_option* const*);
FIELD(wright_option, field_count, 104, uint64_t);
static_assert(sizeof(wright_option) == 112, "a field was added to wright_option: add its line, then change this one");

FIELD(wright_host, struct_size, 0, uint32_t);
FIELD(wright_host, abi_minor, 4, uint32_t);
FIELD(wright_host, host_name, 8, wright_str (*)(wright_call*));
FIELD(wright_host, component, 16, wright_str (*)(wright_call*));
FIELD(wright_host, config, 24, const wright_value* (*)(wright_call*));
FIELD(wright_host, fact, 32, int32_t (*)(wright_call*, wright_str, const wright_value**));
FIELD(wright_host, diagnose, 40, int32_t (*)(wright_call*, int32_t, wright_str, wright_str, wright_str));
FIELD(wright_host, export_str, 48, int32_t (*)(wright_call*, wright_str, wright_str));
FIELD(wright_host, export_secret, 56, int32_t (*)(wright_call*, wright_str, wright_str));
FIELD(wright_host, export_int, 64, int32_t (*)(wright_call*, wright_str, int64_t));
FIELD(wright_host, export_bool, 72, int32_t (*)(wright_call*, wright_str, int32_t));
FIELD(wright_host, export_list, 80, int32_t (*)(wright_call*, wright_str, const wright_str*, uint64_t));
FIELD(wright_host, value_type, 88, int32_t (*)(const wright_value*));
FIELD(wright_host, value_bool, 96, int32_t (*)(const wright_value*, int32_t*));
FIELD(wright_host, value_int, 104, int32_t (*)(const wright_value*, int64_t*));
FIELD(wright_host, value_number, 112, int32_t (*)(const wright_value*, double*));
FIELD(wright_host, value_str, 120, int32_t (*)(const wright_value*, wright_str*));
FIELD(wright_host, value_secret, 128, int32_t (*)(const wright_value*, wright_str*));
FIELD(wright_host, value_size, 136, uint64_t (*)(const wright_value*));
FIELD(wright_host, value_at, 144, const wright_value* (*)(const wright_value*, uint64_t));
FIELD(wright_host, value_key, 152, wright_str (*)(const wright_value*, uint64_t));
FIELD(wright_host, value_get, 160, const wright_value* (*)(const wright_value*, wright_str));
FIELD(wright_host, resource, 168, wright_node* (*)(wright_call*, wright_str, wright_str));
FIELD(wright_host, probe, 176, wright_node* (*)(wright_call*, wright_str));
FIELD(wright_host, set_str, 184, int32_t (*)(wright_node*, wright_str, wright_str));
FIELD(wright_host, set_secret, 192, int32_t (*)(wright_node*, wright_str, wright_str));
FIELD(wright_host, set_int, 200, int32_t (*)(wright_node*, wright_str, int64_t));
FIELD(wright_host, set_number, 208, int32_t (*)(wright_node*, wright_str, double));
FIELD(wright_host, set_bool, 216, int32_t (*)(wright_node*, wright_str, int32_t));
FIELD(wright_host, set_list, 224, int32_t (*)(wright_node*, wright_str, const wright_str*, uint64_t));
FIELD(wright_host, set_entry, 232, int32_t (*)(wright_node*, wright_str, wright_str, wright_str));
FIELD(wright_host, set_entry_secret, 240, int32_t (*)(wright_node*, wright_str, wright_str, wright_str));
FIELD(wright_host, relate, 248, int32_t (*)(wright_node*, wright_str, wright_node*));
FIELD(wright_host, relate_id, 256, int32_t (*)(wright_node*, wright_str, wright_str));
FIELD(wright_host, probe_name, 264, int32_t (*)(wright_node*, wright_str));
FIELD(wright_host, probe_ready, 272, int32_t (*)(wright_node*));
FIELD(wright_host, probe_deadline_ms, 280, int32_t (*)(wright_node*, int64_t));
FIELD(wright_host, probe_from, 288, int32_t (*)(wright_node*, wright_str));
FIELD(wright_host, extension, 296, const void* (*)(wright_str));
static_assert(sizeof(wright_host) == 304, "a field was added to wright_host: add its line, then change this one");

FIELD(wright_plugin, struct_size, 0, uint32_t);
FIELD(wright_plugin, abi_minor, 4, uint32_t);
FIELD(wright_plugin, name, 8, wright_str);
FIELD(wright_plugin, version, 24, wright_str);
FIELD(wright_plugin, summary, 40, wright_str);
FIELD(wright_plugin, options, 56, const wright_option* const*);
FIELD(wright_plugin, option_count, 64, uint64_t);
FIELD(wright_plugin, install, 72, wright_phase);
FIELD(wright_plugin, configure, 80, wright_phase);
FIELD(wright_plugin, verify, 88, wright_phase);
FIELD(wright_plugin, rollback, 96, wright_phase);
FIELD(wright_plugin, extension, 104, const void* (*)(wright_str));
static_assert(sizeof(wright_plugin) == 112, "a field was added to wright_plugin: add its line, then change this one");

static_assert(std::is_same_v<wright_phase, int32_t (*)(const wright_host*, wright_call*)>);
static_assert(std::is_same_v<decltype(wright_plugin_entry_1), const wright_plugin*(const wright_host*)>);

CONSTANT(WRIGHT_ABI_MAJOR, 1);
static_assert(WRIGHT_ABI_MINOR >= 0);
CONSTANT(WRIGHT_OK, 0);
CONSTANT(WRIGHT_FAILED, 1);
CONSTANT(WRIGHT_PENDING, 2);
CONSTANT(WRIGHT_ABSENT, 3);
CONSTANT(WRIGHT_TYPE_NULL, 0);
CONSTANT(WRIGHT_TYPE_TEXT, 1);
CONSTANT(WRIGHT_TYPE_SECRET, 2);
CONSTANT(WRIGHT_TYPE_INTEGER, 3);
CONSTANT(WRIGHT_TYPE_NUMBER, 4);
CONSTANT(WRIGHT_TYPE_BOOLEAN, 5);
CONSTANT(WRIGHT_TYPE_LIST, 6);
CONSTANT(WRIGHT_TYPE_TABLE, 7);
CONSTANT(WRIGHT_TYPE_MAP, 8);
CONSTANT(WRIGHT_ERROR, 1);
CONSTANT(WRIGHT_WARNING, 2);
CONSTANT(WRIGHT_NOTE, 3);
CONSTANT(WRIGHT_FAULT, 4);
CONSTANT(WRIGHT_OPTION_REQUIRED, 1u);
CONSTANT(WRIGHT_OPTION_HAS_MINIMUM, 2u);
CONSTANT(WRIGHT_OPTION_HAS_MAXIMUM, 4u);

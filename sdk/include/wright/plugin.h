/* wright/plugin.h - the border between wright and its plugins, SDK major 1.
 *
 * The only part of the SDK that is promised. C11; also compiles as C++11 and later. Plugins written in C++ use
 * <wright/plugin.hpp>, which is compiled into the plugin and stands on this file.
 *
 * A plugin is a shared object with exactly one exported symbol, wright_plugin_entry_1. Its phases are pure: they read the
 * options and facts of one component on one host and declare resources or probes. They touch no host, file, network or
 * clock, keep no mutable globals and may run concurrently for different hosts.
 *
 * Rules of the border
 *  - Every struct that may grow begins with struct_size. The receiver copies min(theirs, ours) bytes into a zeroed struct,
 *    so a slot that the other side does not know is NULL or 0. Later minors only append.
 *  - A wright_str is borrowed: what is passed to a function is copied during the call; what is returned stays valid until
 *    the phase returns. Nobody frees what the other side allocated.
 *  - Nothing throws, unwinds or longjmps across the border.
 *  - Handles are used only in the phase and the thread they were given to. NULL handles are refused, never followed.
 */
#ifndef WRIGHT_PLUGIN_H
#define WRIGHT_PLUGIN_H

#include <stdint.h>

#define WRIGHT_ABI_MAJOR 1
#define WRIGHT_ABI_MINOR 0

#if defined(__GNUC__)
#define WRIGHT_EXPORT __attribute__((visibility("default")))
#else
#define WRIGHT_EXPORT
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Results of phases and of host functions (int32_t). */
#define WRIGHT_OK 0
#define WRIGHT_FAILED 1  /* of a phase: refused; the diagnostics say why. Of a host function: nothing was done. */
#define WRIGHT_PENDING 2 /* a fact is not known yet; the phase returns this too, and is called again with the fact */
#define WRIGHT_ABSENT 3  /* the host was asked and has no such fact */

/* Types of options and of values (int32_t). */
#define WRIGHT_TYPE_NULL 0
#define WRIGHT_TYPE_TEXT 1
#define WRIGHT_TYPE_SECRET 2
#define WRIGHT_TYPE_INTEGER 3 /* int64_t */
#define WRIGHT_TYPE_NUMBER 4  /* double */
#define WRIGHT_TYPE_BOOLEAN 5
#define WRIGHT_TYPE_LIST 6
#define WRIGHT_TYPE_TABLE 7 /* the keys are the option's fields; also what value_type says of any map */
#define WRIGHT_TYPE_MAP 8   /* of an option only: any keys, values of type `element` */

/* Severities of a diagnostic (int32_t). */
#define WRIGHT_ERROR 1
#define WRIGHT_WARNING 2
#define WRIGHT_NOTE 3
#define WRIGHT_FAULT 4 /* an error of the plugin itself, and not of what the user wrote */

/* Flags of an option (uint32_t). */
#define WRIGHT_OPTION_REQUIRED 1u
#define WRIGHT_OPTION_HAS_MINIMUM 2u
#define WRIGHT_OPTION_HAS_MAXIMUM 4u

/* Text in UTF-8, or bytes where the reader says so. Not terminated by a zero. data may be NULL when size is 0. */
typedef struct wright_str {
  const char *data;
  uint64_t size;
} wright_str;

typedef struct wright_call wright_call;   /* one phase of one component on one host */
typedef struct wright_value wright_value; /* an option or a fact, read only */
typedef struct wright_node wright_node;   /* a resource or probe that is being declared */

/* One option of a plugin: the schema, its documentation and the default at once. */
typedef struct wright_option wright_option;
struct wright_option {
  uint32_t struct_size;
  uint32_t flags;
  int32_t type;
  int32_t element; /* of a list or map: WRIGHT_TYPE_TABLE uses fields; otherwise 0 */
  wright_str name;
  wright_str doc;
  wright_str fallback; /* the default as JSON; empty when there is none */
  double minimum;      /* inclusive; of an integer or number, or of each element */
  double maximum;
  const wright_str *choices; /* of a text, or of each element */
  uint64_t choice_count;
  const wright_option *const *fields; /* of a table, or of the tables in a list or map */
  uint64_t field_count;
};

/* What the host offers. The table lives until the process ends. */
typedef struct wright_host wright_host;
struct wright_host {
  uint32_t struct_size;
  uint32_t abi_minor;

  /* The call. */
  wright_str (*host_name)(wright_call *call);
  wright_str (*component)(wright_call *call);
  /* The component's options, complete and checked against the plugin's own table. */
  const wright_value *(*config)(wright_call *call);
  /* WRIGHT_OK with *out set; WRIGHT_ABSENT; or WRIGHT_PENDING: the fact is noted as wanted, and the phase should return
   * WRIGHT_PENDING when it has asked for all it needs. */
  int32_t (*fact)(wright_call *call, wright_str name, const wright_value **out);
  /* `option` is the path of the option that is at fault ("sites[0].name"); empty: the component as a whole. */
  int32_t (*diagnose)(wright_call *call, int32_t severity, wright_str summary, wright_str detail, wright_str option);
  /* A value for those that depend on the component: ${component.name}. Dots in the name make nested tables. */
  int32_t (*export_str)(wright_call *call, wright_str name, wright_str value);
  int32_t (*export_secret)(wright_call *call, wright_str name, wright_str value);
  int32_t (*export_int)(wright_call *call, wright_str name, int64_t value);
  int32_t (*export_bool)(wright_call *call, wright_str name, int32_t value);
  int32_t (*export_list)(wright_call *call, wright_str name, const wright_str *items, uint64_t count);

  /* Values. WRIGHT_FAILED when the value has another type. */
  int32_t (*value_type)(const wright_value *value);
  int32_t (*value_bool)(const wright_value *value, int32_t *out);
  int32_t (*value_int)(const wright_value *value, int64_t *out);
  int32_t (*value_number)(const wright_value *value, double *out); /* an integer too */
  int32_t (*value_str)(const wright_value *value, wright_str *out);
  int32_t (*value_secret)(const wright_value *value, wright_str *out); /* a text too */
  uint64_t (*value_size)(const wright_value *value);                   /* of a list or table; otherwise 0 */
  const wright_value *(*value_at)(const wright_value *value, uint64_t index); /* of a list or table, or NULL */
  wright_str (*value_key)(const wright_value *value, uint64_t index);         /* of a table; keys are sorted */
  const wright_value *(*value_get)(const wright_value *table, wright_str key); /* or NULL */

  /* Declaring. NULL, with a diagnostic, where the phase may not declare it: resources belong to install, configure and
   * rollback, probes to verify. Unknown kinds and attributes are reported when the phase has returned. */
  wright_node *(*resource)(wright_call *call, wright_str kind, wright_str name);
  wright_node *(*probe)(wright_call *call, wright_str kind);
  int32_t (*set_str)(wright_node *node, wright_str attribute, wright_str value);
  int32_t (*set_secret)(wright_node *node, wright_str attribute, wright_str value);
  int32_t (*set_int)(wright_node *node, wright_str attribute, int64_t value);
  int32_t (*set_number)(wright_node *node, wright_str attribute, double value);
  int32_t (*set_bool)(wright_node *node, wright_str attribute, int32_t value);
  int32_t (*set_list)(wright_node *node, wright_str attribute, const wright_str *items, uint64_t count);
  int32_t (*set_entry)(wright_node *node, wright_str attribute, wright_str key, wright_str value);
  int32_t (*set_entry_secret)(wright_node *node, wright_str attribute, wright_str key, wright_str value);
  /* relation: "after", "restart_on" or "reload_on". */
  int32_t (*relate)(wright_node *resource, wright_str relation, wright_node *other);
  /* The same to a resource of another phase or component, by "kind:name". */
  int32_t (*relate_id)(wright_node *resource, wright_str relation, wright_str id);

  /* Of probes only. */
  int32_t (*probe_name)(wright_node *probe, wright_str name); /* one line for people */
  int32_t (*probe_ready)(wright_node *probe);                 /* must pass before those that depend on it start */
  int32_t (*probe_deadline_ms)(wright_node *probe, int64_t milliseconds);
  int32_t (*probe_from)(wright_node *probe, wright_str from); /* "host" (the default) or "controller" */

  /* Something optional, by its name; NULL when this host does not have it. */
  const void *(*extension)(wright_str id);
};

/* A phase returns WRIGHT_OK, WRIGHT_FAILED or WRIGHT_PENDING. */
typedef int32_t (*wright_phase)(const wright_host *host, wright_call *call);

/* What a plugin is. The table is constant and lives until the process ends.
 * Required: struct_size, name, version, verify, and install or configure. */
typedef struct wright_plugin wright_plugin;
struct wright_plugin {
  uint32_t struct_size;
  uint32_t abi_minor; /* WRIGHT_ABI_MINOR of the header it was built with */
  wright_str name;    /* that of the file, without .so */
  wright_str version;
  wright_str summary;
  const wright_option *const *options;
  uint64_t option_count;
  wright_phase install;   /* packages and what they need, before any configuration */
  wright_phase configure; /* files, services, and the rest */
  wright_phase verify;    /* probes: read-only functional checks */
  wright_phase rollback;  /* commands to run before the component is undone; the undoing itself is the host's */
  const void *(*extension)(wright_str id);
};

/* The one symbol of a plugin; its name carries the SDK's major. Called once; NULL when the plugin refuses the host. */
WRIGHT_EXPORT const wright_plugin *wright_plugin_entry_1(const wright_host *host);

#ifdef __cplusplus
}
#endif

#endif

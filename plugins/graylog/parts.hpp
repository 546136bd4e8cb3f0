#pragma once

#include "options.hpp"

namespace graylog {

/// MiB of heap that Graylog does not start without.
constexpr std::uint32_t least_heap_mb = 384;

/// True when all options make sense; else every problem was told.
bool check(wright::Configure& on, const Config& c);

/// Whether this Graylog can work with the search server and the MongoDB of these versions, as far as they are known.
bool fits_partners(wright::Configure& on, const Config& c);
/// Whether ports and disk can be had, of the options with packs.
bool host_has_room(wright::Configure& on, const Config& all);

/// The options with what their packs say, the packs' first.
Config with_packs(const Config& c);

/// Major and minor of the Graylog that the host has after the apply, as 100 * major + minor; 0 when nothing says it.
int release_on(const wright::Phase& on, const Config& c);
int release_in(std::string_view version);
/// /etc/graylog/server/server.conf and /etc/default/graylog-server.
wright::Secret server_conf(const Config& c, int release);
std::string default_file(const Config& c, std::uint32_t heap_mb);

/// http://127.0.0.1:9000, as this host reaches it.
std::string near_url(const Config& c);
std::string url_at(const Config& c, const std::string& address);
std::string near_address(const std::string& bind);
/// As other hosts reach what listens at that address.
std::string far_address(const wright::Phase& on, const std::string& bind);
/// An IPv6 address as URLs and "address:port" have it.
std::string bracketed(const std::string& address);

bool is_udp(const Input& i);
/// "nginx access_log" as nginx_access_log; empty when nothing of it can be in a reference.
std::string word_of(const std::string& name);
/// What Graylog is told of an input, as JSON.
std::string input_object(const Input& i);
/// Inputs with a certificate of their own get its paths; then the files themselves.
void use_own_certificates(Config& c);
void declare_certificates(wright::Configure& on, const Config& all, const wright::Service& service);
/// Inputs, rules, streams, alerts and dashboards, once the service runs.
void declare_objects(wright::Configure& on, const Config& c, const wright::Service& service);

/// What a dashboard is to Graylog: a search, by an id made of its content, and the view of its results.
struct DashboardParts {
  std::string search_id;
  std::string search;
  std::string view;  ///< what of it counts
  std::string sent;  ///< the same with what Graylog wants besides
};
DashboardParts dashboard_parts(const Dashboard& d, const std::string& owner);

/// A shell's program that sends a message to every input and waits for it to be found.
wright::Secret proof(const Config& c);

}  // namespace graylog

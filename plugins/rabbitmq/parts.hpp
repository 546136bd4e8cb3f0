#pragma once

#include "options.hpp"

namespace rabbitmq {

/// True when all options make sense; else every problem was told.
bool check(wright::Configure& on, const Config& c);

/// rabbitmq.conf, rabbitmq-env.conf and enabled_plugins.
std::string main_file(const Config& c);
std::string environment_file(const Config& c);
/// Whether nobody but the tools on this host reaches the node over Erlang's own protocol.
bool is_local_node(const Config& c);
std::string plugins_file(const Config& c);
/// What a node without data begins with: the administrator alone, by the hash of its password.
wright::Secret definitions_file(const Config& c);

/// Vhosts, users, permissions and policies, once the service runs.
void declare_objects(wright::Configure& on, const Config& c, const wright::Service& service);

/// The vhost's name, or the first one's.
std::string vhost_of(const Config& c, const std::string& vhost);
/// Where it takes connections with TLS, if it does.
const std::vector<std::string>& tls_addresses(const Config& c);
/// An address that clients on this host reach such a list at.
std::string near_address(const std::vector<std::string>& listen);
/// Whether one of them is for other hosts.
bool is_reachable(const std::vector<std::string>& listen);
std::string api_url(const Config& c, std::string_view path);
/// amqp://user:password@address:port/vhost, or amqps:// and the port of TLS.
wright::Secret amqp_url(const Config& c, const std::string& address, const User& user, bool tls = false);

/// What a client says, all at once, that logs in to the vhost, declares a queue of its own, publishes `proof` to it
/// under that routing key and gets it back. Whoever only listens for the proof has seen all of it.
wright::Secret publish_and_get(const std::string& user, const wright::Secret& password, const std::string& vhost,
                               const std::string& key, const std::string& proof);
/// And one that only logs in and opens the vhost.
wright::Secret log_in(const std::string& user, const wright::Secret& password, const std::string& vhost);
/// What the server says when that has succeeded.
std::string logged_in();

}  // namespace rabbitmq

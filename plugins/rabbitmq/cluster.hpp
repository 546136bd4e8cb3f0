#pragma once

#include "options.hpp"

namespace rabbitmq {

/// NAME@HOST.
bool is_node_name(const std::string& text);
/// True when the cluster's options make sense on this host; else every problem was told.
bool check_cluster(wright::Configure& on, const Config& c);

/// Whether the options ask for a cluster.
bool is_clustered(const Config& c);
/// The options as they count on this host: in a cluster, node_name is that of the node here. A name that is none of its
/// nodes stays, so that the check can say so.
Config on_this_host(const wright::Phase& on, Config c);
/// The cluster's nodes that have an address of this host.
std::vector<std::string> nodes_here(const wright::Phase& on, const Cluster& cluster);
/// The numeric address of node_name; empty when it is none of the cluster's.
std::string own_address(const Config& c);
/// Whether it is the one that makes what the cluster holds, while that is not there.
bool is_first(const Config& c);
/// Answers as long as the broker here is this node of the cluster.
std::string member_url(const Config& c);

/// Lines of rabbitmq-env.conf, each with its end.
std::string cluster_environment(const Config& c);
/// Erlang's own table of hosts: where the nodes are.
std::string hosts_file(const Cluster& cluster);
/// What a node without data asks first: whom it joins.
std::string peers_file(const Cluster& cluster);

/// What must be there before the node starts for the first time: its names, its peers, the folder of its data.
void declare_membership(wright::Configure& on, const Config& c, const wright::Service& service);
/// That the node runs in the cluster with all the others, and when it does not, whether it lacks a majority.
void verify_membership(wright::Verify& on, const Config& c, const wright::Secret& login);

}  // namespace rabbitmq

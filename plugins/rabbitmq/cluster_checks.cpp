#include <algorithm>
#include <cctype>
#include <set>
#include <wright/address.hpp>

#include "cluster.hpp"

namespace rabbitmq {
namespace {

constexpr std::uint16_t port_mapper_port = 4369;

class ClusterCheck {
 public:
  ClusterCheck(wright::Configure& on, const Config& c) : on_(on), c_(c), cluster_(c.cluster) {}

  bool passes() {
    for (std::size_t i = 0; i < cluster_.nodes.size(); ++i)
      node(wright::format("cluster.nodes[{}]", i), cluster_.nodes[i]);
    if (cluster_.nodes.size() < 2) bad("cluster.nodes", "needs two nodes or more: without it there is one");
    if (c_.erlang_cookie.empty())
      bad("erlang_cookie", "is needed with cluster, the same on each host: its nodes know each other by it");
    node_here();
    ports();
    if (cluster_.nodes.size() == 2 && cluster_.partition_handling == "pause_minority")
      on_.warning("cluster.partition_handling",
                  "of two nodes, one that does not see the other stops, also when that one is only restarted: a third "
                  "node helps, or autoheal");
    return good_;
  }

 private:
  void bad(std::string_view option, std::string_view what) {
    on_.error(option, what);
    good_ = false;
  }

  void node(const std::string& place, const Node& node) {
    const std::string host = node.name.substr(node.name.find('@') + 1);
    if (!is_node_name(node.name) || host.find('.') != std::string::npos || host == "localhost")
      bad(place + ".name", "must be NAME@HOST, such as rabbit@mq1, HOST without a dot and not localhost");
    else if (!hosts_.insert(host).second)
      bad(place + ".name", wright::format("has the HOST \"{}\" of another one", host));
    if (!wright::is_ipv4(node.address) || node.address == "0.0.0.0")
      bad(place + ".address", "must be a numeric IPv4 address of that host, such as 192.0.2.10");
    else if (!addresses_.insert(node.address).second)
      bad(place + ".address", "is also that of another one");
  }

  void node_here() {
    const auto here = nodes_here(on_, cluster_);
    const bool known = std::any_of(cluster_.nodes.begin(), cluster_.nodes.end(),
                                   [&](const Node& node) { return node.name == c_.node_name; });
    if (c_.node_name == Config().node_name)
      bad("cluster.nodes", "must hold this host exactly once, by a numeric address that it has");
    else if (!known)
      bad("node_name", "is not one of cluster.nodes");
    else if (std::find(here.begin(), here.end(), c_.node_name) == here.end())
      bad("node_name", "is one of cluster.nodes with an address that this host does not have");
  }

  void ports() {
    for (const auto& [option, port] :
         {std::pair{"port", c_.port}, {"management_port", c_.management_port}, {"tls.port", c_.tls.port}})
      if (port == cluster_.port) bad("cluster.port", wright::format("is also {}", option));
    if (cluster_.port == port_mapper_port) bad("cluster.port", "is that of epmd");
    on_.warning(
        "cluster",
        wright::format("Erlang's ports {} and {} let in who has the cookie, and all crosses in the clear: close "
                       "them outside",
                       port_mapper_port, cluster_.port));
  }

  wright::Configure& on_;
  const Config& c_;
  const Cluster& cluster_;
  bool good_ = true;
  std::set<std::string> hosts_;
  std::set<std::string> addresses_;
};

}  // namespace

bool is_node_name(const std::string& text) {
  const auto at = text.find('@');
  if (at == std::string::npos || at == 0 || at + 1 == text.size() || text.find('@', at + 1) != std::string::npos)
    return false;
  return std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || std::string_view("@-_.").find(static_cast<char>(c)) != std::string_view::npos;
  });
}

bool check_cluster(wright::Configure& on, const Config& c) { return ClusterCheck(on, c).passes(); }

}  // namespace rabbitmq

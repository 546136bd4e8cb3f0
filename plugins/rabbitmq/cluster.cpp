#include "cluster.hpp"

#include <algorithm>
#include <wright/url.hpp>

#include "parts.hpp"
#include "templates/rabbitmq.hpp"

namespace rabbitmq {
namespace {

constexpr const char* hosts_path = "/etc/rabbitmq/inetrc";
constexpr const char* data_folder = "/var/lib/rabbitmq/mnesia/";
constexpr double leave_seconds = 300;

/// {10,0,0,1} as Erlang writes 10.0.0.1.
std::string tuple(std::string address) {
  std::replace(address.begin(), address.end(), '.', ',');
  return "{" + address + "}";
}

/// A shell with a script of this plugin, as an undo has no standard input.
std::vector<std::string> script(std::string_view text, const std::string& name, const std::vector<std::string>& words) {
  std::vector<std::string> argv = {"/bin/sh", "-c", std::string(text), name};
  argv.insert(argv.end(), words.begin(), words.end());
  return argv;
}

/// There from the node's start without data on: such a node may leave the cluster that it joined.
std::string began_empty(const Config& c) { return "/var/lib/rabbitmq/" + c.node_name + ".began-empty"; }

std::vector<std::string> leave_words(const Config& c) {
  std::vector<std::string> words = {began_empty(c), c.node_name};
  for (const auto& node : c.cluster.nodes)
    if (node.name != c.node_name) words.push_back(node.name);
  return words;
}

}  // namespace

bool is_clustered(const Config& c) { return !c.cluster.nodes.empty(); }

std::vector<std::string> nodes_here(const wright::Phase& on, const Cluster& cluster) {
  const auto facts = on.fact("addresses");
  auto here = facts.absent() ? std::vector<std::string>() : facts.texts();
  here.push_back(on.address());
  std::vector<std::string> out;
  for (const auto& node : cluster.nodes)
    if (std::find(here.begin(), here.end(), node.address) != here.end()) out.push_back(node.name);
  return out;
}

Config on_this_host(const wright::Phase& on, Config c) {
  if (!is_clustered(c) || c.node_name != Config().node_name) return c;
  if (const auto here = nodes_here(on, c.cluster); here.size() == 1) c.node_name = here.front();
  return c;
}

std::string own_address(const Config& c) {
  for (const auto& node : c.cluster.nodes)
    if (node.name == c.node_name) return node.address;
  return {};
}

bool is_first(const Config& c) { return c.cluster.nodes.front().name == c.node_name; }

std::string member_url(const Config& c) {
  return api_url(c, "nodes/" + wright::url_quoted(c.node_name) + "?columns=name");
}

std::string cluster_environment(const Config& c) {
  return wright::format("DIST_PORT={}\nSERVER_ADDITIONAL_ERL_ARGS=\"-kernel inet_dist_use_interface {}\"\n",
                        c.cluster.port, tuple(own_address(c))) +
         "export ERL_INETRC=" + hosts_path + "\n";
}

std::string hosts_file(const Cluster& cluster) {
  std::string out = "% Written by wright. The next apply replaces hand edits.\n";
  for (const auto& node : cluster.nodes)
    out += wright::format("{{host, {}, [\"{}\"]}}.\n", tuple(node.address), node.name.substr(node.name.find('@') + 1));
  return out + "{lookup, [file, native]}.\n";
}

std::string peers_file(const Cluster& cluster) {
  std::string out = "# Written by wright. The next apply replaces hand edits.\n";
  out += "cluster_formation.peer_discovery_backend = classic_config\n";
  for (std::size_t i = 0; i < cluster.nodes.size(); ++i)
    out += wright::format("cluster_formation.classic_config.nodes.{} = {}\n", i + 1, cluster.nodes[i].name);
  return out;
}

void declare_membership(wright::Configure& on, const Config& c, const wright::Service& service) {
  const std::string hosts = hosts_file(c.cluster);
  auto names = on.file(hosts_path).mode(0644).content(hosts);
  // Only a node without data reads it, so a change restarts nothing: while all restart, a new one would find nobody.
  auto peers = on.file("/etc/rabbitmq/conf.d/cluster.conf")
                   .mode(0644)
                   .content(peers_file(c.cluster))
                   .after(on.directory("/etc/rabbitmq/conf.d").mode(0755));
  auto began = on.command(c.node_name + " begins without data")
                   .argv({"/usr/bin/install", "-m", "0600", "/dev/null", began_empty(c)})
                   .unless({"/usr/bin/test", "-e", data_folder + c.node_name})
                   .undo({"/bin/rm", "-f", began_empty(c)});
  auto data = on.directory(data_folder + c.node_name).mode(0750).owner("rabbitmq", "rabbitmq").data().after(began);
  service.after(names).after(peers).after(data);
  // A node that runs reads the names of others from its memory.
  on.command("the node knows where the others are")
      .argv({"/usr/sbin/rabbitmqctl", "--quiet", "eval", wright::format("inet_db:add_rc(\"{}\").", hosts_path)})
      .stamp(hosts)
      .undo({"/bin/true"})
      .after(service);
  // Nothing is to be done now. Its undo comes before that of the service, which must still run then.
  on.command(c.node_name + " leaves the cluster when it is taken back")
      .argv({"/bin/true"})
      .stamp(c.node_name)
      .undo(script(templates::leave, "leave", leave_words(c)))
      .timeout(leave_seconds)
      .after(service);
}

void verify_membership(wright::Verify& on, const Config& c, const wright::Secret& login) {
  on.check_command(script(templates::quorum, "quorum", {wright::format("{}", c.port), c.cluster.partition_handling}))
      .named(wright::format("{} has not stopped for want of a majority", c.node_name))
      .deadline(5);
  for (const auto& node : c.cluster.nodes)
    on.http(api_url(c, "nodes/" + wright::url_quoted(node.name) + "?columns=name,running"))
        .header("Authorization", login)
        .contains("\"running\":true")
        .named(wright::format("{} runs in the cluster", node.name))
        .deadline(3);
}

}  // namespace rabbitmq

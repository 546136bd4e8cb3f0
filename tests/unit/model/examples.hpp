#pragma once

#include "model/protocol.hpp"

namespace wright::examples {

inline Resource config_file() {
  Resource file;
  file.id = {"file", "/etc/nginx/nginx.conf"};
  file.phase = "configure";
  file.components = {"nginx", "site"};
  file.attributes = {{"content", "worker_processes auto;\n\xFF\0x"},
                     {"mode", 0644},
                     {"validate", Value::List{"/usr/sbin/nginx", "-t", "-c", "{}"}}};
  file.after = {{"package", "nginx"}, {"directory", "/etc/nginx"}};
  return file;
}

inline Resource password_file() {
  Resource file;
  file.id = {"file", "/etc/shop/password"};
  file.components = {"shop"};
  file.attributes = {{"content", Secret("hunter2")}, {"mode", 0600}};
  return file;
}

inline Resource service() {
  Resource service;
  service.id = {"service", "nginx"};
  service.components = {"nginx"};
  service.attributes = {{"enabled", true}, {"running", true}};
  service.restart_on = {{"package", "nginx"}};
  service.reload_on = {{"file", "/etc/nginx/nginx.conf"}};
  return service;
}

inline Probe probe() {
  Probe probe;
  probe.kind = "http";
  probe.name = "nginx answers https";
  probe.component = "nginx";
  probe.ready = true;
  probe.from = "controller";
  probe.deadline_ms = 2500;
  probe.attributes = {{"url", "https://shop.example.org/"}, {"status", 200}};
  return probe;
}

inline Catalog catalog() {
  Catalog catalog;
  catalog.site = "shop";
  catalog.host = "web";
  CatalogComponent nginx;
  nginx.name = "nginx";
  nginx.plugin = "nginx";
  nginx.requires_ = {"memcached"};
  nginx.waits_for = {"django@app1"};
  nginx.rollback = {service()};
  catalog.components = {nginx};
  catalog.known_components = {"memcached", "nginx"};
  catalog.everything = false;
  catalog.resources = {config_file(), password_file(), service()};
  catalog.probes = {probe()};
  catalog.joining = {{"mongodb_user:app.x", {"mongodb_user:app.x@app1"}}};
  catalog.joined = {"mongodb_user:app.y"};
  return catalog;
}

inline TransactionInfo transaction() {
  TransactionInfo info;
  info.id = "t-7";
  info.run = "r-9";
  info.state = "rolled_back";
  info.kind = "apply";
  info.started = "2024-05-01T10:00:00Z";
  info.finished = "2024-05-01T10:00:09Z";
  info.components = {"nginx"};
  info.changes = 12;
  info.note = "nginx did not come up";
  return info;
}

inline Plan plan() {
  AttributeChange content{"content", "old", Value(), "-old\n+new\n", false};
  AttributeChange hidden{"password", Value(), Value(), "", true};
  Change change;
  change.id = {"file", "/etc/nginx/nginx.conf"};
  change.components = {"nginx"};
  change.action = Action::update;
  change.attributes = {content, hidden};
  change.notes = {"reloads nginx"};
  change.unseen = "Connection refused";
  change.pruned = true;
  Plan plan;
  plan.host = "web";
  plan.changes = {change};
  plan.unchanged = 41;
  plan.digest = "d1";
  plan.states = {{"file:/etc/nginx/nginx.conf", "s1"}};
  plan.warnings = {"swap is not possible here"};
  plan.interrupted = {transaction()};
  return plan;
}

inline Diagnostics diagnostics() {
  Diagnostics all;
  all.add({Severity::warning, Fault::stale_plan, "web/nginx", "moved", "because", "plan again"});
  all.add({Severity::note, Fault::locked, "web", "held", "", ""});
  all.add({Severity::error, Fault::unreachable, "web", "gone", "", ""});
  return all;
}

}  // namespace wright::examples

#include "unit/run/world.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace wright::testing {

class FakeConnection final : public Connection {
 public:
  FakeConnection(World& world, std::string name, FakeHost& host) : world_(world), name_(std::move(name)), host_(host) {}

  Result<> send(const Value& message) override {
    const std::lock_guard lock(mutex_);
    host_.received.push_back(message);
    answer(message, message_type(message));
    moved_.notify_all();
    return {};
  }

  Result<Value> receive(std::chrono::milliseconds) override {
    std::unique_lock lock(mutex_);
    moved_.wait_for(lock, std::chrono::seconds(20), [this] { return !queue_.empty() || ended_; });
    if (queue_.empty())
      return failure(
          {Severity::error, Fault::unreachable, {}, ended_ ? "the connection ended" : "the fake host hangs", {}, {}});
    Value next = std::move(queue_.front());
    queue_.pop_front();
    return next;
  }

  void close() override {
    const std::lock_guard lock(mutex_);
    world_.note(name_ + ":closed");
    if (open_) end("rolled_back");
    ended_ = true;
    moved_.notify_all();
  }

 private:
  void answer(const Value& message, const std::string& type) {
    if (type == "hello") return greet(message);
    if (type == "release") {
      released_.push_back(message["token"].text_or(""));
      world_.note(name_ + ":release " + released_.back());
      return go_on();
    }
    if (type == "finish") {
      const bool commit = message["commit"].bool_or(false);
      world_.note(name_ + ":finish " + (commit ? "commit" : "rollback"));
      return end(commit ? "committed" : "rolled_back");
    }
    world_.note(name_ + ":" + type);
    if (type == "facts") queue_.push_back(facts_reply(host_.more_facts));
    if (type == "plan" || type == "plan_rollback") queue_.push_back(to_message(plan()));
    if (type == "apply") start(message);
    if (type == "rollback") open_ = true, end("prepared");
    if (type == "recover") end(host_.incomplete ? "incomplete" : "rolled_back");
    if (type == "verify") verify(message);
    if (type == "history") queue_.push_back(history_reply(host_.history));
    if (type == "status") queue_.push_back(to_message(StatusReport()));
  }

  void greet(const Value& message) {
    const auto hello = hello_from(message);
    if (!hello || (hello->lock && !host_.locked_by.empty())) {
      queue_.push_back(
          to_message(Diagnostics({Severity::error, Fault::locked, {}, "held by " + host_.locked_by, {}, {}})));
      return;
    }
    Welcome welcome;
    welcome.agent = "fake";
    welcome.facts = host_.facts;
    for (const auto& name : hello->facts)
      if (const auto known = host_.more_facts.find(name); known != host_.more_facts.end())
        welcome.facts[name] = known->second;
    welcome.interrupted = host_.interrupted;
    queue_.push_back(to_message(welcome));
  }

  Plan plan() {
    Plan plan;
    plan.changes = host_.changes;
    plan.unchanged = 3;
    plan.digest = host_.planned_digest;
    plan.states = {{"file:/stays", "same"}};
    if (!host_.moves_after_plan.empty()) plan.states[host_.moves_after_plan] = planned_ ? "after" : "before";
    if (planned_ && !host_.moves_after_plan.empty()) plan.digest += " of another state";
    planned_ = true;
    return plan;
  }

  void start(const Value& message) {
    const auto request = apply_request_from(message);
    if (!request || request->digest != host_.digest) {
      queue_.push_back(
          to_message(Diagnostics({Severity::error, Fault::stale_plan, {}, "file:/x changed since", {}, {}})));
      return;
    }
    open_ = true;
    catalog_ = request->catalog;
    go_on();
  }

  void go_on() {
    if (!open_ || prepared_) return;
    for (const auto& component : catalog_.components)
      for (const auto& token : component.waits_for)
        if (std::find(released_.begin(), released_.end(), token) == released_.end()) return;
    if (host_.never_ends) return;
    if (host_.vanishes) {
      ended_ = true;
      return;
    }
    if (host_.fails) return end(host_.incomplete ? "incomplete" : "rolled_back");
    for (const auto& component : catalog_.components) {
      Event event;
      event.event = "ready";
      event.state = "done";
      event.component = component.name;
      queue_.push_back(to_message(event));
    }
    prepared_ = true;
    end("prepared");
  }

  void end(const std::string& state) {
    if (state != "prepared") open_ = false;
    Outcome outcome;
    outcome.state = state;
    outcome.transaction = "tx-" + name_;
    if (state != "prepared" && state != "committed")
      outcome.diagnostics.add({Severity::error, Fault::failed, "nginx", "it did not work", {}, {}});
    queue_.push_back(to_message(outcome));
  }

  void verify(const Value& message) {
    Outcome outcome;
    outcome.state = "verified";
    const auto request = verify_request_from(message);
    for (const auto& probe : request.value().probes) {
      Event event;
      event.event = "probe";
      event.subject = probe.name;
      event.component = probe.component;
      event.state = probe.name == host_.failing_probe ? "failed" : "done";
      if (event.state == "failed") outcome.state = "verify_failed";
      queue_.push_back(to_message(event));
    }
    queue_.push_back(to_message(outcome));
  }

  World& world_;
  const std::string name_;
  FakeHost& host_;
  std::mutex mutex_;
  std::condition_variable moved_;
  std::deque<Value> queue_;
  std::vector<std::string> released_;
  Catalog catalog_;
  bool planned_ = false;
  bool open_ = false;
  bool prepared_ = false;
  bool ended_ = false;
};

namespace {

class FakePlugins final : public Plugins {
 public:
  explicit FakePlugins(World& world) : world_(world) {}
  Result<PluginDescription> describe(const PluginFile& file) override { return world_.plugins.at(file.name); }
  Result<Declared> evaluate(const Evaluation& request) override { return world_.evaluate(request); }

 private:
  World& world_;
};

}  // namespace

World::World() : folder(std::filesystem::temp_directory_path() / ("wright-run-test-" + random_hex(8))) {
  std::filesystem::create_directory(folder);
  evaluate = [](const Evaluation& e) -> Result<Declared> {
    Declared declared;
    Resource file;
    file.id = {"file", "/etc/" + e.component};
    file.attributes = {{"content", "x"}, {"mode", 0644}};
    declared.resources.push_back(file);
    declared.exports["url"] = e.component + "://" + e.facts.at("address").text_or("");
    return declared;
  };
}

World::~World() { std::filesystem::remove_all(folder); }

void World::note(const std::string& what) {
  const std::lock_guard lock(mutex_);
  log_.push_back(what);
}

std::vector<std::string> World::log() {
  const std::lock_guard lock(mutex_);
  return log_;
}

bool World::was_told(const std::string& what) { return place(what) < log().size(); }

std::size_t World::place(const std::string& what) {
  const auto entries = log();
  return static_cast<std::size_t>(std::find(entries.begin(), entries.end(), what) - entries.begin());
}

const Site& World::site(const std::string& text) {
  Diagnostics warnings;
  auto parsed = parse_site(text, (folder / "site.toml").string(), {}, warnings);
  if (!parsed) ADD_FAILURE() << to_text(parsed.error());
  site_ = std::make_unique<Site>(std::move(*parsed));
  for (const auto& component : site_->components)
    if (!plugins.contains(component.plugin)) {
      PluginDescription description;
      description.name = component.plugin;
      plugins[component.plugin] = description;
    }
  return *site_;
}

Run World::run(std::vector<std::string> words) {
  Ports ports;
  ports.connect = [this](const Target& target) -> Result<std::unique_ptr<Connection>> {
    FakeHost& fake = hosts_.at(target.name);
    if (fake.unreachable)
      return failure({Severity::error, Fault::unreachable, target.name, "no route to host", {}, {}});
    if (fake.logins++ > 0 && fake.lets_in_once)
      return failure({Severity::error, Fault::trust, target.name, "the host does not let root in", {}, {}});
    return std::make_unique<FakeConnection>(*this, target.name, fake);
  };
  ports.start_plugins = [this]() -> Result<std::unique_ptr<Plugins>> { return std::make_unique<FakePlugins>(*this); };
  ports.probe = [this](const Probe& asked) { return probe(asked); };
  std::vector<PluginFile> files;
  for (const auto& [name, description] : plugins) files.push_back({name, "/fake/" + name + ".so"});
  for (const auto& h : site_->hosts) hosts_[h.name];
  return Run{.site = *site_,
             .ports = std::move(ports),
             .on_event =
                 [this](const Event& event) {
                   {
                     const std::lock_guard lock(mutex_);
                     events.push_back(event);
                   }
                   on_event(event);
                 },
             .interruption = interruption,
             .plugin_files = std::move(files),
             .words = std::move(words),
             .limits = {},
             .skip_unreachable = false,
             .lock_timeout = {}};
}

Change creates(const std::string& path) {
  Change change;
  change.id = {"file", path};
  change.action = Action::create;
  return change;
}

}  // namespace wright::testing

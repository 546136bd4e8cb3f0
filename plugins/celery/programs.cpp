#include "config.hpp"

namespace celery {
namespace {

class Arguments {
 public:
  explicit Arguments(std::vector<std::string> words) : words_(std::move(words)) {}
  void add(std::string_view option, std::string_view value) {
    words_.push_back(wright::format("{}={}", option, value));
  }
  void add_unless_0(std::string_view option, std::uint64_t value) {
    if (value != 0) add(option, wright::format("{}", value));
  }
  void add(std::string_view word) { words_.emplace_back(word); }
  [[nodiscard]] const std::vector<std::string>& words() const { return words_; }

 private:
  std::vector<std::string> words_;
};

Arguments celery(const Names& names, const Config& c, std::string_view verb) {
  return Arguments({names.run, c.python, "-m", "celery", "--app=" + c.app, std::string(verb)});
}

std::string joined(const std::vector<std::string>& texts) {
  std::string out;
  for (const auto& text : texts) out += (out.empty() ? "" : ",") + text;
  return out;
}

std::string suffixed(const std::string& name, const std::string& part) {
  return part.empty() ? name : name + "-" + part;
}

Program worker_program(const Names& names, const Config& c, const Worker& w) {
  Arguments arguments = celery(names, c, "worker");
  arguments.add("--hostname", node_of(names, w));
  arguments.add("--loglevel", c.log_level);
  arguments.add("--pool", w.pool);
  if (!w.queues.empty()) arguments.add("--queues", joined(w.queues));
  arguments.add_unless_0("--concurrency", w.concurrency);
  if (w.autoscale_max != 0) arguments.add("--autoscale", wright::format("{},{}", w.autoscale_max, w.autoscale_min));
  arguments.add("--prefetch-multiplier", wright::format("{}", w.prefetch));
  arguments.add_unless_0("--max-tasks-per-child", w.max_tasks_per_child);
  arguments.add_unless_0("--max-memory-per-child", std::uint64_t{w.max_memory_per_child_mb} * 1024);
  arguments.add_unless_0("--time-limit", w.time_limit_s);
  arguments.add_unless_0("--soft-time-limit", w.soft_time_limit_s);
  if (w.events) arguments.add("--task-events");
  for (const auto& word : w.arguments) arguments.add(word);
  return {suffixed(names.name, w.name), "Celery worker of " + c.app, arguments.words(), true};
}

Program beat_program(const Names& names, const Config& c) {
  Arguments arguments = celery(names, c, "beat");
  arguments.add("--loglevel", c.log_level);
  arguments.add("--schedule", names.schedule);
  // Its runner knows whether it runs; a file left behind by a crash would keep it from starting.
  arguments.add("--pidfile", "");
  if (!c.beat_scheduler.empty()) arguments.add("--scheduler", c.beat_scheduler);
  return {names.name + "-beat", "Celery beat of " + c.app, arguments.words(), false};
}

Program camera_program(const Names& names, const Config& c) {
  Arguments arguments = celery(names, c, "events");
  arguments.add("--loglevel", c.log_level);
  arguments.add("--camera", c.camera);
  arguments.add("--frequency", wright::format("{}", c.camera_frequency_s));
  arguments.add("--pidfile", "");
  return {names.name + "-camera", "Snapshots of Celery's events of " + c.app, arguments.words(), false};
}

Program flower_program(const Names& names, const Config& c) {
  Arguments arguments = celery(names, c, "flower");
  arguments.add("--address", c.flower_address);
  arguments.add("--port", wright::format("{}", *c.flower_port));
  return {names.name + "-flower", "Flower, which shows Celery's workers of " + c.app, arguments.words(), false};
}

}  // namespace

Names names_of(const wright::Phase& on, const Config& c) {
  const std::string component = on.component();
  Names names;
  names.name = component == "celery" ? component : "celery-" + component;
  names.run = "/etc/celery/" + component + "/run";
  names.data = "/var/lib/" + names.name;
  names.schedule = names.data + "/schedule";
  names.group = c.group.empty() ? c.user : c.group;
  return names;
}

std::string node_of(const Names& names, const Worker& worker) { return suffixed(names.name, worker.name) + "@%h"; }

std::vector<Program> programs_of(const Names& names, const Config& c) {
  std::vector<Program> programs;
  for (const auto& worker : c.workers) programs.push_back(worker_program(names, c, worker));
  if (c.beat) programs.push_back(beat_program(names, c));
  if (!c.camera.empty()) programs.push_back(camera_program(names, c));
  if (c.flower_port) programs.push_back(flower_program(names, c));
  return programs;
}

}  // namespace celery

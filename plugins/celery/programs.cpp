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

/// Celery opens its log anew by itself when logrotate has put it aside.
void log_to_a_file(Arguments& arguments, const Config& c, const std::string& program) {
  if (!c.log_folder.empty()) arguments.add("--logfile", c.log_folder + "/" + program + ".log");
}

Program with_variables(const Names& names, const std::map<std::string, wright::Secret>& variables, Program program) {
  if (variables.empty()) return program;
  program.script = names.run + "-" + program.name;
  program.environment = variables;
  program.command.insert(program.command.begin() + 1, program.script);
  return program;
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
  const std::string name = suffixed(names.name, w.name);
  log_to_a_file(arguments, c, name);
  for (const auto& word : w.arguments) arguments.add(word);
  return with_variables(names, w.environment, {name, "Celery worker of " + c.app, arguments.words(), true, {}, {}});
}

Program beat_program(const Names& names, const Config& c) {
  Arguments arguments = celery(names, c, "beat");
  arguments.add("--loglevel", c.log_level);
  arguments.add("--schedule", names.schedule);
  // Its runner knows whether it runs; a file left behind by a crash would keep it from starting.
  arguments.add("--pidfile", "");
  if (!c.beat_scheduler.empty()) arguments.add("--scheduler", c.beat_scheduler);
  const std::string name = names.name + "-beat";
  log_to_a_file(arguments, c, name);
  return with_variables(names, c.beat_environment, {name, "Celery beat of " + c.app, arguments.words(), false, {}, {}});
}

Program camera_program(const Names& names, const Config& c) {
  Arguments arguments = celery(names, c, "events");
  arguments.add("--loglevel", c.log_level);
  arguments.add("--camera", c.camera);
  arguments.add("--frequency", wright::format("{}", c.camera_frequency_s));
  arguments.add("--pidfile", "");
  const std::string name = names.name + "-camera";
  log_to_a_file(arguments, c, name);
  return {name, "Snapshots of Celery's events of " + c.app, arguments.words(), false, {}, {}};
}

Program flower_program(const Names& names, const Config& c) {
  Arguments arguments = celery(names, c, "flower");
  arguments.add("--address", c.flower_address);
  arguments.add("--port", wright::format("{}", *c.flower_port));
  return {names.name + "-flower", "Flower, which shows Celery's workers of " + c.app, arguments.words(), false, {}, {}};
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

std::string logrotate(const Names& names, const Config& c) {
  return wright::format(
      "{}/*.log {{\n    weekly\n    maxsize {}M\n    rotate {}\n    compress\n    delaycompress\n    missingok\n"
      "    notifempty\n    su {} {}\n    create 0640 {} {}\n}}\n",
      c.log_folder, c.log_max_mb, c.log_keep, c.user, names.group, c.user, names.group);
}

}  // namespace celery

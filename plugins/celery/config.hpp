#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>
#include <wright/plugin.hpp>

namespace celery {

struct Worker {
  std::string name;
  std::vector<std::string> queues;
  std::uint32_t concurrency = 0;
  std::string pool = "prefork";
  std::uint32_t autoscale_min = 0;
  std::uint32_t autoscale_max = 0;
  std::uint32_t prefetch = 4;
  std::uint32_t max_tasks_per_child = 0;
  std::uint32_t max_memory_per_child_mb = 0;
  std::uint32_t time_limit_s = 0;
  std::uint32_t soft_time_limit_s = 0;
  bool events = true;
  std::map<std::string, wright::Secret> environment;
  std::vector<std::string> arguments;

  static constexpr auto options = wright::options(
      wright::option("name", &Worker::name,
                     "Part of its unit's and node's name, when there are several; the only one needs none."),
      wright::option("queues", &Worker::queues, "Queues it takes tasks from; the application's own when empty."),
      wright::option("concurrency", &Worker::concurrency, "Tasks at the same time; 0 is one for each processor.")
          .max(4096),
      wright::option("pool", &Worker::pool, "How it runs them.")
          .choices("prefork", "threads", "solo", "eventlet", "gevent"),
      wright::option("autoscale_min", &Worker::autoscale_min, "With autoscale_max, at least so many processes."),
      wright::option("autoscale_max", &Worker::autoscale_max, "And at most so many; 0 keeps to concurrency."),
      wright::option("prefetch", &Worker::prefetch, "Tasks that each process has waiting; 0 is as many as there are.")
          .max(10000),
      wright::option("max_tasks_per_child", &Worker::max_tasks_per_child,
                     "A process is replaced after so many tasks; 0 turns it off. With pool = \"prefork\" alone."),
      wright::option("max_memory_per_child_mb", &Worker::max_memory_per_child_mb,
                     "Or when it holds so many MiB after one; 0 turns it off. With pool = \"prefork\" alone."),
      wright::option("time_limit_s", &Worker::time_limit_s,
                     "A task is killed after so long; 0 turns it off. Threads and solo cannot."),
      wright::option("soft_time_limit_s", &Worker::soft_time_limit_s,
                     "A task is interrupted after so long; 0 turns it off. With pool = \"prefork\" alone."),
      wright::option("events", &Worker::events, "Tells what it does to whoever watches: the camera, Flower."),
      wright::option("environment", &Worker::environment,
                     "Variables of this worker alone; they win over all others, those that `run` gives too."),
      wright::option("arguments", &Worker::arguments, "More arguments of `celery worker`; no secrets."));
};

struct Config {
  std::string app;
  std::string python;
  std::string directory;
  std::string user;
  std::string group;
  bool system_user = false;
  std::string runner = "systemd";
  std::string supervisor_socket;
  std::string run;
  std::map<std::string, wright::Secret> environment;
  std::vector<Worker> workers = {Worker{}};
  bool beat = false;
  std::string beat_scheduler;
  std::map<std::string, wright::Secret> beat_environment;
  std::string camera;
  double camera_frequency_s = 10;
  std::optional<std::uint16_t> flower_port;
  std::string flower_address = "127.0.0.1";
  std::string log_level = "info";
  std::string log_folder;
  std::uint32_t log_max_mb = 50;
  std::uint32_t log_keep = 10;
  std::uint32_t start_s = 2;
  std::uint32_t stop_timeout_s = 600;
  std::uint32_t drain_s = 60;
  std::vector<std::string> restart_on;
  std::string verify_task = "celery.accumulate";
  std::string verify_arguments = "[\"wright\"]";
  std::string verify_contains = "wright";
  std::uint32_t verify_timeout_s = 30;
};

inline constexpr auto config_options = wright::options(
    wright::option("app", &Config::app, "The Celery application, such as \"config\".").required(),
    wright::option("python", &Config::python,
                   "Interpreter of the environment that has celery and the application, such as \"${django.python}\".")
        .required(),
    wright::option("directory", &Config::directory, "Where the application's code is, such as \"${django.path}\".")
        .required(),
    wright::option("user", &Config::user, "Account it runs as.").required(),
    wright::option("group", &Config::group, "Its group; the one named like the user when empty."),
    wright::option("system_user", &Config::system_user, "Makes that account and group; other components do otherwise."),
    wright::option("runner", &Config::runner,
                   "What keeps its programs running. \"supervisor\" needs that component on the host.")
        .choices("systemd", "supervisor"),
    wright::option("supervisor_socket", &Config::supervisor_socket,
                   "With runner = \"supervisor\": where that is asked, \"${supervisor.socket}\"."),
    wright::option("run", &Config::run,
                   "A program that gives another one the environment of the application, such as \"${django.run}\"; it "
                   "is called with the other's command line."),
    wright::option("environment", &Config::environment,
                   "More variables, such as the broker's URL; those that `run` gives win."),
    wright::option("workers", &Config::workers, "Sets of workers, each a program of its own. One by default."),
    wright::option("beat", &Config::beat, "Sends tasks at their times. On one host only."),
    wright::option("beat_scheduler", &Config::beat_scheduler,
                   "Class that knows the times, such as \"django_celery_beat.schedulers:DatabaseScheduler\"."),
    wright::option("beat_environment", &Config::beat_environment, "Variables of beat alone, as a worker's."),
    wright::option("camera", &Config::camera,
                   "Class that is given snapshots of all that workers tell: `celery events --camera`. Empty: none."),
    wright::option("camera_frequency_s", &Config::camera_frequency_s, "Seconds between snapshots.").range(0.1, 86400),
    wright::option("flower_port", &Config::flower_port,
                   "Port of Flower, a page that shows workers and tasks; the environment needs the package flower."),
    wright::option("flower_address", &Config::flower_address, "Numeric address that Flower listens on."),
    wright::option("log_level", &Config::log_level, "How much they say.")
        .choices("debug", "info", "warning", "error", "critical"),
    wright::option(
        "log_folder", &Config::log_folder,
        "Folder for a log of each program, NAME.log; Flower's stays with its runner. When empty they write to "
        "their runner: Supervisor's log file or systemd's journal."),
    wright::option("log_max_mb", &Config::log_max_mb,
                   "A log is rotated at so many MiB: one in log_folder once a day at most and once a week at least, "
                   "Supervisor's at once.")
        .range(1, 1048576),
    wright::option("log_keep", &Config::log_keep, "Rotated logs that are kept.").max(1000),
    wright::option("start_s", &Config::start_s, "Up for so long, a program counts as started.").range(1, 60),
    wright::option("stop_timeout_s", &Config::stop_timeout_s,
                   "How long tasks may take to finish at a stop or restart before they are killed.")
        .range(1, 86400),
    wright::option("drain_s", &Config::drain_s,
                   "How long a rollback waits for the tasks that workers have, before anything is taken away.")
        .range(1, 86400),
    wright::option("restart_on", &Config::restart_on,
                   "Resources of other components, such as \"symlink:/srv/board/current\": a change of one restarts "
                   "it. Usually \"${django.restart_on}\"."),
    wright::option("verify_task", &Config::verify_task,
                   "Task that `wright verify` sends through every queue; Celery brings the default one. Empty: none, "
                   "as for an application without a result backend."),
    wright::option("verify_arguments", &Config::verify_arguments, "Its arguments, a JSON list."),
    wright::option("verify_contains", &Config::verify_contains, "Text that its result must hold, as JSON."),
    wright::option("verify_timeout_s", &Config::verify_timeout_s, "How long an answer may take.").range(1, 3600));

/// What follows from options and component.
struct Names {
  std::string name;      ///< of the programs, and its beginning
  std::string run;       ///< path of the script that gives a program its surroundings
  std::string data;      ///< folder of beat's schedule
  std::string schedule;  ///< beat's file
  std::string group;
};
Names names_of(const wright::Phase& on, const Config& c);

/// As celery is told it, with "%h" for the host.
std::string node_of(const Names& names, const Worker& worker);

struct Program {
  std::string name, description;
  std::vector<std::string> command;
  bool works;          ///< finishes tasks before it ends
  std::string script;  ///< gives it `environment`, after everything else; none when empty
  std::map<std::string, wright::Secret> environment;
};
/// Every program of the component: workers, beat, camera, Flower.
std::vector<Program> programs_of(const Names& names, const Config& c);

/// Tells every problem that the option table cannot; false when there is one.
bool check(wright::Configure& on, const Config& c);

/// The text of logrotate's file for `log_folder`.
std::string logrotate(const Names& names, const Config& c);

}  // namespace celery

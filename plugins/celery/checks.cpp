#include <algorithm>
#include <set>
#include <wright/check.hpp>

#include "config.hpp"

namespace celery {
namespace {

class Check {
 public:
  Check(wright::Configure& on, const Config& c) : on_(on), c_(c) {}

  bool passes() {
    if (!wright::is_word(c_.app)) bad("app", "must be the name of a module, such as config");
    for (const auto& [option, path] : {std::pair{"python", &c_.python}, {"directory", &c_.directory}, {"run", &c_.run}})
      if (!wright::is_absolute_path(*path) && !(path == &c_.run && path->empty()))
        bad(option, "must be an absolute path without \"..\"");
    if (!wright::is_word(c_.user)) bad("user", "must be the name of an account");
    if (!c_.group.empty() && !wright::is_word(c_.group)) bad("group", "must be the name of a group");
    if (c_.runner == "supervisor" && !wright::is_absolute_path(c_.supervisor_socket))
      bad("supervisor_socket", "is needed with runner = \"supervisor\": \"${supervisor.socket}\"");
    variables("environment", c_.environment);
    variables("beat_environment", c_.beat_environment);
    if (!c_.log_folder.empty() && (!wright::is_absolute_path(c_.log_folder) || !wright::is_word(c_.log_folder) ||
                                   c_.log_folder.find_first_of("%*?[]{}\"'\\#") != std::string::npos))
      bad("log_folder", "must be an absolute path of plain characters");
    for (const auto& [option, text] :
         {std::pair{"beat_scheduler", &c_.beat_scheduler}, {"camera", &c_.camera}, {"verify_task", &c_.verify_task}})
      if (!text->empty() && !wright::is_word(*text)) bad(option, "must be a name without spaces");
    if (c_.workers.empty() && programs_of({}, c_).empty())
      bad("workers", "is empty, and neither beat nor camera nor flower_port is given");
    std::set<std::string> names = {"beat", "camera", "flower"};
    for (std::size_t i = 0; i < c_.workers.size(); ++i) worker(wright::format("workers[{}]", i), c_.workers[i], names);
    return good_;
  }

 private:
  void bad(std::string_view option, std::string_view what) {
    on_.error(option, what);
    good_ = false;
  }

  void variables(const std::string& option, const std::map<std::string, wright::Secret>& values) {
    for (const auto& [name, value] : values)
      if (!wright::is_variable_name(name)) bad(option + "." + name, "is not the name of a variable");
  }

  /// What Celery would take and not do.
  void pool(const std::string& place, const Worker& w) {
    if (w.pool == "prefork") return;
    const std::string why = "is not kept with pool = \"" + w.pool + "\"";
    if (w.soft_time_limit_s != 0) bad(place + ".soft_time_limit_s", why);
    if (w.time_limit_s != 0 && (w.pool == "threads" || w.pool == "solo")) bad(place + ".time_limit_s", why);
    if (w.max_tasks_per_child != 0) bad(place + ".max_tasks_per_child", why);
    if (w.max_memory_per_child_mb != 0) bad(place + ".max_memory_per_child_mb", why);
    if (w.autoscale_max != 0 && (w.pool == "threads" || w.pool == "solo")) bad(place + ".autoscale_max", why);
    if (w.pool == "solo" && w.concurrency > 1) bad(place + ".concurrency", why);
  }

  void worker(const std::string& place, const Worker& w, std::set<std::string>& names) {
    if (!std::all_of(w.name.begin(), w.name.end(),
                     [](unsigned char c) { return std::isalnum(c) != 0 || c == '-' || c == '_'; }))
      bad(place + ".name", "must be letters, digits, \"-\" and \"_\"");
    if (!names.insert(w.name).second) bad(place + ".name", "is another one's already");
    for (std::size_t i = 0; i < w.queues.size(); ++i)
      if (!wright::is_word(w.queues[i]) || w.queues[i].find(',') != std::string::npos)
        bad(wright::format("{}.queues[{}]", place, i), "must be the name of one queue");
    if (w.autoscale_min > w.autoscale_max) bad(place + ".autoscale_min", "is above autoscale_max");
    if (w.soft_time_limit_s != 0 && w.time_limit_s != 0 && w.soft_time_limit_s >= w.time_limit_s)
      bad(place + ".soft_time_limit_s", "must be below time_limit_s, or it is never reached");
    pool(place, w);
    variables(place + ".environment", w.environment);
    for (std::size_t i = 0; i < w.arguments.size(); ++i)
      if (!wright::is_line(w.arguments[i])) bad(wright::format("{}.arguments[{}]", place, i), "must be one line");
  }

  wright::Configure& on_;
  const Config& c_;
  bool good_ = true;
};

}  // namespace

bool check(wright::Configure& on, const Config& c) { return Check(on, c).passes(); }

}  // namespace celery

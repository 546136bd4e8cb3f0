#include "run/saved_plan.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "model/encoding.hpp"
#include "model/lists.hpp"
#include "model/reading.hpp"
#include "run/private_file.hpp"

namespace wright {
namespace {

constexpr std::int64_t plan_schema = 2;
constexpr std::string_view plan_type = "wright-plan";

}  // namespace

Result<> can_save_plans(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode))
    return failure({Severity::error, Fault::usage, path, "is no regular file, so no plan can be saved there", {}, {}});
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  if (::access(folder.c_str(), W_OK | X_OK) == 0) return {};
  return failure({Severity::error, Fault::usage, path, "cannot be written", folder + ": " + std::strerror(errno),
                  "name a file in a folder that is there and that you may write to"});
}

Result<> save_plans(const std::string& path, const std::string& site, const SavedPlan& saved) {
  const Value document = Value::Map{{"type", plan_type},
                                    {"schema", plan_schema},
                                    {"site", site},
                                    {"components", Value(saved.components)},
                                    {"limits", Value(saved.limits)},
                                    {"plans", list_to_value(saved.plans)}};
  return write_private_file(path, to_cbor(document));
}

Result<SavedPlan> load_plans(const std::string& path, const std::string& site) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return failure(path, "cannot be read", std::strerror(errno));
  std::ostringstream bytes;
  bytes << file.rdbuf();
  auto document = from_cbor(bytes.str());
  if (!document || (*document)["type"].text_or("") != plan_type || (*document)["schema"].int_or(0) != plan_schema)
    return failure(
        {Severity::error, Fault::usage, path, "is no plan that this wright saved", {}, "wright plan --out " + path});
  if ((*document)["site"].text_or("") != site)
    return failure({Severity::error,
                    Fault::usage,
                    path,
                    "is a plan of the site \"" + (*document)["site"].text_or("") + "\", not of \"" + site + "\"",
                    {},
                    {}});
  Reading in(*document, path);
  SavedPlan saved;
  saved.plans = in.list<Plan>("plans", plan_from);
  saved.components = in.strings("components");
  saved.limits = in.strings("limits");
  return in.finish(std::move(saved));
}

}  // namespace wright

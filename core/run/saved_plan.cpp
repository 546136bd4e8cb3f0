#include "run/saved_plan.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <sstream>

#include "base/sha256.hpp"
#include "model/encoding.hpp"
#include "model/lists.hpp"
#include "model/reading.hpp"

namespace wright {
namespace {

constexpr std::int64_t plan_schema = 1;
constexpr std::string_view plan_type = "wright-plan";

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

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

Result<> save_plans(const std::string& path, const std::string& site, const std::vector<Plan>& plans) {
  const Value document =
      Value::Map{{"type", plan_type}, {"schema", plan_schema}, {"site", site}, {"plans", list_to_value(plans)}};
  const std::string staged = path + "." + random_hex(8);
  const int fd = ::open(staged.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0) return failure(path, "cannot be written", std::strerror(errno));
  const bool written = write_all(fd, to_cbor(document)) && ::fsync(fd) == 0;
  const int error = errno;
  ::close(fd);
  if (written && ::rename(staged.c_str(), path.c_str()) == 0) return {};
  const std::string why = std::strerror(written ? errno : error);
  ::unlink(staged.c_str());
  return failure(path, "cannot be written", why);
}

Result<std::vector<Plan>> load_plans(const std::string& path, const std::string& site) {
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
  auto plans = in.list<Plan>("plans", plan_from);
  return in.finish(std::move(plans));
}

}  // namespace wright

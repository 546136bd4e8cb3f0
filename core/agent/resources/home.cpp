#include "agent/resources/home.hpp"

#include <algorithm>
#include <filesystem>
#include <vector>

#include "agent/files/files.hpp"
#include "agent/resources/account_files.hpp"

namespace wright::agent {
namespace {

using Type = FileState::Type;

/// True when all that is in the folder is in the skeleton too, with the same content.
bool is_as_made(const std::string& folder, const std::string& skeleton) {
  std::error_code error;
  for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    const std::string name = at->path().filename().string();
    const std::string path = folder + "/" + name;
    const std::string model = skeleton + "/" + name;
    const auto seen = look_at(path);
    const auto wanted = look_at(model);
    if (!seen || !wanted || seen->type != wanted->type) return false;
    if (seen->type == Type::symlink && seen->target != wanted->target) return false;
    if (seen->type == Type::other) return false;
    if (seen->type == Type::directory && !is_as_made(path, model)) return false;
    if (seen->type != Type::regular) continue;
    const auto content = read_file(path);
    const auto original = read_file(model);
    if (!content || !original || *content != *original) return false;
  }
  return !error;
}

}  // namespace

Result<Value> record_home(const std::string& home) {
  std::vector<std::string> missing;
  for (std::string path = home; path.size() > 1 && path[0] == '/'; path.erase(path.rfind('/'))) {
    const auto seen = look_at(path);
    if (!seen) return failure(seen.error());
    if (seen->type != Type::absent) break;
    missing.push_back(path);
  }
  std::reverse(missing.begin(), missing.end());
  return Value(Value::Map{{"path", home}, {"made", missing}});
}

Result<> make_home(const std::string& user, const Context& context) {
  return run_account_tool("user:" + user, {"/usr/sbin/mkhomedir_helper", user}, context);
}

Result<> take_home_back(const Value& before, Context& context, const std::string& skeleton) {
  const auto made = before["made"].strings();
  if (made.empty()) return {};
  const std::string& home = made.back();
  const auto seen = look_at(home);
  if (!seen) return failure(seen.error());
  if (seen->type != Type::absent) {
    const bool ours = seen->type == Type::directory && is_as_made(home, skeleton);
    if (auto gone = ours ? remove_tree(home) : context.quarantine(home); !gone) return gone;
  }
  for (auto folder = made.rbegin() + 1; folder != made.rend(); ++folder)
    if (!remove_path(*folder)) break;
  return {};
}

}  // namespace wright::agent

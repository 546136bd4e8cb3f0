#pragma once

#include <set>
#include <string>
#include <vector>

#include "agent/packages/record.hpp"
#include "agent/packages/selection.hpp"

namespace wright::agent::packages {

/// A host with its image.
struct Moment {
  Tree tree;
  Image image;
};
Result<Moment> take_moment(const Context& context);

/// The three states that an undo goes by, and what it knows of who made which path.
struct Surroundings {
  Moment before;
  Moment after;                                  ///< when the change was interrupted, the same as `found`
  Moment found;                                  ///< when this undo began, even if it was killed since and began again
  std::set<std::string, std::less<>> listed;     ///< paths of the packages that go out
  std::set<std::string, std::less<>> strangers;  ///< paths of packages that were installed since, or stay
  bool whole = true;                             ///< as Selection::whole
  bool interrupted = false;                      ///< nobody knows what the change had made and what came after it
  std::int64_t began_ns = 0;                     ///< as Record::began_ns
};

/// All of it but `found`, which stays empty, and `after`, which stays empty when the change was interrupted. `now` is
/// what dpkg knows when the undo begins.
Result<Surroundings> recall(const Record& record, const Left& left, const Selection& selection, const Database& before,
                            const Database& now, const Context& context);
/// Reads all of it. `found` is kept under STATE/apt until forget_found(), for an undo that is killed and begins again.
Result<Surroundings> look_around(const Record& record, const Left& left, const Selection& selection,
                                 const Database& before, const Database& now, Context& context);
Result<> forget_found(const Context& context);

/// True for what the change made and is to go: `path` was not there before.
bool is_made(const Surroundings& around, const std::string& path);
/// The outermost folder (or `path` itself) that was not there before.
std::string outermost_made(const Surroundings& around, const std::string& path);
/// Where programs keep what is not made anew when it is gone.
bool is_data(std::string_view path);

}  // namespace wright::agent::packages

#pragma once

#include <map>
#include <string>
#include <vector>

#include "agent/context.hpp"
#include "agent/packages/apt_output.hpp"
#include "agent/packages/dpkg_database.hpp"
#include "agent/packages/image.hpp"
#include "agent/packages/tree.hpp"
#include "agent/packages/variables.hpp"
#include "base/result.hpp"
#include "model/value.hpp"

namespace wright::agent::packages {

/// A version that was on the host, with its package file as a blob.
struct Old {
  std::string version;
  std::string blob;  ///< empty: only its configuration was left, of which no package can be made
};

/// A folder or file of data that goes to quarantine before the purge, and comes back from there.
struct Data {
  std::string path;
  std::string owner;  ///< the package, "name:architecture"; empty when none says that it is its own
  std::string place;  ///< where it goes; empty in the records of older versions: below quarantine/<transaction>
  friend bool operator==(const Data&, const Data&) = default;
};

/// Data that an undo which is part of a prune gives back from the quarantine of an older transaction.
struct Given {
  std::string path;
  std::string place;  ///< where it was, and goes again
  friend bool operator==(const Given&, const Given&) = default;
};

/// Everything about an apt transaction that its undo needs. In the journal the large parts are names of blobs.
struct Record {
  std::string status;  ///< blob: dpkg's status file, packed
  std::string tree;    ///< blob: every path, packed
  std::string image;   ///< blob: content of what maintainer scripts write, packed
  Moves moves;
  std::map<std::string, Old> old;  ///< by "name:architecture"
  std::vector<std::string> names;  ///< of the packages that were asked for
  std::vector<std::string> recommended;
  std::vector<std::string> running;    ///< units, by name without ".service"
  std::vector<std::string> temporary;  ///< folders of other apts under /tmp
  std::vector<Data> data;
  std::vector<Given> given;   ///< of a prune
  std::int64_t began_ns = 0;  ///< when it was recorded; 0 in the records of older versions
  std::string transaction;    ///< where in quarantine they are
  Value policy;               ///< as policy_before() gave it
  Variables variables;        ///< of all packages that were asked for; of a prune, of those that go
};

/// What change() left.
struct Left {
  std::string tree;
  std::string image;
  std::vector<std::string> running;  ///< as Record::running
};

Value to_value(const Record& record);
Result<Record> record_from(const Value& value);
Value to_value(const Left& left);
/// Empty names of blobs when the value is null: the change was interrupted.
Left left_from(const Value& value);

Result<std::string> put_packed(std::string_view bytes, Context& context);
Result<std::string> get_packed(const std::string& blob, const Context& context);
Result<Database> database_of(const Record& record, const Context& context);
Result<Tree> tree_of(const std::string& blob, const Context& context);
Result<Image> image_of(const std::string& blob, const Context& context);

}  // namespace wright::agent::packages

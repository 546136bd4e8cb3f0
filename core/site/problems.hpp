#pragma once

#include <string>
#include <vector>

#include "site/site.hpp"

namespace wright {

/// Collects what is wrong with one file, each problem at its place. Names and texts of the file that stand in a message
/// are made safe for a terminal here.
class Problems {
 public:
  explicit Problems(std::string path);

  void add(Position position, std::string what, std::string next = {}, std::string why = {});
  /// `what` and the nearest of the known names, or all of them.
  void unknown(Position position, std::string what, std::string_view typed, const std::vector<std::string>& known);
  void warn(Position position, std::string what, std::string next = {});

  [[nodiscard]] bool empty() const { return errors_.empty(); }
  /// The errors in the order of the file; beyond the first hundred only their number is told.
  [[nodiscard]] Diagnostics errors() const;
  [[nodiscard]] Diagnostics warnings() const;
  [[nodiscard]] std::string place(Position position) const;

 private:
  struct Problem {
    Position position;
    Diagnostic diagnostic;
  };
  void put(std::vector<Problem>& where, Position position, Diagnostic one);
  [[nodiscard]] static Diagnostics in_order(std::vector<Problem> problems);

  std::string path_;
  std::vector<Problem> errors_;
  std::vector<Problem> warnings_;
  std::size_t left_out_ = 0;
};

}  // namespace wright

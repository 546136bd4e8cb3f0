#include "report/junit.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "report/style.hpp"

namespace wright {
namespace {

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : safe(text)) switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  return out;
}

std::string seconds(std::int64_t milliseconds) {
  return fmt::format("{}.{:03}", milliseconds / 1000, milliseconds % 1000);
}

bool is_answer(const Event& e, const std::string& host) {
  return e.host == host && e.event == "probe" && (e.state == "done" || e.state == "failed");
}

}  // namespace

std::string junit_xml(const std::vector<Event>& events, const std::vector<Outcome>& outcomes) {
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"wright verify\">\n";
  for (const auto& outcome : outcomes) {
    const auto count = [&](std::string_view state) {
      return std::count_if(events.begin(), events.end(), [&](const Event& e) {
        return is_answer(e, outcome.host) && (state.empty() || e.state == state);
      });
    };
    out += fmt::format("  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" time=\"{}\">\n", escaped(outcome.host),
                       count(""), count("failed"), seconds(outcome.elapsed_ms));
    for (const auto& e : events) {
      if (!is_answer(e, outcome.host)) continue;
      out += fmt::format("    <testcase classname=\"{}.{}\" name=\"{}\" time=\"{}\"", escaped(e.host),
                         escaped(e.component), escaped(e.subject), seconds(e.elapsed_ms));
      if (e.state == "failed")
        out += fmt::format(">\n      <failure message=\"{}\"/>\n    </testcase>\n", escaped(e.text));
      else
        out += "/>\n";
    }
    out += "  </testsuite>\n";
  }
  return out + "</testsuites>\n";
}

}  // namespace wright

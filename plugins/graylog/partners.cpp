#include "parts.hpp"

namespace graylog {
namespace {

std::string shown(int release) { return wright::format("{}.{}", release / 100, release % 100); }

/// Why they cannot work together; empty when they can. As the release notes of Graylog say it.
std::string search_problem(int graylog, std::string_view flavor, int search) {
  if (flavor == "opensearch") {
    if (graylog < 403) return "Graylog knows OpenSearch from 4.3 on";
    if (search >= 300 && graylog < 702) return "Graylog knows OpenSearch 3 from 7.2 on; before, 1 and 2";
    return {};
  }
  if (graylog >= 600) return "Graylog 6 and later work with OpenSearch only";
  if (search > 710) return "the last Elasticsearch that Graylog works with is 7.10";
  if (graylog >= 500 && search < 710) return "Graylog 5 wants Elasticsearch 7.10 or OpenSearch";
  if (graylog >= 400 && search < 608) return "Graylog 4 wants Elasticsearch 6.8 to 7.10";
  if (graylog < 400 && search >= 700) return "Graylog 3 wants Elasticsearch 5 or 6";
  return {};
}

int oldest_mongodb(int graylog) { return graylog >= 700 ? 700 : graylog >= 500 ? 500 : graylog >= 400 ? 306 : 0; }

bool is_near(const wright::Secret& url) {
  for (const char* name : {"127.0.0.1", "localhost", "[::1]"})
    for (const char* before : {"//", "@"})
      if (url.reveal().find(std::string(before) + name) != std::string::npos) return true;
  return false;
}

/// "elasticsearch 6.8", of the option or of what is installed; empty when nothing says it.
std::string search_server(const wright::Phase& on, const Config& c) {
  if (!c.search_version.empty()) return c.search_version;
  if (!is_near(c.search.front())) return {};
  on.need({"dpkg.version:elasticsearch", "dpkg.version:opensearch"});
  const std::string elasticsearch = on.fact("dpkg.version:elasticsearch").text_or("");
  const std::string opensearch = on.fact("dpkg.version:opensearch").text_or("");
  if (elasticsearch.empty() == opensearch.empty()) return {};
  return elasticsearch.empty() ? "opensearch " + opensearch : "elasticsearch " + elasticsearch;
}

std::string mongodb_server(const wright::Phase& on, const Config& c) {
  if (!c.mongodb_version.empty() || !is_near(c.mongodb_uri)) return c.mongodb_version;
  return on.fact("dpkg.version:mongodb-org-server").text_or("");
}

}  // namespace

int release_on(const wright::Phase& on, const Config& c) {
  if (!c.version.empty()) return release_in(c.version);
  // What is there stays, and a new source says what comes.
  if (const int there = release_in(on.fact("dpkg.version:graylog-server").text_or("")); there != 0) return there;
  if (!c.source.uri.empty()) return release_in(c.source.component);
  return release_in(on.fact("apt.candidate:graylog-server").text_or(""));
}

bool fits_partners(wright::Configure& on, const Config& c) {
  const int graylog = release_on(on, c);
  if (graylog == 0) return true;
  bool fits = true;
  if (const std::string server = search_server(on, c); !server.empty()) {
    const auto space = server.find(' ');
    const std::string flavor = server.substr(0, space);
    const int search = space == std::string::npos ? 0 : release_in(std::string_view(server).substr(space + 1));
    if ((flavor != "elasticsearch" && flavor != "opensearch") || search == 0) {
      on.error("search_version", "must be \"elasticsearch\" or \"opensearch\", a space and a version",
               "such as \"opensearch 2.19\"");
      fits = false;
    } else if (const auto why = search_problem(graylog, flavor, search); !why.empty()) {
      on.error(c.search_version.empty() ? "search" : "search_version",
               wright::format("Graylog {} cannot work with {} {}: {}", shown(graylog), flavor, shown(search), why),
               "choose a pair of versions that fit each other");
      fits = false;
    }
  }
  const int mongodb = release_in(mongodb_server(on, c));
  if (mongodb != 0 && mongodb < oldest_mongodb(graylog)) {
    on.error(c.mongodb_version.empty() ? "mongodb_uri" : "mongodb_version",
             wright::format("Graylog {} cannot work with MongoDB {}: it wants {} or later", shown(graylog),
                            shown(mongodb), shown(oldest_mongodb(graylog))),
             "choose a pair of versions that fit each other");
    fits = false;
  }
  return fits;
}

}  // namespace graylog

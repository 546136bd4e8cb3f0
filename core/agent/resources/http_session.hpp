#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "agent/context.hpp"
#include "agent/probes/http_client.hpp"
#include "base/secret.hpp"
#include "model/value.hpp"

namespace wright::agent {

/// Passwords of one user of one service that worked, newest first: STATE/http/<sha256>, 0600. What wright made must be
/// taken back, and a password changed, with the one that the service has at that time.
class Passwords {
 public:
  Passwords(const Context& context, std::string_view service, std::string_view user);
  Result<std::vector<Secret>> worked() const;
  Result<> note(const Secret& password) const;

 private:
  std::string folder_;
  std::string path_;
};

/// Talks to services as resources of kind http ask for it. For one look, change or undo. Where a baton is passed, the
/// threads among which it is passed may share a session: the baton is put down while a service is waited for.
class HttpSession {
 public:
  explicit HttpSession(Context& context) : context_(context) {}

  struct Question {
    std::string method = "GET";
    std::string url;
    std::string body;
    std::chrono::milliseconds deadline{10000};
  };
  /// The answer, whatever its status, but for 401: then no password that is known was good, and it is a trouble. A
  /// service that did not answer is not asked again within this session unless `again`, and what GET answered is told
  /// once more.
  /// `attributes` are the resource's: auth_user, auth_password, headers, trust.
  Talk<HttpAnswer> ask(const Question& question, const Value& attributes, bool again = false);

 private:
  class Asking;
  Talk<HttpAnswer> ask_as(const Url& url, const Question& question, const Value& attributes);
  Talk<HttpAnswer> send(const Url& url, const Question& question, const Value& attributes, const Secret* password);
  std::vector<Secret> candidates(const Url& url, const Value& attributes) const;

  Context& context_;
  std::vector<std::unique_ptr<HttpClient>> idle_;
  std::set<std::string> asking_;            ///< what one thread asks, and others want to know too
  std::set<std::string> met_;               ///< schemes, authorities and users that were asked something
  std::map<std::string, Trouble> silent_;   ///< by scheme, authority and user
  std::map<std::string, HttpAnswer> told_;  ///< what GET answered, by URL, user and headers
  std::map<std::string, Secret> working_;   ///< by authority and user
};

}  // namespace wright::agent

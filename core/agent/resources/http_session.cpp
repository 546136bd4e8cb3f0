#include "agent/resources/http_session.hpp"

#include <unistd.h>

#include <algorithm>
#include <optional>

#include "agent/baton.hpp"
#include "agent/files/files.hpp"
#include "agent/files/relocate.hpp"
#include "agent/probes/base64.hpp"
#include "base/sha256.hpp"
#include "model/encoding.hpp"

namespace wright::agent {
namespace {

using Kind = Trouble::Kind;

/// More would look like an attack to a service that locks accounts.
constexpr std::size_t most_passwords = 4;

/// A user's name may hold neither the colon that ends it nor the end of a header.
bool is_user_name(std::string_view name) {
  return std::none_of(name.begin(), name.end(), [](unsigned char c) { return c == ':' || std::iscntrl(c) != 0; });
}

}  // namespace

Passwords::Passwords(const Context& context, std::string_view service, std::string_view user)
    : folder_(context.state_folder + "/http"),
      path_(folder_ + "/" + sha256_hex(std::string(service) + '\n' + std::string(user))) {}

Result<std::vector<Secret>> Passwords::worked() const {
  std::vector<Secret> out;
  const auto seen = look_at(path_);
  if (!seen) return failure(seen.error());
  if (seen->type == FileState::Type::absent) return out;
  const auto bytes = read_file(path_);
  if (!bytes) return failure(bytes.error());
  const auto known = from_cbor(*bytes);
  if (!known || known->as_list() == nullptr) return failure(path_, "is damaged", {}, "remove it");
  for (const auto& one : *known->as_list()) out.emplace_back(one.text_or(""));
  return out;
}

Result<> Passwords::note(const Secret& password) const {
  auto known = worked();
  if (!known) return failure(known.error());
  if (!known->empty() && known->front() == password) return {};
  std::erase(*known, password);
  known->insert(known->begin(), password);
  if (known->size() > most_passwords) known->resize(most_passwords);
  Value::List list;
  for (auto& one : *known) list.emplace_back(std::move(one));
  if (auto made = make_private_folders(folder_); !made) return made;
  return replace_file(path_, to_cbor(Value(std::move(list))), {0600, ::geteuid(), ::getegid()});
}

/// Among threads that share the session, only one at a time asks what others want to know as well.
class HttpSession::Asking {
 public:
  Asking(HttpSession& session, std::string what) : session_(session), what_(std::move(what)) {
    while (!session_.asking_.insert(what_).second) session_.context_.baton->wait_until_told();
  }
  ~Asking() {
    session_.asking_.erase(what_);
    if (session_.context_.baton != nullptr) session_.context_.baton->tell();
  }
  Asking(const Asking&) = delete;
  Asking& operator=(const Asking&) = delete;

 private:
  HttpSession& session_;
  std::string what_;
};

Talk<HttpAnswer> HttpSession::ask(const Question& question, const Value& attributes, bool again) {
  const auto url = parse_url(question.url);
  if (!url) return tl::unexpected(url.error());
  // With TLS and without, a port is another service: that one is silent says nothing of the other.
  const std::string who =
      (url->secure ? "https " : "http ") + url->authority + " " + attributes["auth_user"].text_or("");
  // Whether it answers at all, and to which password, is found out by one.
  std::optional<Asking> first;
  if (!met_.contains(who)) first.emplace(*this, who);
  if (met_.contains(who)) first.reset();
  const Asking asking(*this, question.method + " " + question.url + " " + who);
  if (const auto silent = silent_.find(who); silent != silent_.end() && !again) return tl::unexpected(silent->second);
  const std::string what = question.url + " " + who + to_cbor(attributes["headers"]);
  if (const auto told = told_.find(what); told != told_.end() && !again) return told->second;
  auto answer = ask_as(*url, question, attributes);
  met_.insert(who);
  silent_.erase(who);
  if (answer && !again && question.method == "GET") told_.insert_or_assign(what, *answer);
  if (!answer && answer.error().kind != Kind::unfit) silent_.emplace(who, answer.error());
  return answer;
}

std::vector<Secret> HttpSession::candidates(const Url& url, const Value& attributes) const {
  std::vector<Secret> out;
  const std::string user = attributes["auth_user"].text_or("");
  const auto known = working_.find(url.authority + " " + user);
  if (known != working_.end()) out.push_back(known->second);
  if (!attributes["auth_password"].is_null()) out.emplace_back(attributes["auth_password"].text_or(""));
  // A file that cannot be read is as good as none: what is asked then is refused.
  if (const auto worked = Passwords(context_, url.authority, user).worked())
    for (const auto& one : *worked) out.push_back(one);
  std::vector<Secret> once;
  for (auto& one : out)
    if (std::find(once.begin(), once.end(), one) == once.end()) once.push_back(std::move(one));
  if (once.size() > most_passwords) once.resize(most_passwords);
  return once;
}

Talk<HttpAnswer> HttpSession::ask_as(const Url& url, const Question& question, const Value& attributes) {
  const std::string user = attributes["auth_user"].text_or("");
  if (user.empty()) return send(url, question, attributes, nullptr);
  if (!is_user_name(user)) return trouble(Kind::unfit, "auth_user holds a colon or a control character");
  for (const auto& password : candidates(url, attributes)) {
    auto answer = send(url, question, attributes, &password);
    if (!answer) return answer;
    if (answer->status == 401) continue;
    working_[url.authority + " " + user] = password;
    if (!context_.transaction.empty())
      if (auto noted = Passwords(context_, url.authority, user).note(password); !noted)
        return trouble(Kind::unfit, to_text(noted.error()));
    return answer;
  }
  return trouble(Kind::wrong, url.authority + " refuses the user \"" + user + "\" with every password known for it");
}

Talk<HttpAnswer> HttpSession::send(const Url& url, const Question& question, const Value& attributes,
                                   const Secret* password) {
  Request request;
  request.method = question.method;
  request.body = question.body;
  if (!question.body.empty()) request.headers["Content-Type"] = "application/json";
  request.headers["Accept"] = "application/json";
  if (const auto* given = attributes["headers"].as_map())
    for (const auto& [name, value] : *given) request.headers[name] = value;
  if (password != nullptr)
    request.headers["Authorization"] =
        "Basic " + to_base64(attributes["auth_user"].text_or("") + ":" + password->reveal());
  const Patience patience(Patience::Clock::now() + question.deadline, context_.cancellation);
  std::unique_ptr<HttpClient> client = std::make_unique<HttpClient>();
  if (!idle_.empty()) {
    client = std::move(idle_.back());
    idle_.pop_back();
  }
  auto answer = [&] {
    const Aside aside(context_);
    return client->ask(url, std::move(request), attributes["trust"].text_or("system") == "system", patience);
  }();
  idle_.push_back(std::move(client));
  return answer;
}

}  // namespace wright::agent

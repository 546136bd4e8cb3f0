#include "agent/resources/http_link.hpp"

#include <algorithm>

#include "agent/resources/http_object.hpp"
#include "agent/resources/program_output.hpp"
#include "model/encoding.hpp"

namespace wright::agent {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds look_deadline{2000};
constexpr milliseconds change_deadline{30000};
constexpr milliseconds longest_pause{1000};
constexpr std::size_t bytes_shown = 2000;

tl::unexpected<Unknown> unknown(const Trouble& trouble) {
  using enum Trouble::Kind;
  const bool may_pass = trouble.kind == refused || trouble.kind == closed || trouble.kind == late;
  return tl::unexpected(Unknown{trouble.text, may_pass, trouble.kind == cancelled});
}
tl::unexpected<Unknown> unknown(std::string why, bool may_pass = false) {
  return tl::unexpected(Unknown{std::move(why), may_pass, false});
}

bool is_success(const HttpAnswer& answer) { return answer.status >= 200 && answer.status <= 299; }
bool is_nothing(const HttpAnswer& answer) { return answer.status == 404 || answer.status == 410; }

/// "URL answers 400 to PUT: ..." with what a service wrote as a diagnostic may show it.
std::string said(const HttpAnswer& answer, const std::string& method, const std::string& url, const Value& attributes) {
  Finished body;
  body.out = answer.body.substr(0, bytes_shown);
  const std::string text = shown_output(body, texts_to_mask(attributes));
  return url + " answers " + std::to_string(answer.status) + " to " + method + (text.empty() ? "" : ": " + text);
}

}  // namespace

tl::unexpected<Diagnostics> as_failure(const ResourceId& id, const Unknown& unknown) {
  if (unknown.cancelled)
    return failure({Severity::error, Fault::interrupted, to_string(id), "the run was interrupted", {}, {}});
  return failure(to_string(id), unknown.why, {}, "see whether the service runs, and what its log says");
}

Asked<Seen> HttpObjectLink::look(bool again) {
  const std::string url = url_of(id_);
  const auto answer = session_.ask({"GET", url, {}, look_deadline}, attributes_, again);
  if (!answer) return unknown(answer.error());
  if (is_nothing(*answer) && !in_collection()) return Seen{false, {}, url};
  if (!is_success(*answer)) return unknown(said(*answer, "GET", url, attributes_), answer->status >= 500);
  const auto whole = from_json(answer->body);
  if (!whole) return unknown(url + " answers with what is no JSON");
  const Value& there = at_pointer(*whole, attributes_["within"].text_or(""));
  if (!in_collection()) return there.as_map() == nullptr ? Seen{false, {}, url} : Seen{true, there, url};
  if (there.as_list() == nullptr) return unknown(url + " answers with what is no list");
  const Value& member = find_member(there, attributes_["find"]);
  if (member.is_null()) return Seen{};
  const std::string id = id_of(member, attributes_["id_field"].text_or("id"));
  if (id.empty()) return unknown(url + " lists the object without an id");
  return Seen{true, member, member_url(url, id)};
}

Asked<Seen> HttpObjectLink::look_patiently(milliseconds wait, const Context& context) {
  const Patience patience(Patience::Clock::now() + wait, context.cancellation);
  milliseconds pause{50};
  while (true) {
    auto seen = look(true);
    if (seen || !seen.error().may_pass) return seen;
    if (patience.pause(pause) != Patience::Wait::ready) {
      seen.error().cancelled = context.cancelled();
      return seen;
    }
    pause = std::min(pause * 2, longest_pause);
  }
}

Asked<> HttpObjectLink::tell(const std::string& method, const std::string& url, const std::string& body) {
  const auto answer = session_.ask({method, url, body, change_deadline}, attributes_, true);
  if (!answer) return unknown(answer.error());
  if (is_success(*answer) || (method == "DELETE" && is_nothing(*answer))) return {};
  return unknown(said(*answer, method, url, attributes_));
}

Asked<> HttpObjectLink::put(const Seen& seen, const std::string& body) {
  if (seen.there || !in_collection()) return tell("PUT", seen.url, body);
  return tell("POST", url_of(id_), body);
}

Asked<> HttpObjectLink::remove(const Seen& seen) {
  if (!seen.there) return {};
  return tell("DELETE", seen.url, {});
}

Asked<std::size_t> HttpObjectLink::held() {
  const std::string url = attributes_["data_url"].text_or("");
  if (url.empty()) return 0;
  const auto answer = session_.ask({"GET", url, {}, look_deadline}, attributes_, true);
  if (!answer) return unknown(answer.error());
  if (is_nothing(*answer)) return 0;
  const auto list = from_json(answer->body);
  if (!is_success(*answer) || !list || list->as_list() == nullptr)
    return unknown(url + " does not say what the object holds");
  return list->as_list()->size();
}

}  // namespace wright::agent

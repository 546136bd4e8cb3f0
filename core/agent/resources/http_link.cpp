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

Asked<Ids> HttpObjectLink::ids_of_words(bool again, std::string& missing) {
  Ids ids;
  const auto* words = attributes_["ids"].as_map();
  if (words == nullptr) return ids;
  for (const auto& [word, where] : *words) {
    const Value place = from_json(where.text_or("{}")).value_or(Value());
    const std::string url = place["url"].text_or("");
    const auto answer = session_.ask({"GET", url, {}, look_deadline}, attributes_, again);
    if (!answer) return unknown(answer.error());
    if (!is_success(*answer)) return unknown(said(*answer, "GET", url, attributes_), answer->status >= 500);
    const auto whole = from_json(answer->body, Twice::last_counts);
    if (!whole) return unknown(url + " answers with what is no JSON");
    const Value& member = find_member(at_pointer(*whole, place["within"].text_or("")), place["find"]);
    const std::string id = id_of(member, place["id_field"].text_or("id"));
    if (member.is_null())
      missing = word;
    else if (!is_plain_id(id))
      return unknown(url + " has no usable id for {" + word + "}");
    else
      ids[word] = id;
  }
  return ids;
}

Asked<Seen> HttpObjectLink::look(bool again) {
  Seen seen;
  const auto ids = ids_of_words(again, seen.missing);
  if (!ids) return tl::unexpected(ids.error());
  seen.ids = *ids;
  if (!seen.missing.empty()) return seen;
  const std::string url = with_ids(url_of(id_), *ids);
  const auto answer = session_.ask({"GET", url, {}, look_deadline}, attributes_, again);
  if (!answer) return unknown(answer.error());
  if (!in_collection()) seen.url = url;
  if (is_nothing(*answer) && !in_collection()) return seen;
  if (!is_success(*answer)) return unknown(said(*answer, "GET", url, attributes_), answer->status >= 500);
  const auto whole = from_json(answer->body, Twice::last_counts);
  if (!whole) return unknown(url + " answers with what is no JSON");
  const Value& there = at_pointer(*whole, attributes_["within"].text_or(""));
  if (is_single()) {
    if (there.as_map() == nullptr) return unknown(url + " answers with what is no object");
    seen.url = url;
    seen.object = find_member(Value(Value::List{there}), value_with_ids(attributes_["find"], *ids));
  } else if (in_collection()) {
    // Taken for an empty one, it would be added to with each apply.
    if (there.as_list() == nullptr) return unknown(url + " answers with what is no list");
    seen.object = find_member(there, value_with_ids(attributes_["find"], *ids));
  } else {
    seen.object = there;
  }
  seen.there = seen.object.as_map() != nullptr;
  if (!seen.there || !in_collection() || is_single()) return seen;
  const std::string id = id_of(seen.object, attributes_["id_field"].text_or("id"));
  if (id.empty()) return unknown(url + " lists the object without an id");
  seen.url = member_url(url, id);
  return seen;
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
  Unknown problem{said(*answer, method, url, attributes_), answer->status >= 500};
  const bool is_refusal = answer->status == 400 || answer->status == 409 || answer->status == 412;
  const auto reasons = attributes_["stays_when"].strings();
  problem.in_use = is_refusal && std::any_of(reasons.begin(), reasons.end(), [&](const std::string& reason) {
                     return answer->body.find(reason) != std::string::npos;
                   });
  problem.conflict = answer->status == 409 && !problem.in_use;
  return tl::unexpected(std::move(problem));
}

std::string HttpObjectLink::with_own_id(const Seen& seen, const std::string& body) const {
  auto object = from_json(body);
  if (!attributes_["puts_id"].bool_or(false) || !object || object->as_map() == nullptr) return body;
  const std::string field = attributes_["id_field"].text_or("id");
  (*object->as_map())[field] = seen.object[field];
  return to_json(*object);
}

Asked<> HttpObjectLink::put(const Seen& seen, const std::string& body) {
  if (!seen.missing.empty()) return unknown("there is nothing yet that {" + seen.missing + "} stands for");
  const std::string make_url = attributes_["make_url"].text_or("");
  if (!seen.there && !make_url.empty()) return tell("POST", with_ids(make_url, seen.ids), body);
  if (seen.there || !in_collection()) return tell("PUT", seen.url, with_own_id(seen, body));
  return tell("POST", with_ids(url_of(id_), seen.ids), body);
}

Asked<> HttpObjectLink::remove(const Seen& seen) {
  if (!seen.there || attributes_["stays"].bool_or(false)) return {};
  const std::string remove_url = attributes_["remove_url"].text_or("");
  const std::string query = attributes_["remove_query"].text_or("");
  if (remove_url.empty()) return tell("DELETE", seen.url + (query.empty() ? "" : "?" + query), {});
  return tell("POST", with_ids(remove_url, seen.ids), with_ids(attributes_["remove_body"].text_or("{}"), seen.ids));
}

Asked<bool> HttpObjectLink::is_member() {
  const std::string url = attributes_["member_url"].text_or("");
  if (url.empty()) return true;
  const auto answer = session_.ask({"GET", url, {}, look_deadline}, attributes_, true);
  if (!answer && answer.error().kind == Trouble::Kind::wrong) return false;
  if (!answer) return unknown(answer.error());
  if (is_success(*answer)) return true;
  if (is_nothing(*answer)) return false;
  return unknown(said(*answer, "GET", url, attributes_), answer->status >= 500);
}

Asked<std::optional<std::size_t>> HttpObjectLink::held() {
  const std::string url = attributes_["data_url"].text_or("");
  constexpr std::size_t nothing = 0;
  if (url.empty()) return nothing;
  const auto answer = session_.ask({"GET", url, {}, look_deadline}, attributes_, true);
  if (!answer) return unknown(answer.error());
  if (is_nothing(*answer)) return nothing;
  const auto whole = from_json(answer->body, Twice::last_counts);
  const std::string pointer = attributes_["data_count"].text_or("");
  if (is_success(*answer) && whole && pointer.empty() && whole->as_list() != nullptr) return whole->as_list()->size();
  const bool counts = is_success(*answer) && whole && !pointer.empty() && whole->as_map() != nullptr;
  if (!counts) return unknown(url + " does not say what the object holds", answer->status >= 500);
  const Value& count = at_pointer(*whole, pointer);
  if (count.as_int() != nullptr) return static_cast<std::size_t>(std::max<std::int64_t>(*count.as_int(), 0));
  if (!attributes_["stays_when"].is_null()) return nothing;
  return std::nullopt;
}

}  // namespace wright::agent

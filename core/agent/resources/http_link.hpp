#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "agent/resources/http_ids.hpp"
#include "agent/resources/http_session.hpp"
#include "base/result.hpp"
#include "model/resource.hpp"

namespace wright::agent {

/// What a service has of one object.
struct Seen {
  bool there = false;
  Value object;         ///< by the names that GET has
  std::string url;      ///< of the object; empty for a member of a collection that is not there
  Ids ids;              ///< that the service has for the words of the resource
  std::string missing;  ///< the first word without an id: then the object is not there either
};
/// Why it is not known what the service has. One that does not answer now may do so later.
struct Unknown {
  std::string why;
  bool may_pass = false;
  bool cancelled = false;
  bool in_use = false;    ///< the service does not delete it, for a reason of stays_when
  bool conflict = false;  ///< somebody else changed it, or what it is part of, at the same time
};
template <class T = void>
using Asked = tl::expected<T, Unknown>;
tl::unexpected<Diagnostics> as_failure(const ResourceId& id, const Unknown& unknown);

/// One object of a service: what is asked and told of it. All are borrowed; `attributes` are a resource's, or of them
/// what its undo record has.
class HttpObjectLink {
 public:
  HttpObjectLink(HttpSession& session, const ResourceId& id, const Value& attributes)
      : session_(session), id_(id), attributes_(attributes) {}

  /// `again`: also when the service did not answer before in this session.
  Asked<Seen> look(bool again);
  /// Looks until the service answers.
  Asked<Seen> look_patiently(std::chrono::milliseconds wait, const Context& context);
  /// PUT to what is there; else to where it will be, or POST to make_url or its collection.
  Asked<> put(const Seen& seen, const std::string& body);
  /// Fine when it is not there, and when the service is to forget it by itself.
  Asked<> remove(const Seen& seen);
  /// Whether the service is still that of several hosts which the object is kept by, by member_url; true without one.
  /// One that does not know who asks is another one.
  Asked<bool> is_member();
  /// How many things the object holds that would go with it, by data_url; nothing when the service has not counted them
  /// yet and does not guard them itself.
  Asked<std::optional<std::size_t>> held();

 private:
  [[nodiscard]] std::string with_own_id(const Seen& seen, const std::string& body) const;
  Asked<Ids> ids_of_words(bool again, std::string& missing);
  Asked<> tell(const std::string& method, const std::string& url, const std::string& body);
  [[nodiscard]] bool is_single() const { return attributes_["single"].bool_or(false); }
  [[nodiscard]] bool in_collection() const { return attributes_["find"].as_map() != nullptr; }

  HttpSession& session_;
  const ResourceId& id_;
  const Value& attributes_;
};

}  // namespace wright::agent

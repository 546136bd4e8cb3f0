#pragma once

#include <map>
#include <optional>
#include <vector>

#include "agent/journal/record.hpp"
#include "agent/resources/kind.hpp"
#include "model/catalog.hpp"

namespace wright::agent {

/// Which services are to be restarted or reloaded because something they use changed. A restart outweighs a reload.
class Notices {
 public:
  explicit Notices(const Catalog& catalog);

  /// Whom a change of this resource concerns.
  [[nodiscard]] std::vector<Notice> of(const ResourceId& id) const;
  void changed(const ResourceId& id);
  void expect(const Notice& notice);
  [[nodiscard]] std::optional<Action> due(const ResourceId& service) const;
  /// The service was started, restarted or reloaded.
  void met(const ResourceId& service) { due_.erase(service); }

  /// The restart or reload that the service needs besides its own change: none when its own change starts or stops it,
  /// or when it does not run.
  [[nodiscard]] std::optional<Action> besides(const Item& service) const;

 private:
  std::map<ResourceId, std::vector<Notice>> concerned_;
  std::map<ResourceId, Action> due_;
};

}  // namespace wright::agent

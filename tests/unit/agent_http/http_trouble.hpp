#pragma once

#include <gmock/gmock.h>

#include <optional>

#include "model/kinds.hpp"
#include "unit/agent_command/host_folder.hpp"
#include "unit/agent_http/rest_service.hpp"

namespace wright::agent {

class HttpTrouble : public HostFolder {
 protected:
  Resource object(const std::string& path, const std::string& body, Value::Map more = {}) const {
    Resource made;
    made.id = {"http", service->url(path)};
    made.attributes = std::move(more);
    made.attributes.emplace("body", body);
    made.attributes.emplace("wait_ms", 300);
    return made;
  }
  std::string reason_for(const Resource& resource) { return look(*kind, resource).difference.unseen; }

  std::optional<RestService> service{std::in_place};
  std::unique_ptr<Kind> kind = make_http_kind();
};

}  // namespace wright::agent

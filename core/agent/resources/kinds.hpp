#pragma once

#include <memory>
#include <string>

#include "agent/resources/kind.hpp"

namespace wright::agent {

/// One of each kind, for the registry behind find_kind().
std::unique_ptr<Kind> make_file_kind();
std::unique_ptr<Kind> make_directory_kind();
std::unique_ptr<Kind> make_symlink_kind();
std::unique_ptr<Kind> make_service_kind();
std::unique_ptr<Kind> make_user_kind();
std::unique_ptr<Kind> make_group_kind();
std::unique_ptr<Kind> make_command_kind();
std::unique_ptr<Kind> make_certificate_kind();
std::unique_ptr<Kind> make_http_kind();
std::unique_ptr<Kind> make_sql_kind();
std::unique_ptr<Kind> make_program_kind();
std::unique_ptr<Kind> make_mongodb_replica_set_kind();
std::unique_ptr<Kind> make_mongodb_user_kind();
std::unique_ptr<Kind> make_sysctl_kind(std::string folder = "/proc/sys");

}  // namespace wright::agent

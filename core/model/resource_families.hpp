#pragma once

#include "model/kinds.hpp"

namespace wright {

/// One for each kind of resource, with those of its family in a file. resource_kinds() lists them all.
extern const KindSpec package_kind;
extern const KindSpec file_kind;
extern const KindSpec directory_kind;
extern const KindSpec symlink_kind;
extern const KindSpec user_kind;
extern const KindSpec group_kind;
extern const KindSpec service_kind;
extern const KindSpec command_kind;
extern const KindSpec certificate_kind;
extern const KindSpec http_kind;
extern const KindSpec sql_kind;
extern const KindSpec mongodb_replica_set_kind;
extern const KindSpec mongodb_user_kind;
extern const KindSpec sysctl_kind;
extern const KindSpec program_kind;

inline constexpr AttributeSpec ensure{"ensure", AttributeType::text, false, "\"present\" (the default) or \"absent\"."};
inline constexpr AttributeSpec owner{"owner", AttributeType::text, false, "User name or number; root by default."};
inline constexpr AttributeSpec group_attribute{"group", AttributeType::text, false,
                                               "Group name or number; root by default."};

}  // namespace wright

#include "model/resource_families.hpp"

namespace wright {
namespace {

using enum AttributeType;

constexpr AttributeSpec user_attributes[] = {
    ensure,
    {"uid", integer, false, "Numeric id; the next free one when not given."},
    {"system", boolean, false, "A system account; false by default."},
    {"home", text, false, "Home directory."},
    {"create_home", boolean, false, "Make the home directory; false by default."},
    {"shell", text, false, "Login shell; /usr/sbin/nologin by default."},
    {"group", text, false, "Primary group; one named like the user by default."},
    {"groups", strings, false, "Supplementary groups the user must be in."},
    {"comment", text, false, "The GECOS field."},
};

constexpr AttributeSpec group_attributes[] = {
    ensure,
    {"gid", integer, false, "Numeric id; the next free one when not given."},
    {"system", boolean, false, "A system group; false by default."},
};

}  // namespace

constinit const KindSpec user_kind{"user", "A local account by its name.", user_attributes};
constinit const KindSpec group_kind{"group", "A local group by its name.", group_attributes};

}  // namespace wright

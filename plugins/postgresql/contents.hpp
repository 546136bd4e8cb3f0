#pragma once

#include <string>
#include <string_view>

#include "options.hpp"

namespace postgresql {

/// Declares roles, databases, extensions and grants of the options, and takes away what is to be absent. All of it
/// comes after the resource `after`, with which the server runs.
void declare_contents(wright::Configure& on, const Config& c, const Server& server, const std::string& after);
/// The last part of that. `names`: what is declared besides, for a role that is to go may still own or use it.
void declare_removals(wright::Configure& on, const Config& c, const Server& server, const std::string& after,
                      const wright::Strings& names);

/// Something in this server; `name` is for people.
wright::Sql sql_in(wright::Configure& on, const Config& c, const Server& server, const std::string& after,
                   const std::string& name);

/// A name as SQL has it; names of the options hold no quotes.
std::string identifier(std::string_view name);
/// A text as SQL has it.
std::string literal(std::string_view text);

/// The role's columns in pg_authid in the words of ALTER ROLE, as an expression.
std::string role_words();
/// For wright::Sql::look(): what there is of that name, in words, and statements that bring back what a drop loses:
/// settings, rights, memberships. What is in a database is not part of them; its identity is a third column.
std::string database_look(std::string_view name);
std::string absent_role_look(std::string_view name);
std::string absent_extension_look(std::string_view name);

}  // namespace postgresql

#include "contents.hpp"

namespace postgresql {
namespace {

/// Without CASCADE. What an extension keeps in tables of its own would be lost: no rollback could bring it back.
std::string drop_extension(const std::string& name) {
  return "DO $$ BEGIN IF EXISTS (SELECT FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_extension e ON d.refclassid = "
         "'pg_catalog.pg_extension'::regclass AND d.refobjid = e.oid AND d.deptype = 'e' JOIN pg_catalog.pg_class c ON "
         "d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid WHERE e.extname = " +
         literal(name) +
         " AND c.relkind IN ('r', 'p', 'm', 'S')) THEN RAISE EXCEPTION 'the extension keeps tables of its own, which "
         "would be lost: drop it by hand'; END IF; DROP EXTENSION IF EXISTS " +
         identifier(name) + "; END $$;\n";
}

}  // namespace

// Each has its drop as undo, too: for a rollback of the apply that brought it back, after its entry left the list.
void declare_removals(wright::Configure& on, const Config& c, const Server& server, const std::string& after,
                      const wright::Strings& names) {
  std::vector<std::string> before(names.items().begin(), names.items().end());
  for (const auto& d : c.databases) {
    if (d.state == "absent") {
      const std::string drop = "DROP DATABASE IF EXISTS " + identifier(d.name) + ";\n";
      sql_in(on, c, server, after, "database " + d.name)
          .look(database_look(d.name))
          .identity()
          .change(drop)
          .undo(drop)
          .dump(d.name);
      before.push_back("database " + d.name);
      continue;
    }
    for (const auto& extension : d.absent_extensions) {
      const std::string name = wright::format("extension {} in {}", extension, d.name);
      sql_in(on, c, server, after, name)
          .database(d.name)
          .look(absent_extension_look(extension))
          .change(drop_extension(extension))
          .undo(drop_extension(extension))
          .after("sql:database " + d.name);
      before.push_back(name);
    }
  }
  for (const auto& r : c.roles) {
    if (r.state != "absent") continue;
    const std::string drop = "DROP ROLE IF EXISTS " + identifier(r.name) + ";\n";
    auto role = sql_in(on, c, server, after, "role " + r.name).look(absent_role_look(r.name)).change(drop).undo(drop);
    for (const auto& name : before) role.after("sql:" + name);
  }
}

}  // namespace postgresql

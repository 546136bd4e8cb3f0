#include <algorithm>
#include <wright/check.hpp>

#include "contents.hpp"

namespace postgresql {
namespace {

const std::string read_rights = "SELECT";
const std::string write_rights = "SELECT, INSERT, UPDATE, DELETE";

const char* word(bool yes, const char* name, const char* no) { return yes ? name : no; }

class Contents {
 public:
  Contents(wright::Configure& on, const Config& c, const Server& server, std::string after)
      : on_(on), c_(c), server_(server), after_(std::move(after)) {}

  void role(const Role& r) {
    const std::string name = identifier(r.name);
    const bool secret = !r.password.empty();
    const std::string rights = wright::format("{} {} {} {} {} CONNECTION LIMIT {}", word(r.login, "LOGIN", "NOLOGIN"),
                                              word(r.superuser, "SUPERUSER", "NOSUPERUSER"),
                                              word(r.create_databases, "CREATEDB", "NOCREATEDB"),
                                              word(r.create_roles, "CREATEROLE", "NOCREATEROLE"),
                                              word(r.replication, "REPLICATION", "NOREPLICATION"), r.connection_limit);
    const std::string now = role_words();
    auto made =
        sql("role " + r.name)
            .look("SELECT " + now +
                  (secret ? "" : " || CASE WHEN rolpassword IS NULL THEN ' PASSWORD NULL' ELSE ' PASSWORD' END") +
                  ", format(E'SELECT %L WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = %L)"
                  "\\n\\\\gexec\\nALTER ROLE %I WITH ', format('CREATE ROLE %I', rolname), rolname, rolname) || " +
                  now + " || format(' PASSWORD %L', rolpassword)" + (secret ? ", rolpassword" : "") +
                  " FROM pg_catalog.pg_authid WHERE rolname = " + literal(r.name))
            .wanted(rights + (secret ? "" : " PASSWORD NULL"))
            .change("SELECT 'CREATE ROLE " + name + "' WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE " +
                    "rolname = " + literal(r.name) + ")\n\\gexec\nALTER ROLE " + name + " WITH " + rights +
                    (secret ? " PASSWORD {verifier}" : " PASSWORD NULL") + ";\n")
            .undo("DROP ROLE IF EXISTS " + name + ";\n");
    if (secret) made.password(r.password);
  }

  void membership(const Role& r, const std::string& group) {
    sql(r.name + " in " + group)
        .look(
            "SELECT 'member', format('GRANT %I TO %I;', g.rolname, r.rolname) FROM pg_catalog.pg_auth_members m JOIN "
            "pg_catalog.pg_roles g ON g.oid = m.roleid JOIN "
            "pg_catalog.pg_roles r ON r.oid = m.member WHERE g.rolname = " +
            literal(group) + " AND r.rolname = " + literal(r.name))
        .wanted("member")
        .change("GRANT " + identifier(group) + " TO " + identifier(r.name) + ";\n")
        .undo("SELECT 'REVOKE " + identifier(group) + " FROM " + identifier(r.name) +
              "' FROM pg_catalog.pg_roles WHERE rolname = " + literal(r.name) + "\n\\gexec\n")
        .after("sql:role " + r.name, after_role(group));
  }

  void database(const Database& d) {
    const std::string name = identifier(d.name);
    sql("database " + d.name)
        .look(database_look(d.name))
        .identity()
        .wanted(wright::format("owner {} encoding {} locale {} {}", d.owner, d.encoding, d.locale, d.locale))
        .change("SELECT " +
                literal("CREATE DATABASE " + name + " TEMPLATE template0 ENCODING " + literal(d.encoding) +
                        " LC_COLLATE " + literal(d.locale) + " LC_CTYPE " + literal(d.locale)) +
                " WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_database WHERE datname = " + literal(d.name) +
                ")\n\\gexec\nALTER DATABASE " + name + " OWNER TO " + identifier(d.owner) + ";\n")
        .undo("DROP DATABASE IF EXISTS " + name + ";\n")
        .dump(d.name)
        .after("sql:role " + d.owner);
    for (const auto& schema : d.schemas)
      sql("schema " + schema + " in " + d.name)
          .database(d.name)
          .look(
              "SELECT 'owner ' || pg_catalog.pg_get_userbyid(nspowner), format('CREATE SCHEMA IF NOT EXISTS %I; "
              "ALTER SCHEMA %I OWNER TO %I;', nspname, nspname, pg_catalog.pg_get_userbyid(nspowner)) FROM "
              "pg_catalog.pg_namespace WHERE nspname = " +
              literal(schema))
          .wanted("owner " + d.owner)
          .change("CREATE SCHEMA IF NOT EXISTS " + identifier(schema) + ";\nALTER SCHEMA " + identifier(schema) +
                  " OWNER TO " + identifier(d.owner) + ";\n")
          // What is in it stays, and so must it.
          .undo("DO $$ BEGIN DROP SCHEMA IF EXISTS " + identifier(schema) +
                "; EXCEPTION WHEN dependent_objects_still_exist THEN RAISE WARNING 'schema stays'; END $$;\n")
          .after("sql:database " + d.name);
    for (const auto& extension : d.extensions)
      sql("extension " + extension + " in " + d.name)
          .database(d.name)
          .look(
              "SELECT 'present', format('CREATE EXTENSION IF NOT EXISTS %I;', extname) FROM pg_catalog.pg_extension "
              "WHERE extname = " +
              literal(extension))
          .wanted("present")
          .change("CREATE EXTENSION IF NOT EXISTS " + identifier(extension) + ";\n")
          // What has come to need it stays, and so must it.
          .undo("DO $$ BEGIN DROP EXTENSION IF EXISTS " + identifier(extension) +
                "; EXCEPTION WHEN dependent_objects_still_exist THEN RAISE WARNING 'extension stays'; END $$;\n")
          .after("sql:database " + d.name);
  }

  void grant(const Grant& g) {
    const std::string role = literal(identifier(g.role)) + "::regrole";
    const std::string schema = literal(identifier(g.schema)) + "::regnamespace";
    const std::string tables =
        "pg_catalog.pg_class c WHERE c.relnamespace = " + schema + " AND c.relkind IN ('r','p','v','m') AND ";
    const std::string later =
        "EXISTS (SELECT FROM pg_catalog.pg_default_acl d, pg_catalog.aclexplode(d.defaclacl) a "
        "WHERE d.defaclnamespace = " +
        schema + " AND d.defaclrole = " + literal(identifier(owner_of(g.database))) +
        "::regrole AND a.grantee = " + role;
    const std::string own = "EXISTS (SELECT FROM pg_catalog.aclexplode(c.relacl) a WHERE a.grantee = " + role;
    auto all = [&](const std::string& rights) {
      std::string without;
      for (const char* right : {"SELECT", "INSERT", "UPDATE", "DELETE"})
        if (rights.find(right) != std::string::npos)
          without += (without.empty() ? "NOT " : " OR NOT ") +
                     wright::format("pg_catalog.has_table_privilege({}, c.oid, '{}')", role, right);
      return "NOT EXISTS (SELECT FROM " + tables + "(" + without + "))";
    };
    // "other" is what lies between, as when somebody has made a table that the role may not read.
    auto granted =
        sql(g.role + " in database " + g.database + (g.schema == "public" ? "" : " schema " + g.schema))
            .database(g.database)
            .look("SELECT state, CASE WHEN state <> 'other' THEN pg_catalog.replace(" +
                  literal(granting(g, "{rights}")) + ", '{rights}', CASE state WHEN 'write' THEN " +
                  literal(write_rights) + " ELSE " + literal(read_rights) +
                  " END) ELSE '' END FROM (SELECT CASE WHEN NOT (pg_catalog.has_database_privilege(" + role +
                  ", pg_catalog.current_database(), 'CONNECT') AND pg_catalog.has_schema_privilege(" + role + ", " +
                  literal(g.schema) + ", 'USAGE')) THEN 'other' WHEN " + later +
                  " AND a.privilege_type = 'INSERT') AND " + all(write_rights) + " THEN 'write' WHEN " + later +
                  " AND a.privilege_type = 'SELECT') AND NOT " + later + " AND a.privilege_type = 'INSERT') AND " +
                  all(read_rights) + " AND NOT EXISTS (SELECT FROM " + tables + "c.relowner <> " + role + " AND " +
                  own +
                  " AND a.privilege_type IN ('INSERT', 'UPDATE', 'DELETE'))) THEN 'read' ELSE 'other' END) AS s(state) "
                  "WHERE " +
                  later + ") OR EXISTS (SELECT FROM " + tables + "c.relowner <> " + role + " AND " + own + "))")
            .wanted(g.access)
            .change(granting(g, g.access == "write" ? write_rights : read_rights))
            .undo("BEGIN; " + revoking(g) + "COMMIT;\n")
            .after("sql:database " + g.database, "sql:role " + g.role);
    if (g.schema != "public") granted.after(schema_name(g.schema, g.database));
  }

  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }

 private:
  wright::Sql sql(const std::string& name) {
    names_.push_back(name);
    return sql_in(on_, c_, server_, after_, name);
  }

  static std::string schema_name(const std::string& schema, const std::string& database) {
    return "sql:schema " + schema + " in " + database;
  }

  std::string after_role(const std::string& name) const {
    for (const auto& role : c_.roles)
      if (role.name == name) return "sql:role " + name;
    return after_;
  }

  std::string owner_of(const std::string& database) const {
    for (const auto& d : c_.databases)
      if (d.name == database) return d.owner;
    return "postgres";
  }

  /// The rights and none else, with no moment in between.
  std::string granting(const Grant& g, const std::string& rights) const {
    const std::string role = identifier(g.role);
    const std::string schema = identifier(g.schema);
    const std::string later =
        "ALTER DEFAULT PRIVILEGES FOR ROLE " + identifier(owner_of(g.database)) + " IN SCHEMA " + schema + " GRANT ";
    return "BEGIN; " + revoking(g) + "GRANT CONNECT ON DATABASE " + identifier(g.database) + " TO " + role +
           "; GRANT USAGE ON SCHEMA " + schema + " TO " + role + "; GRANT " + rights + " ON ALL TABLES IN SCHEMA " +
           schema + " TO " + role + "; GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA " + schema + " TO " + role +
           "; " + later + rights + " ON TABLES TO " + role + "; " + later + "USAGE, SELECT ON SEQUENCES TO " + role +
           "; COMMIT;\n";
  }

  std::string revoking(const Grant& g) const {
    const std::string role = identifier(g.role);
    const std::string owner = identifier(owner_of(g.database));
    const std::string schema = identifier(g.schema);
    // Rights in another schema need it, too.
    const auto grants = std::count_if(c_.grants.begin(), c_.grants.end(), [&](const Grant& other) {
      return other.role == g.role && other.database == g.database;
    });
    const std::string connect =
        grants > 1 ? "" : "REVOKE CONNECT ON DATABASE " + identifier(g.database) + " FROM " + role + "; ";
    return connect + "REVOKE ALL ON ALL TABLES IN SCHEMA " + schema + " FROM " + role +
           "; REVOKE ALL ON ALL SEQUENCES IN SCHEMA " + schema + " FROM " + role + "; REVOKE USAGE ON SCHEMA " +
           schema + " FROM " + role + "; ALTER DEFAULT PRIVILEGES FOR ROLE " + owner + " IN SCHEMA " + schema +
           " REVOKE ALL ON TABLES FROM " + role + "; ALTER DEFAULT PRIVILEGES FOR ROLE " + owner + " IN SCHEMA " +
           schema + " REVOKE ALL ON SEQUENCES FROM " + role + "; ";
  }

  wright::Configure& on_;
  const Config& c_;
  const Server& server_;
  std::string after_;
  std::vector<std::string> names_;
};

}  // namespace

wright::Sql sql_in(wright::Configure& on, const Config& c, const Server& server, const std::string& after,
                   const std::string& name) {
  return on.sql(name).programs(server.programs).port(c.port).unit(server.unit).after(after);
}

void declare_contents(wright::Configure& on, const Config& all, const Server& server, const std::string& after) {
  const Config c = without_absent(all);
  Contents contents(on, c, server, after);
  for (const auto& role : c.roles) contents.role(role);
  for (const auto& role : c.roles)
    for (const auto& group : role.member_of) contents.membership(role, group);
  for (const auto& database : c.databases) contents.database(database);
  for (const auto& grant : c.grants) contents.grant(grant);
  declare_removals(on, all, server, after, contents.names());
}

}  // namespace postgresql

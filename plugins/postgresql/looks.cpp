#include "contents.hpp"

namespace postgresql {
namespace {

/// Statements, each on a line of its own, for the rows of pg_db_role_setting where `which` holds. Lists of names are
/// kept as they are to be written; an empty one is not.
std::string settings_again(const std::string& which) {
  return "(SELECT coalesce(string_agg(format(E'\\nALTER %s%s SET %I TO %s;', CASE s.setrole WHEN 0 THEN '' ELSE "
         "format('ROLE %I ', pg_catalog.pg_get_userbyid(s.setrole)) || CASE s.setdatabase WHEN 0 THEN '' ELSE 'IN ' "
         "END END, CASE s.setdatabase WHEN 0 THEN '' ELSE format('DATABASE %I', t.datname) END, "
         "name, CASE WHEN lower(name) IN ('search_path', 'temp_tablespaces', 'local_preload_libraries', "
         "'session_preload_libraries') THEN coalesce(nullif(value, '\"\"'), quote_literal('')) ELSE "
         "quote_literal(value) END), ''), '') "
         "FROM "
         "pg_catalog.pg_db_role_setting s CROSS JOIN unnest(s.setconfig) e CROSS JOIN LATERAL (SELECT "
         "split_part(e, '=', 1), substr(e, strpos(e, '=') + 1)) AS one(name, value) LEFT JOIN pg_catalog.pg_database t "
         "ON t.oid "
         "= s.setdatabase WHERE " +
         which + ")";
}

}  // namespace

std::string identifier(std::string_view name) { return "\"" + std::string(name) + "\""; }

std::string literal(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("''") : std::string(1, c);
  return out + "'";
}

std::string role_words() {
  return "concat_ws(' ', CASE WHEN rolcanlogin THEN 'LOGIN' ELSE 'NOLOGIN' END, CASE WHEN rolsuper THEN 'SUPERUSER' "
         "ELSE "
         "'NOSUPERUSER' END, CASE WHEN rolcreatedb THEN 'CREATEDB' ELSE 'NOCREATEDB' END, CASE WHEN rolcreaterole THEN "
         "'CREATEROLE' ELSE 'NOCREATEROLE' END, CASE WHEN rolreplication THEN 'REPLICATION' ELSE 'NOREPLICATION' END, "
         "'CONNECTION LIMIT', rolconnlimit)";
}

std::string database_look(std::string_view name) {
  // Columns that only newer servers have are asked for by way of JSON.
  return "SELECT format('owner %s encoding %s locale %s %s', pg_catalog.pg_get_userbyid(datdba), "
         "pg_catalog.pg_encoding_to_char(encoding), datcollate, datctype), format(E'SELECT %L WHERE NOT "
         "EXISTS (SELECT FROM pg_catalog.pg_database WHERE datname = %L)\\n\\\\gexec\\nALTER DATABASE %I OWNER TO "
         "%I;\\nALTER DATABASE %I CONNECTION LIMIT %s;', "
         "format('CREATE DATABASE %I TEMPLATE template0 ENCODING %L LC_COLLATE %L LC_CTYPE %L TABLESPACE %I', datname, "
         "pg_catalog.pg_encoding_to_char(encoding), datcollate, datctype, (SELECT spcname FROM "
         "pg_catalog.pg_tablespace t WHERE t.oid = dattablespace)) || CASE to_jsonb(d) ->> 'datlocprovider' WHEN 'i' "
         "THEN format(' LOCALE_PROVIDER icu ICU_LOCALE %L', coalesce(to_jsonb(d) ->> 'daticulocale', to_jsonb(d) ->> "
         "'datlocale')) WHEN 'b' THEN format(' LOCALE_PROVIDER builtin BUILTIN_LOCALE %L', to_jsonb(d) ->> "
         "'datlocale') ELSE '' END, datname, datname, "
         "pg_catalog.pg_get_userbyid(datdba), datname, datconnlimit) || "
         "coalesce((SELECT format(E'\\nBEGIN;\\nREVOKE ALL ON DATABASE %I FROM PUBLIC, %I;', datname, "
         "pg_catalog.pg_get_userbyid(datdba)) || string_agg(format(E'\\nGRANT %s ON DATABASE %I TO %s%s;', "
         "privilege_type, datname, CASE grantee WHEN 0 THEN 'PUBLIC' ELSE "
         "quote_ident(pg_catalog.pg_get_userbyid(grantee)) END, CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE "
         "'' END), '') || E'\\nCOMMIT;' FROM pg_catalog.aclexplode(datacl)), '') || "
         "coalesce(format(E'\\nCOMMENT ON DATABASE %I IS %L;', datname, nullif(pg_catalog.shobj_description(oid, "
         "'pg_database'), '')), '') || " +
         settings_again("s.setdatabase = d.oid") +
         ", (SELECT system_identifier FROM pg_catalog.pg_control_system()) "
         "|| '/' || oid FROM pg_catalog.pg_database d WHERE datname = " +
         literal(name);
}

std::string absent_role_look(std::string_view name) {
  return "SELECT " + role_words() +
         " || coalesce(', with objects or rights in ' || (SELECT string_agg(DISTINCT coalesce('database ' || "
         "t.datname, 'the server'), ', ') FROM pg_catalog.pg_shdepend p LEFT JOIN pg_catalog.pg_database t ON t.oid = "
         "p.dbid WHERE p.refclassid = 'pg_catalog.pg_authid'::regclass AND p.refobjid = a.oid), ''), format(E'SELECT "
         "%L WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = %L)\\n\\\\gexec\\nALTER ROLE %I WITH ', "
         "format('CREATE ROLE %I', rolname), rolname, rolname) || " +
         role_words() +
         " || format(' %s %s PASSWORD %L%s;', CASE WHEN rolinherit THEN 'INHERIT' ELSE 'NOINHERIT' END, "
         "CASE WHEN rolbypassrls THEN 'BYPASSRLS' ELSE 'NOBYPASSRLS' END, rolpassword, CASE WHEN rolvaliduntil IS NOT "
         "NULL THEN format(' VALID UNTIL %L', rolvaliduntil) ELSE '' END) || (SELECT "
         "coalesce(string_agg(format(E'\\nGRANT %I TO %I', g.rolname, r.rolname) || "
         "coalesce(' WITH ' || nullif(concat_ws(', ', CASE WHEN admin_option THEN 'ADMIN OPTION' END, 'INHERIT ' || "
         "(to_jsonb(m) ->> 'inherit_option'), 'SET ' || (to_jsonb(m) ->> 'set_option')), ''), '') || ';', ''), '') "
         "FROM pg_catalog.pg_auth_members m JOIN pg_catalog.pg_roles g ON g.oid = m.roleid JOIN pg_catalog.pg_roles r "
         "ON r.oid = m.member WHERE a.oid IN (m.roleid, m.member)) || coalesce(format(E'\\nCOMMENT ON ROLE %I IS %L;', "
         "rolname, nullif(pg_catalog.shobj_description(a.oid, 'pg_authid'), '')), '') || " +
         settings_again("s.setrole = a.oid") + " FROM pg_catalog.pg_authid a WHERE rolname = " + literal(name);
}

std::string absent_extension_look(std::string_view name) {
  return "SELECT format('version %s in schema %s', extversion, n.nspname), format('SET ROLE %I; CREATE EXTENSION IF "
         "NOT "
         "EXISTS %I WITH SCHEMA %I%s; RESET ROLE;', pg_catalog.pg_get_userbyid(extowner), extname, n.nspname, (SELECT "
         "format(' VERSION %L', v.version) FROM pg_catalog.pg_available_extension_versions v WHERE v.name = extname "
         "AND v.version = extversion)) FROM pg_catalog.pg_extension JOIN pg_catalog.pg_namespace n ON n.oid = "
         "extnamespace WHERE extname = " +
         literal(name);
}

}  // namespace postgresql

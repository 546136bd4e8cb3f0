#include "model/resource_families.hpp"

namespace wright {
namespace {

using enum AttributeType;

constexpr AttributeSpec sql_attributes[] = {
    {"look", text, true,
     "A query with at most one row: its state as a text, the statements that bring it back, and, with `password`, what "
     "the server keeps of the password. No row: there is none. Asked read-only."},
    {"wanted", text, false, "What the state must be. Not given: there must be no row."},
    {"change", secret_or_text, true,
     "Statements that make it so, each a transaction of its own. \"{verifier}\" stands for a quoted SCRAM-SHA-256 "
     "verifier of `password`, as the server need not learn the password.",
     true},
    {"undo", text, false, "Statements that take away what was not there before; doing them twice is doing them once."},
    {"password", secret_or_text, false, "What the server keeps must be a SCRAM-SHA-256 verifier of it."},
    {"identity", boolean, false,
     "The last column of look tells it from another of the same name, such as its oid. Commands that name it in "
     "anew_with are done again for another one."},
    {"dump", text, false,
     "Database that `undo` drops, or `change` when `wanted` is not given: it is dumped to quarantine first. What "
     "brings it back is given the dump."},
    {"database", text, false, "Where they run; postgres by default."},
    {"programs", text, false, "Directory of the server's own psql and pg_dump; /usr/bin by default."},
    {"user", text, false, "Account on the host and in the server; postgres by default."},
    {"port", integer, false, "Of the server's socket; 5432 by default."},
    {"unit", text, false, "The server's unit, which a rollback starts when it does not run."},
};

constexpr AttributeSpec mongodb_replica_set_attributes[] = {
    {"members", strings, true, "Its members, HOST:PORT as all of them reach each other. Fixed once the set is made."},
    {"joins", boolean, false,
     "Another host of the component makes the set. This one waits until it has, and then until it is in it."},
    {"gathers", boolean, false, "It is made when the hosts that join it have come so far, too."},
    {"admin_user", text, false, "As for mongodb_user: needed where the server has accounts already."},
    {"admin_password", secret_or_text, false, "And its password."},
    {"host", text, false, "Numeric address of the server; 127.0.0.1 by default."},
    {"port", integer, false, "And its port; 27017 by default."},
    {"tls", boolean, false, "It is asked over TLS, on a loopback address whatever its certificate; false by default."},
    {"ca", text, false,
     "Path of the certificates that those of other members must come from; with it they are asked over TLS."},
    {"wait_ms", integer, false,
     "How long an apply waits for the other members, and for one that takes writes; 60000 by default."},
};

constexpr AttributeSpec mongodb_user_attributes[] = {
    ensure,
    {"password", secret_or_text, false, "What it logs in with, by SCRAM-SHA-256. Required unless ensure = \"absent\"."},
    {"roles", strings, false, "Its roles, each ROLE@DATABASE; exactly these."},
    {"admin_user", text, false,
     "Account of the database admin that makes it; admin by default. It makes itself while the server has no account."},
    {"admin_password", secret_or_text, false,
     "And its password. One that worked before is tried when it is refused, so that it can be changed by itself."},
    {"host", text, false, "Numeric address of the server; 127.0.0.1 by default."},
    {"port", integer, false, "And its port; 27017 by default."},
    {"tls", boolean, false, "It is asked over TLS, on a loopback address whatever its certificate; false by default."},
    {"ca", text, false,
     "Path of the certificates that those of other members must come from; with it they are asked over TLS."},
    {"members", strings, false,
     "HOST:PORT each, of the replica set that it is an account of; the one that takes writes is asked. When the host "
     "leaves a set of several, the account stays with the others."},
    {"joins", boolean, false,
     "Another host of the component makes it; this one does it only when it is not there then."},
    {"unit", text, false, "The server's unit, which a rollback starts when it does not run."},
    {"wait_ms", integer, false,
     "How long an apply waits for the server to answer, or for a member that takes writes; 60000 by default."},
};

}  // namespace

constinit const KindSpec sql_kind{
    "sql",
    "Something in a PostgreSQL server on the host, by a name for people. A server that does not answer is taken to "
    "have none until it is its turn.",
    sql_attributes};
constinit const KindSpec mongodb_replica_set_kind{
    "mongodb_replica_set",
    "The replica set of a MongoDB server on the host, by its name. A set that was made stays in the server's data.",
    mongodb_replica_set_attributes};
constinit const KindSpec mongodb_user_kind{
    "mongodb_user",
    "An account in a MongoDB server on the host, by DATABASE.USER. A server that does not answer is taken to have "
    "none until it is its turn.",
    mongodb_user_attributes};

}  // namespace wright

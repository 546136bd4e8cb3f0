#pragma once

#include <wright/json.hpp>
#include <wright/node.hpp>

// One class per kind of resource. What each attribute means is in `wright docs kinds`.
namespace wright {

class Package : public RemovableOf<Package> {
 public:
  using RemovableOf::RemovableOf;
  /// Exactly this version; any installed one will do otherwise.
  Package version(std::string_view exact) const { return set("version", exact); }
  Package recommends(bool yes = true) const { return set("recommends", yes); }
  /// For the scripts of all packages that are installed with it. The journal has it: nothing secret.
  Package environment(std::string_view name, std::string_view value) const {
    return put_entry("environment", name, value), self();
  }
  /// Names of such variables that get a random text each, which nobody knows afterwards.
  Package random_environment(const Strings& names) const { return set("random_environment", names); }
};

class File : public OwnedOf<File> {
 public:
  using OwnedOf::OwnedOf;
  File content(std::string_view bytes) const { return set("content", bytes); }
  File content(const Secret& bytes) const { return set("content", bytes); }
  /// Must succeed before the new content replaces the live file. "{}" is the staged file; without it the command sees
  /// the whole of validate_tree() in its new state.
  File validate(const Strings& argv) const { return set("validate", argv); }
  File validate_tree(std::string_view directory) const { return set("validate_tree", directory); }
};

class Directory : public OwnedOf<Directory> {
 public:
  using OwnedOf::OwnedOf;
  /// Holds data: a rollback moves it to quarantine instead of removing it.
  Directory data(bool yes = true) const { return set("data", yes); }
};

class Symlink : public RemovableOf<Symlink> {
 public:
  using RemovableOf::RemovableOf;
  Symlink target(std::string_view path) const { return set("target", path); }
};

class User : public RemovableOf<User> {
 public:
  using RemovableOf::RemovableOf;
  User uid(std::int64_t number) const { return set("uid", number); }
  User system(bool yes = true) const { return set("system", yes); }
  User home(std::string_view path) const { return set("home", path); }
  User create_home(bool yes = true) const { return set("create_home", yes); }
  User shell(std::string_view path) const { return set("shell", path); }
  User group(std::string_view primary) const { return set("group", primary); }
  User groups(const Strings& names) const { return set("groups", names); }
  User comment(std::string_view text) const { return set("comment", text); }
};

class Group : public RemovableOf<Group> {
 public:
  using RemovableOf::RemovableOf;
  Group gid(std::int64_t number) const { return set("gid", number); }
  Group system(bool yes = true) const { return set("system", yes); }
};

class Service : public ResourceOf<Service> {
 public:
  using ResourceOf::ResourceOf;
  Service enabled(bool yes = true) const { return set("enabled", yes); }
  Service running(bool yes = true) const { return set("running", yes); }
  /// How long it must stay up after a start to count as running.
  Service stable(double seconds) const { return put_seconds("stable_ms", seconds), self(); }
  Service timeout(double seconds) const { return put_seconds("timeout_ms", seconds), self(); }
  /// Restart or reload when one of these changed. Resources of this phase, or "kind:name".
  template <class... Others>
  Service restart_on(const Others&... others) const {
    (relate("restart_on", others), ...);
    return *this;
  }
  template <class... Others>
  Service reload_on(const Others&... others) const {
    (relate("reload_on", others), ...);
    return *this;
  }
};

/// Needs one of unless, creates or stamp, so that it does not run every time (not in rollback).
class Command : public ResourceOf<Command> {
 public:
  using ResourceOf::ResourceOf;
  Command argv(const Strings& program_and_arguments) const { return set("argv", program_and_arguments); }
  Command unless(const Strings& check_argv) const { return set("unless", check_argv); }
  Command creates(std::string_view path) const { return set("creates", path); }
  /// A digest of the inputs: run once for each value of it.
  Command stamp(std::string_view digest) const { return set("stamp", digest); }
  /// The same for inputs that hold secrets: what is made of them is never shown.
  Command stamp(const Secret& inputs) const { return set("stamp", inputs); }
  /// Run again when one of these, such as "sql:database shop", was made anew.
  Command anew_with(const Strings& resources) const { return set("anew_with", resources); }
  /// Has the same surroundings, but for secret variables: nothing secret is kept.
  Command undo(const Strings& undo_argv) const { return set("undo", undo_argv); }
  /// Every path that undo() takes away, so that it can be moved aside instead and come back.
  Command makes(const Strings& paths) const { return set("makes", paths); }
  Command irreversible(bool yes = true) const { return set("irreversible", yes); }
  Command user(std::string_view name) const { return set("user", name); }
  Command directory(std::string_view path) const { return set("directory", path); }
  Command environment(std::string_view name, std::string_view value) const {
    return put_entry("environment", name, value), self();
  }
  Command environment(std::string_view name, const Secret& value) const {
    return put_entry("environment", name, value), self();
  }
  /// Bytes for its standard input: the way to hand over a secret.
  Command input(std::string_view bytes) const { return set("stdin", bytes); }
  Command input(const Secret& bytes) const { return set("stdin", bytes); }
  Command timeout(double seconds) const { return put_seconds("timeout_ms", seconds), self(); }
};

/// Self-signed, with its key.
class Certificate : public OwnedOf<Certificate> {
 public:
  using OwnedOf::OwnedOf;
  Certificate key(std::string_view path) const { return set("key", path); }
  Certificate common_name(std::string_view name) const { return set("common_name", name); }
  /// organization, unit, country, state, locality or email.
  Certificate subject(std::string_view field, std::string_view text) const {
    return put_entry("subject", field, text), self();
  }
  /// DNS names and numeric addresses.
  Certificate names(const Strings& alternative) const { return set("names", alternative); }
  Certificate days(std::int64_t validity) const { return set("days", validity); }
  Certificate key_type(std::string_view type) const { return set("key_type", type); }
  Certificate key_mode(int bits) const { return set("key_mode", bits); }
};

/// A program or group that Supervisor runs.
class Program : public RemovableOf<Program> {
 public:
  using RemovableOf::RemovableOf;
  /// All its processes run; not said, supervisord does as its file says.
  Program running(bool yes = true) const { return set("running", yes); }
  Program socket(std::string_view path) const { return set("socket", path); }
  Program timeout(double seconds) const { return put_seconds("timeout_ms", seconds), self(); }
  /// A text that is left out when the end of its log is shown.
  Program hide(std::string_view name, const Secret& text) const { return put_entry("secrets", name, text), self(); }
  /// A signal, such as "HUP", on which it begins anew in the same process; without it, a reload is a restart.
  Program reload_signal(std::string_view name) const { return set("reload_signal", name); }
  /// A command that must succeed before that signal is sent. Run as root, without the program's variables.
  Program reload_check(const Strings& argv) const { return set("reload_check", argv); }
  /// When one of these changed, it is loaded anew if its files changed, and otherwise restarted.
  template <class... Others>
  Program restart_on(const Others&... others) const {
    (relate("restart_on", others), ...);
    return *this;
  }
  template <class... Others>
  Program reload_on(const Others&... others) const {
    (relate("reload_on", others), ...);
    return *this;
  }
};

class Sysctl : public ResourceOf<Sysctl> {
 public:
  using ResourceOf::ResourceOf;
  Sysctl value(std::string_view text) const { return set("value", text); }
};

/// What a service holds behind a REST interface with JSON.
class HttpObject : public RemovableOf<HttpObject> {
 public:
  using RemovableOf::RemovableOf;
  /// A JSON object with the fields that matter.
  HttpObject body(std::string_view json) const { return set("body", json); }
  HttpObject body(const Secret& json) const { return set("body", json); }
  /// What is sent instead, where that is more than what is compared.
  HttpObject send(std::string_view json) const { return set("send", json); }
  HttpObject send(const Secret& json) const { return set("send", json); }
  /// The URL is a collection's; the object is the member with this field, or with it in the field's list.
  HttpObject find(std::string_view field, std::string_view value) const {
    return put_entry("find", field, value), self();
  }
  /// The URL is that of one object, which is there when it has the fields of find(). It needs make_url().
  HttpObject single(bool yes = true) const { return set("single", yes); }
  HttpObject id_field(std::string_view name) const { return set("id_field", name); }
  /// JSON pointer to the object, or to the list of a collection, in what GET answers.
  HttpObject within(std::string_view pointer) const { return set("within", pointer); }
  /// GET has that field of the body by another name.
  HttpObject read_as(std::string_view field, std::string_view other) const {
    return put_entry("read_as", field, other), self();
  }
  /// Fields, at any depth, whose lists GET has in any order; their members have an "id".
  HttpObject unordered(const Strings& fields) const { return set("unordered", fields); }
  /// The object is an account whose password is kept as a salted SHA-256 in that field.
  HttpObject password(const Secret& text, std::string_view hash_field) const {
    return set("password", text), set("password_hash_field", hash_field);
  }
  HttpObject auth(std::string_view user, const Secret& password) const {
    return set("auth_user", user), set("auth_password", password);
  }
  HttpObject header(std::string_view name, std::string_view value) const {
    return put_entry("headers", name, value), self();
  }
  HttpObject header(std::string_view name, const Secret& value) const {
    return put_entry("headers", name, value), self();
  }
  HttpObject trust(std::string_view which) const { return set("trust", which); }
  /// The fields that a former object is put back with; all otherwise.
  HttpObject restore(const Strings& fields) const { return set("restore", fields); }
  /// Lists what the object holds; a rollback leaves one that is not empty.
  HttpObject data_url(std::string_view url) const { return set("data_url", url); }
  /// The same where the answer is no list, but has the number at this JSON pointer, and it may be some seconds old.
  HttpObject data_count(std::string_view url, std::string_view pointer, double age_seconds = 0) const {
    if (age_seconds > 0) put_seconds("data_age_ms", age_seconds);
    return set("data_url", url), set("data_count", pointer);
  }
  /// DELETE adds this to the URL; an answer 400, 409 or 412 that holds one of the texts leaves the object.
  HttpObject remove_unless(std::string_view query, const Strings& refusals) const {
    return set("remove_query", query), set("stays_when", refusals);
  }
  /// "{word}" stands, wherever the object is spoken of, for the id of the member of another collection that has this
  /// value in this field.
  HttpObject id(std::string_view word, std::string_view url, std::string_view within, std::string_view field,
                std::string_view value) const {
    return put_entry("ids", word,
                     "{\"url\":" + json_quoted(url) + ",\"within\":" + json_quoted(within) + ",\"find\":{" +
                         json_quoted(field) + ":" + json_quoted(value) + "}}"),
           self();
  }
  /// PUT says the member's id in what it sends, too.
  HttpObject puts_id(bool yes = true) const { return set("puts_id", yes); }
  /// POST there makes it.
  HttpObject make_url(std::string_view url) const { return set("make_url", url); }
  /// POST there takes it away.
  HttpObject remove_url(std::string_view url, std::string_view body = "{}") const {
    return set("remove_url", url), set("remove_body", body);
  }
  /// It cannot be taken away; the service forgets it when nothing refers to it.
  HttpObject stays(bool yes = true) const { return set("stays", yes); }
  /// The service's unit on this host: a rollback is complete only when it has answered, or is gone.
  HttpObject unit(std::string_view name) const { return set("unit", name); }
  /// The services of several hosts are one, and hold it together, as long as GET there succeeds. A host that leaves
  /// them leaves the object to the others.
  HttpObject member_url(std::string_view url) const { return set("member_url", url); }
  /// Another host of the component makes it.
  HttpObject joins(bool yes = true) const { return set("joins", yes); }
  /// It waits for the hosts that join it.
  HttpObject gathers(bool yes = true) const { return set("gathers", yes); }
  HttpObject wait(double seconds) const { return put_seconds("wait_ms", seconds), self(); }
};

/// What a PostgreSQL server on the host holds.
class Sql : public ResourceOf<Sql> {
 public:
  using ResourceOf::ResourceOf;
  /// A query with at most one row: state, statements that bring it back, and with password() the verifier there.
  Sql look(std::string_view query) const { return set("look", query); }
  Sql wanted(std::string_view state) const { return set("wanted", state); }
  /// Statements; "{verifier}" stands for a quoted verifier of password().
  Sql change(std::string_view statements) const { return set("change", statements); }
  Sql undo(std::string_view statements) const { return set("undo", statements); }
  Sql password(const Secret& text) const { return set("password", text); }
  /// The last column of look() tells it from another of the same name: see Command::anew_with.
  Sql identity(bool yes = true) const { return set("identity", yes); }
  /// The database that undo() drops, or change() without wanted().
  Sql dump(std::string_view database) const { return set("dump", database); }
  Sql database(std::string_view name) const { return set("database", name); }
  Sql programs(std::string_view directory) const { return set("programs", directory); }
  Sql user(std::string_view name) const { return set("user", name); }
  Sql port(std::int64_t number) const { return set("port", number); }
  Sql unit(std::string_view name) const { return set("unit", name); }
};

/// The replica set of a MongoDB server on the host. A rollback leaves it in the server's data.
class MongodbReplicaSet : public ResourceOf<MongodbReplicaSet> {
 public:
  using ResourceOf::ResourceOf;
  /// HOST:PORT each, as they reach each other.
  MongodbReplicaSet members(const Strings& names) const { return set("members", names); }
  /// It is made when those that join have come so far.
  MongodbReplicaSet gathers(bool yes = true) const { return set("gathers", yes); }
  /// Another member makes it.
  MongodbReplicaSet joins(bool yes = true) const { return set("joins", yes); }
  MongodbReplicaSet admin(std::string_view user, const Secret& password) const {
    return set("admin_user", user), set("admin_password", password);
  }
  MongodbReplicaSet host(std::string_view address) const { return set("host", address); }
  MongodbReplicaSet port(std::int64_t number) const { return set("port", number); }
  /// It is asked over TLS, on a loopback address whatever its certificate.
  MongodbReplicaSet tls(bool yes = true) const { return set("tls", yes); }
  /// Path on the host of what the certificates of other members must come from; with it they are asked over TLS.
  MongodbReplicaSet ca(std::string_view path) const { return set("ca", path); }
  MongodbReplicaSet wait(double seconds) const { return put_seconds("wait_ms", seconds), self(); }
};

/// An account in a MongoDB server on the host.
class MongodbUser : public ResourceOf<MongodbUser> {
 public:
  using ResourceOf::ResourceOf;
  MongodbUser absent() const { return set("ensure", "absent"); }
  MongodbUser password(const Secret& text) const { return set("password", text); }
  /// Each ROLE@DATABASE.
  MongodbUser roles(const Strings& names) const { return set("roles", names); }
  MongodbUser admin(std::string_view user, const Secret& password) const {
    return set("admin_user", user), set("admin_password", password);
  }
  MongodbUser host(std::string_view address) const { return set("host", address); }
  MongodbUser port(std::int64_t number) const { return set("port", number); }
  /// It is asked over TLS, on a loopback address whatever its certificate.
  MongodbUser tls(bool yes = true) const { return set("tls", yes); }
  /// Path on the host of what the certificates of other members must come from; with it they are asked over TLS.
  MongodbUser ca(std::string_view path) const { return set("ca", path); }
  /// HOST:PORT each, of the replica set that it is an account of.
  MongodbUser members(const Strings& names) const { return set("members", names); }
  /// Another host of the component makes it.
  MongodbUser joins(bool yes = true) const { return set("joins", yes); }
  MongodbUser unit(std::string_view name) const { return set("unit", name); }
  MongodbUser wait(double seconds) const { return put_seconds("wait_ms", seconds), self(); }
};

}  // namespace wright

// Declares every attribute of every kind, so that a name that differs from the tables of core/model is found.
#include <wright/plugin.hpp>

namespace {

struct EveryKind : wright::Plugin {
  static constexpr auto about = wright::about("every_kind", "1.0.0", "Everything there is to declare");

  void install(wright::Install& on, const Config&) {
    on.package("nginx").version("1.22").recommends().environment("NGINX_DEMO", "0").random_environment({"NGINX_TOKEN"});
    on.package("apache2").absent();
    on.user("app")
        .uid(900)
        .system()
        .home("/srv/app")
        .create_home()
        .shell("/bin/sh")
        .group("app")
        .groups({"adm"})
        .comment("App");
    on.group("app").gid(900).system();
  }

  void configure(wright::Configure& on, const Config&) {
    auto conf = on.file("/etc/app.conf").mode(0640).owner("app", "adm").content(wright::Secret("token"));
    auto folder = on.directory("/srv/app").mode(0755).owner("app").group("app").data();
    on.file("/etc/app/tree.conf")
        .mode(0644)
        .content("x")
        .validate({"/usr/sbin/app", "-t"})
        .validate_tree("/etc/app")
        .after(conf, folder);
    on.file("/etc/gone").absent();
    on.symlink("/etc/link").target("/etc/app.conf");
    on.service("app").enabled().running().stable(2).timeout(30.5).restart_on(conf, "package:nginx").reload_on(folder);
    on.command("migrate")
        .argv({"/usr/bin/app", "migrate"})
        .unless({"/usr/bin/app", "check"})
        .creates("/srv/app/done")
        .stamp("v1")
        .undo({"/usr/bin/app", "back"})
        .makes({"/srv/app/made"})
        .irreversible(false)
        .user("app")
        .directory("/srv/app")
        .environment("A", "1")
        .environment("TOKEN", wright::Secret("token"))
        .input(wright::Secret("token"))
        .timeout(60);
    on.command("fill").argv({"/usr/bin/app", "fill"}).stamp("v1").anew_with({"sql:role app"});
    on.certificate("/etc/app.pem")
        .key("/etc/app.key")
        .common_name("app")
        .names({"app", "127.0.0.1"})
        .subject("organization", "Apps")
        .days(90)
        .key_type("ecdsa-p256")
        .mode(0644)
        .key_mode(0600)
        .owner("root", "adm");
    on.program("app")
        .running()
        .socket("/run/supervisor.sock")
        .timeout(30)
        .hide("TOKEN", wright::Secret("token"))
        .reload_signal("HUP")
        .reload_check({"/usr/bin/app", "check"})
        .restart_on(conf)
        .reload_on(folder);
    on.program("gone").absent();
    on.sysctl("net.core.somaxconn").value("4096");
    on.http("https://127.0.0.1/users#app")
        .body("{}")
        .find("name", "app")
        .id_field("id")
        .within("/users")
        .read_as("name", "user")
        .password(wright::Secret("password"), "hash")
        .auth("admin", wright::Secret("password"))
        .header("X-Requested-By", "wright")
        .trust("any")
        .restore({"name"})
        .data_count("https://127.0.0.1/queues", "/messages", 6)
        .unordered({"members"})
        .single()
        .remove_unless("if-unused=true", {"in use"})
        .send("{}")
        .id("group", "https://127.0.0.1/groups", "/groups", "name", "apps")
        .puts_id()
        .make_url("https://127.0.0.1/groups/{group}/users")
        .remove_url("https://127.0.0.1/groups/{group}/remove", "{}")
        .stays(false)
        .unit("shop")
        .member_url("http://127.0.0.1/members#1")
        .joins()
        .gathers()
        .wait(10);
    on.sql("role app")
        .look("SELECT 'LOGIN', '', rolpassword FROM pg_authid WHERE rolname = 'app'")
        .wanted("LOGIN")
        .change("ALTER ROLE app LOGIN PASSWORD {verifier};")
        .undo("DROP ROLE IF EXISTS app;")
        .password(wright::Secret("password"))
        .identity()
        .dump("app")
        .database("app")
        .programs("/usr/lib/postgresql/15/bin")
        .user("postgres")
        .port(5432)
        .unit("postgresql@15-main");
    on.mongodb_replica_set("rs")
        .members({"127.0.0.1:27017"})
        .gathers(false)
        .joins()
        .admin("root", wright::Secret("password"))
        .host("127.0.0.1")
        .port(27017)
        .tls()
        .ca("/etc/ssl/ca.pem")
        .wait(10);
    on.mongodb_user("app.writer")
        .password(wright::Secret("password"))
        .roles({"readWrite@app"})
        .admin("root", wright::Secret("password"))
        .host("127.0.0.1")
        .port(27017)
        .tls()
        .ca("/etc/ssl/ca.pem")
        .members({"192.0.2.1:27017"})
        .joins()
        .unit("mongod")
        .wait(10);
    on.mongodb_user("app.old").absent();
  }

  void verify(wright::Verify& on, const Config&) {
    on.tcp("127.0.0.1", 80).send("x").expect("y").ready().deadline(2.5).from_controller();
    on.socket("/run/app.sock");
    on.login();
    on.tls("127.0.0.1", 443).server_name("app").min_days(5).min_version("1.3").trust("any");
    on.http("https://app/")
        .address("127.0.0.1")
        .method("POST")
        .header("A", "1")
        .header("Authorization", wright::Secret("token"))
        .body("b")
        .status(201)
        .contains("c")
        .header_contains("Server", "app")
        .trust("any")
        .named("the page");
    on.check_command({"/usr/bin/app", "ping"}).user("app").input("i").environment("A", "1").exit(3).contains("pong");
    on.program("app").processes(2).up(5).socket("/run/supervisor.sock").hide("TOKEN", wright::Secret("token"));
    on.mongodb("127.0.0.1", 27017)
        .login("app", wright::Secret("p"))
        .login_database("app")
        .database("app")
        .replica_set("rs")
        .tls()
        .login_only()
        .refused();
    on.file_check("/etc/app.conf").exists().mode(0640).contains("t");
  }

  void rollback(wright::Rollback& on, const Config&) { on.command("drain").argv({"/usr/bin/app", "drain"}); }
};

}  // namespace

WRIGHT_PLUGIN(EveryKind)

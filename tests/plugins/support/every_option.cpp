// Options of every type; configure exports what it was given, and asks for facts when told to.
#include <wright/plugin.hpp>

namespace {

struct EveryOption : wright::Plugin {
  static constexpr auto about = wright::about("every_option", "2.1.0", "Options of every type");

  struct Tls {
    bool enabled = true;
    std::string mode = "modern";
    static constexpr auto options =
        wright::options(wright::option("enabled", &Tls::enabled, "Speaks TLS."),
                        wright::option("mode", &Tls::mode, "How.").choices({"modern", "old"}));
  };
  struct Site {
    std::string name;
    std::vector<std::string> names = {"localhost"};
    Tls tls;
    std::optional<std::uint16_t> port;
    static constexpr auto options =
        wright::options(wright::option("name", &Site::name, "Its name.").required(),
                        wright::option("names", &Site::names, "Its host names."),
                        wright::option("tls", &Site::tls, "TLS."), wright::option("port", &Site::port, "Its port."));
  };
  struct Config {
    std::string text = "a \"quoted\" \\ line\n";
    std::uint16_t port = 8080;
    std::int64_t offset = -5;
    double share = 1;
    bool on = true;
    wright::Secret password;
    std::vector<std::uint8_t> bytes = {1, 2};
    std::map<std::string, std::string> environment = {{"LANG", "C"}};
    std::map<std::string, Tls> by_name;
    std::vector<Site> sites;
    Tls tls;
    std::optional<std::string> maybe;
    std::vector<std::string> facts;
    std::string misbehave;
  };
  static constexpr auto options = wright::options(
      wright::option("text", &Config::text, "A text."), wright::option("port", &Config::port, "A port.").min(1),
      wright::option("offset", &Config::offset, "An integer."),
      wright::option("share", &Config::share, "A number.").range(0, 1), wright::option("on", &Config::on, "A boolean."),
      wright::option("password", &Config::password, "A secret."),
      wright::option("bytes", &Config::bytes, "Small numbers."),
      wright::option("environment", &Config::environment, "Texts by name."),
      wright::option("by_name", &Config::by_name, "Tables by name."),
      wright::option("sites", &Config::sites, "Tables."), wright::option("tls", &Config::tls, "A table."),
      wright::option("maybe", &Config::maybe, "A text or nothing."),
      wright::option("facts", &Config::facts, "Facts to ask for, one after the other."),
      wright::option("misbehave", &Config::misbehave, "What to do wrong.")
          .choices("", "throw", "throw_int", "errors", "template", "kinds"));

  void configure(wright::Configure& on, const Config& c) {
    misbehave(on, c.misbehave);
    for (const auto& name : c.facts) on.export_value("fact." + name, on.fact(name).text_or("(absent)"));
    on.export_value("text", c.text);
    on.export_value("port", c.port);
    on.export_value("offset", c.offset);
    on.export_value("share", wright::format("{}", c.share));
    on.export_value("on", c.on);
    on.export_value("url", wright::format_secret("https://app:{}@{}:{}/", c.password, on.host(), c.port));
    on.export_value("environment", c.environment.at("LANG"));
    on.export_value("bytes", c.bytes.size());
    on.export_value("maybe", c.maybe.value_or("nothing"));
    std::vector<std::string> names;
    for (const auto& site : c.sites)
      names.push_back(wright::format("{}/{}/{}", site.name, site.tls.mode, site.port.value_or(0)));
    on.export_value("sites", names);
    on.warning("text", "is only a test");
  }

  void verify(wright::Verify&, const Config&) {}

  static void misbehave(wright::Configure& on, const std::string& how) {
    if (how == "throw") throw std::runtime_error("boom");
    if (how == "throw_int") throw 42;
    if (how == "template")
      on.file("/etc/x").mode(0644).content(wright::render("{{known}} {{unknown}}", {{"known", 1}}));
    if (how == "errors") {
      on.error("sites[0].name", "is bad", "because");
      on.error("port", "is bad too");
    }
    if (how == "kinds") {
      on.file("relative").mode(010000);
      on.file("/etc/twice").mode(0644).content("a");
      on.file("/etc/twice").mode(0644).content("b");
      on.service("app").after("nonsense");
    }
  }
};

}  // namespace

WRIGHT_PLUGIN(EveryOption)

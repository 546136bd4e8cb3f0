#include <templates/example.hpp>

#include <wright/check.hpp>
#include <wright/plugin.hpp>

struct Example : wright::Plugin {
  static constexpr auto about = wright::about("example", "0.1.0", "A page over HTTP, as an example of a plugin");

  struct Config {
    std::string listen = "127.0.0.1";
    std::uint16_t port = 8080;
    std::optional<std::string> greeting;
  };
  static constexpr auto options = wright::options(
      wright::option("listen", &Config::listen, "Numeric address to listen on."),
      wright::option("port", &Config::port, "TCP port.").min(1024),
      wright::option("greeting", &Config::greeting, "What the page says; the host's name when not given."));

  void install(wright::Install& on, const Config&) { on.package("python3"); }

  void configure(wright::Configure& on, const Config& c) {
    if (!wright::is_word(c.listen)) on.error("listen", "must be an address");
    const std::string greeting = c.greeting ? *c.greeting : wright::format("Hello from {}", on.fact("hostname").text());
    on.directory("/srv/example").mode(0755);
    on.file("/srv/example/index.html").mode(0644).content(greeting + "\n");
    auto unit = on.file("/etc/systemd/system/example.service")
                    .mode(0644)
                    .content(wright::render(templates::example_service, {{"listen", c.listen}, {"port", c.port}}));
    on.service("example").enabled().running().restart_on(unit);
    on.export_value("url", wright::format("http://{}:{}/", on.address(), c.port));
  }

  void verify(wright::Verify& on, const Config& c) {
    on.tcp(c.listen, c.port).ready();
    auto page = on.http(wright::format("http://{}:{}/", c.listen, c.port)).status(200);
    if (c.greeting) page.contains(*c.greeting);
  }
};
WRIGHT_PLUGIN(Example)

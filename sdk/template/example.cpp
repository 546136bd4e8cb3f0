#include <templates/example.hpp>

#include <wright/plugin.hpp>

struct Example : wright::Plugin {
  static constexpr auto about = wright::about("example", "0.1.0", "What it is, in a few words");

  struct Config {
    std::string listen = "127.0.0.1";
    std::uint16_t port = 8080;
    std::optional<std::uint32_t> workers;
  };
  static constexpr auto options = wright::options(
      wright::option("listen", &Config::listen, "Numeric address to listen on."),
      wright::option("port", &Config::port, "TCP port.").min(1),
      wright::option("workers", &Config::workers, "Worker processes; one a CPU when not given.").range(1, 1024));

  void install(wright::Install& on, const Config&) { on.package("example"); }

  void configure(wright::Configure& on, const Config& c) {
    const std::int64_t workers = c.workers ? *c.workers : on.fact("cpus").integer();
    auto conf = on.file("/etc/example.conf")
                    .mode(0644)
                    .content(wright::render(templates::example_conf,
                                            {{"listen", c.listen}, {"port", c.port}, {"workers", workers}}));
    on.service("example").enabled().running().restart_on(conf);
    on.export_value("url", wright::format("http://{}:{}/", on.address(), c.port));
  }

  void verify(wright::Verify& on, const Config& c) {
    on.tcp(c.listen, c.port).ready();
    on.http(wright::format("http://{}:{}/", c.listen, c.port)).status(200);
  }
};
WRIGHT_PLUGIN(Example)

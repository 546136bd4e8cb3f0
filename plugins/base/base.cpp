#include "parts.hpp"

namespace {

struct Base : wright::Plugin {
  static constexpr auto about = wright::about(
      "base", "1.0.0", "Packages, clock, locales, swap, kernel settings, sshd, logs, bans, upgrades and firewall");

  using Config = base::Config;
  static constexpr auto options = base::config_options;

  void install(wright::Install& on, const Config& c) {
    base::install_packages(on, c);
    base::install_clock(on, c);
    base::install_locales(on, c);
    base::install_logrotate(on, c.logrotate);
    base::install_fail2ban(on, c.fail2ban);
    base::install_upgrades(on, c.unattended_upgrades);
    base::install_firewall(on, c.firewall);
  }

  void configure(wright::Configure& on, const Config& c) {
    base::configure_clock(on, c);
    base::configure_locales(on, c);
    base::configure_swap(on, c);
    base::configure_kernel(on, c);
    base::configure_sshd(on, c.sshd);
    base::configure_logrotate(on, c.logrotate);
    base::configure_fail2ban(on, c);
    base::configure_upgrades(on, c.unattended_upgrades);
    base::configure_firewall(on, c.firewall);
  }

  void verify(wright::Verify& on, const Config& c) {
    base::verify_packages(on, c);
    base::verify_clock(on, c);
    base::verify_locales(on, c);
    base::verify_swap(on, c);
    base::verify_kernel(on, c);
    base::verify_sshd(on, c.sshd);
    base::verify_logrotate(on, c.logrotate);
    base::verify_fail2ban(on, c.fail2ban);
    base::verify_upgrades(on, c.unattended_upgrades);
    base::verify_firewall(on, c.firewall);
  }
};

}  // namespace

WRIGHT_PLUGIN(Base)

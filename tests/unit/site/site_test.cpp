#include "site/site.hpp"

#include <gmock/gmock.h>

#include "unit/site/problems.hpp"

namespace wright {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Site good(const std::string& text, Diagnostics* warnings = nullptr) {
  Diagnostics own;
  auto site = parse_site(text, "/srv/shop/site.toml", {}, warnings == nullptr ? own : *warnings);
  EXPECT_TRUE(site) << to_text(site.error());
  return site ? std::move(*site) : Site();
}

std::vector<std::string> names(const Site& site) {
  std::vector<std::string> out;
  for (const auto& component : site.components) out.push_back(component.name);
  return out;
}

constexpr const char* stack = R"([site]
name = "shop"
secrets = "secrets.toml"

[hosts.master]
address = "192.0.2.10"
[hosts.crafter2]
address = "fe80::1"
groups = ["crafters", "all"]
[hosts.crafter1]
address = "c1.example.org"
port = 2222
user = "deploy"
key = "keys/id"
groups = ["crafters"]

[components.nginx]
hosts = ["master"]
after = ["workers"]
sites = [{ name = "a" }, { name = "b", upstream = "${django.socket}" }]
[components.workers]
plugin = "celery"
hosts = ["crafters", "crafter2", "all"]
requires = ["django"]
[components.django]
hosts = "master"
url = "postgres://${secret.user}:${secret.password}@${postgresql.address}"
peers = ["${hosts.crafters.address}/32"]
ratio = 0.5
[components.postgresql]
hosts = "master"
)";

TEST(Site, ReadsItsFormerNames) {
  EXPECT_THAT(good("[site]\nname = \"shop\"\nformerly = \"store\"\n").formerly, ElementsAre("store"));
  EXPECT_THAT(good("[site]\nname = \"shop\"\nformerly = [\"a\", \"b\"]\n").formerly, ElementsAre("a", "b"));
}

TEST(Site, ReadsHostsWithTheirDefaults) {
  const Site site = good(stack);
  EXPECT_EQ(site.name, "shop");
  EXPECT_EQ(site.folder, "/srv/shop");
  EXPECT_EQ(site.secrets, "/srv/shop/secrets.toml");
  ASSERT_EQ(site.hosts.size(), 3U);
  EXPECT_EQ(site.hosts[0].name, "master");
  EXPECT_EQ(site.hosts[0].port, 22);
  EXPECT_EQ(site.hosts[0].user, "root");
  EXPECT_EQ(site.hosts[0].key, "");
  EXPECT_EQ(site.hosts[1].address, "fe80::1");
  EXPECT_EQ(site.hosts[2].port, 2222);
  EXPECT_EQ(site.hosts[2].user, "deploy");
  EXPECT_EQ(site.hosts[2].key, "/srv/shop/keys/id");
  EXPECT_EQ(site.hosts[2].position.line, 10U);
  EXPECT_THAT(site.hosts_in_group("crafters"), ElementsAre("crafter2", "crafter1"));
  EXPECT_THAT(site.hosts_in_group("nobody"), IsEmpty());
  EXPECT_EQ(site.host("crafter1"), &site.hosts[2]);
  EXPECT_EQ(site.host("crafter3"), nullptr);
}

TEST(Site, PutsComponentsInDependencyOrder) {
  EXPECT_THAT(names(good(stack)), ElementsAre("postgresql", "django", "workers", "nginx"));
  EXPECT_THAT(names(good(base_site + "[components.c]\n[components.a]\n[components.b]\nafter = [\"c\"]\n")),
              ElementsAre("c", "a", "b"));
}

TEST(Site, MakesReferencesRequirementsButAfterNone) {
  const Site site = good(stack);
  EXPECT_THAT(site.component("django")->requires_, ElementsAre("postgresql"));
  EXPECT_THAT(site.component("nginx")->requires_, ElementsAre("django"));
  EXPECT_THAT(site.component("nginx")->after, ElementsAre("workers"));
  EXPECT_THAT(site.component("workers")->requires_, ElementsAre("django"));
}

TEST(Site, ExpandsGroupsOnceInTheOrderOfTheFile) {
  const Site site = good(stack);
  EXPECT_THAT(site.component("workers")->hosts, ElementsAre("crafter2", "crafter1"));
  EXPECT_THAT(site.component("django")->hosts, ElementsAre("master"));
}

TEST(Site, TakesTheOnlyHostWhenNoneIsNamed) {
  EXPECT_THAT(good(base_site + "[components.nginx]\n").components[0].hosts, ElementsAre("web"));
}

TEST(Site, KeepsOptionsWithTheirTypesAndReferences) {
  const Site site = good(stack);
  const Value options(site.component("django")->options);
  EXPECT_EQ(options["url"].text_or(""), "postgres://${secret.user}:${secret.password}@${postgresql.address}");
  ASSERT_NE(options["ratio"].as_double(), nullptr);
  EXPECT_DOUBLE_EQ(*options["ratio"].as_double(), 0.5);
  EXPECT_TRUE(options["hosts"].is_null());
  EXPECT_EQ(site.component("workers")->plugin, "celery");
  EXPECT_EQ(site.component("django")->plugin, "django");
  EXPECT_THAT(site.secret_names, ElementsAre("password", "user"));
}

TEST(Site, TellsWhereAnOptionStands) {
  const Site site = good(stack);
  const auto& nginx = *site.component("nginx");
  EXPECT_EQ(where_in(site, nginx, "sites[1].upstream"), "/srv/shop/site.toml:20:40");
  EXPECT_EQ(where_in(site, nginx, "sites[1]"), "/srv/shop/site.toml:20:26");
  EXPECT_EQ(where_in(site, nginx, "sites[1].tls.key[3]"), "/srv/shop/site.toml:20:26");
  EXPECT_EQ(where_in(site, nginx, "sites"), "/srv/shop/site.toml:20:1");
  EXPECT_EQ(where_in(site, nginx, "worker_processes"), "/srv/shop/site.toml:17:13");
  EXPECT_EQ(where_in(site, nginx, "plugin"), "/srv/shop/site.toml:17:13");
  EXPECT_EQ(where_in(site, nginx, ""), "/srv/shop/site.toml:17:13");
}

TEST(Site, ColumnsCountCharactersNotBytes) {
  const Site site = good(base_site + "[components.nginx]\nx = { \"ключ\" = 1, y = 2 }\n");
  EXPECT_EQ(where_in(site, site.components[0], "y"), "/srv/shop/site.toml:6:13");
  EXPECT_EQ(where_in(site, site.components[0], "x.y"), "/srv/shop/site.toml:7:19");
}

TEST(Site, WarnsOfIdleHostsAndRepeatedNames) {
  Diagnostics warnings;
  good(base_site +
           "[hosts.idle]\naddress = \"a\"\n[hosts.asked]\naddress = \"b\"\n[components.x]\nhosts = \"web\"\n"
           "y = \"${hosts.asked.address}\"\n[components.z]\nhosts = \"front\"\nrequires = [\"x\", \"x\"]\n",
       &warnings);
  ASSERT_EQ(warnings.items().size(), 2U) << to_text(warnings);
  EXPECT_FALSE(warnings.has_errors());
  EXPECT_EQ(warnings.items()[0].where, "/srv/shop/site.toml:6:8");
  EXPECT_THAT(warnings.items()[0].what, HasSubstr("no component is on host \"idle\""));
  EXPECT_EQ(warnings.items()[1].where, "/srv/shop/site.toml:15:18");
}

TEST(Site, MayHaveNoComponentAtAll) { EXPECT_THAT(good(base_site).components, IsEmpty()); }

TEST(LoadSite, NamesAFileThatCannotBeRead) {
  Diagnostics warnings;
  const auto none = load_site("/nonexistent/site.toml", {}, warnings);
  ASSERT_FALSE(none);
  EXPECT_EQ(to_text(none.error()),
            "/nonexistent/site.toml: error: cannot be opened: No such file or directory\n"
            "    next: name the site file with --site FILE, or go to the folder that has site.toml");
  EXPECT_EQ(none.error().items()[0].fault, Fault::bad_site);
  const auto folder = load_site("/tmp", {}, warnings);
  ASSERT_FALSE(folder);
  EXPECT_EQ(folder.error().items()[0].what, "is a folder");
  const auto device = load_site("/dev/zero", {}, warnings);
  ASSERT_FALSE(device);
  EXPECT_EQ(device.error().items()[0].what, "is not a regular file");
}

}  // namespace
}  // namespace wright

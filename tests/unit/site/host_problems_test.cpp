#include "unit/site/problems.hpp"

namespace wright {
namespace {

class HostProblems : public ::testing::TestWithParam<Case> {};

TEST_P(HostProblems, AreAllToldAtTheirPlace) {
  EXPECT_THAT(problems_of(GetParam().text), ::testing::ElementsAreArray(GetParam().problems));
}

const std::string site = "[site]\nname = \"shop\"\n";  // lines 1 and 2
const std::string grammar = R"(letters, digits, ".", "_", ":" and "-", not starting with "-")";

const Case cases[] = {
    {"NoSiteTable",
     "[hosts.web]\naddress = \"a\"\n",
     {"1:1 the table [site] is missing | add [site] with name = \"...\""}},
    {"NoSiteName", "\n[site]\n", {"2:2 [site] has no name | add name = \"...\""}},
    {"SiteIsNoTable", "site = 3\n", {"1:1 [site] must be a table, not an integer"}},
    {"SiteNameIsNoText", "[site]\nname = true\n", {"2:1 \"name\" must be a string, not a boolean"}},
    {"SiteNameWithSlash",
     "[site]\nname = \"a/b\"\n",
     {R"(2:1 "a/b" is no name of a site: letters, digits, ".", "_", ":" and "-")"}},
    {"FormerNameWithSlash",
     "[site]\nname = \"shop\"\nformerly = [\"b\", \"a/b\"]\n",
     {R"(3:18 "a/b" is no name of a site: letters, digits, ".", "_", ":" and "-")"}},
    {"UnknownSiteKey",
     "[site]\nname = \"shop\"\n  secert = \"x\"\n",
     {"3:3 unknown key \"secert\" in [site] | did you mean \"secrets\"?"}},
    {"EmptySecrets", "[site]\nname = \"shop\"\nsecrets = \"\"\n", {"3:1 \"secrets\" must be the path of a file"}},
    {"UnknownTable", site + "[host.web]\naddress = \"a\"\n", {"3:2 unknown table [host] | did you mean \"hosts\"?"}},
    {"UnknownTopKey",
     "name = \"x\"\n" + site,
     {"1:1 unknown key \"name\" at the top | known: site, hosts, components"}},
    {"ListOfHosts", site + "[[hosts]]\naddress = \"a\"\n", {"3:3 [hosts] must be a table, not a list"}},
    {"HostIsNoTable", site + "[hosts]\nweb = \"192.0.2.1\"\n", {"4:1 host \"web\" must be a table, not a string"}},
    {"BadHostName",
     site + "[hosts.\"Web 1\"]\naddress = \"a\"\n",
     {R"(3:8 "Web 1" is no name of a host: small letters, digits, "_" and "-")"}},
    {"NoAddress",
     site + "[hosts.web]\nport = 22\n",
     {R"(3:8 host "web" has no address | add address = "a name or numeric address", or "local" for this machine)"}},
    {"UnknownHostKey",
     site + "[hosts.web]\naddress = \"a\"\nadress = \"b\"\n",
     {"5:1 unknown key \"adress\" in [hosts.web] | did you mean \"address\"?"}},
    {"AddressIsAnOption",
     site + "[hosts.web]\naddress = \"-oProxyCommand=x\"\n",
     {"4:1 \"-oProxyCommand=x\" is no address: " + grammar}},
    {"AddressWithNewline", site + "[hosts.web]\naddress = \"a\\nb\"\n", {"4:1 \"a\nb\" is no address: " + grammar}},
    {"AddressWithPercent", site + "[hosts.web]\naddress = \"%h\"\n", {"4:1 \"%h\" is no address: " + grammar}},
    {"EmptyAddress", site + "[hosts.web]\naddress = \"\"\n", {"4:1 \"\" is no address: " + grammar}},
    {"UserWithShell",
     site + "[hosts.web]\naddress = \"a\"\nuser = \"$(id)\"\n",
     {"5:1 \"$(id)\" is no user name: " + grammar}},
    {"PortZero", site + "[hosts.web]\naddress = \"a\"\nport = 0\n", {"5:1 \"port\" must be from 1 to 65535, not 0"}},
    {"PortTooLarge",
     site + "[hosts.web]\naddress = \"a\"\nport = 65536\n",
     {"5:1 \"port\" must be from 1 to 65535, not 65536"}},
    {"PortIsText",
     site + "[hosts.web]\naddress = \"a\"\nport = \"22\"\n",
     {"5:1 \"port\" must be an integer, not a string"}},
    {"PortIsFraction",
     site + "[hosts.web]\naddress = \"a\"\nport = 22.0\n",
     {"5:1 \"port\" must be an integer, not a number"}},
    {"EmptyKey",
     site + "[hosts.web]\naddress = \"a\"\nkey = \"\"\n",
     {"5:1 \"key\" must be the path of a private key"}},
    {"GroupsOfNumbers",
     site + "[hosts.web]\naddress = \"a\"\ngroups = [\"a\",\n  7]\n",
     {"6:3 \"groups\" must be a list of strings; this is an integer"}},
    {"GroupsAreATable",
     site + "[hosts.web]\naddress = \"a\"\ngroups = {}\n",
     {"5:1 \"groups\" must be a list of strings, not a table"}},
    {"BadGroupName",
     site + "[hosts.web]\naddress = \"a\"\ngroups = [\"Front\"]\n",
     {R"(5:11 "Front" is no name of a group: small letters, digits, "_" and "-")"}},
    {"GroupTwice",
     site + "[hosts.web]\naddress = \"a\"\ngroups = [\"a\", \"b\", \"a\"]\n",
     {"5:21 group \"a\" stands twice"}},
    {"GroupLikeAHost",
     site + "[hosts.web]\naddress = \"a\"\n[hosts.db]\naddress = \"b\"\ngroups = [\"web\"]\n",
     {"7:11 group \"web\" has the name of a host"}},
    {"SameAddressTwice",
     site + "[hosts.web]\naddress = \"Host\"\n[hosts.db]\naddress = \"hosT\"\n",
     {R"(5:8 hosts "web" and "db" have the same address hosT port 22)"}},
    {"LocalTwice",
     site + "[hosts.web]\naddress = \"local\"\n[hosts.db]\naddress = \"local\"\nport = 23\n",
     {R"(5:8 hosts "web" and "db" have the same address local)"}},
    {"Date",
     site + "[hosts.web]\naddress = 2024-01-01\n",
     {"4:1 dates and times have no meaning here | write it as a string, in quotes"}},
};

INSTANTIATE_TEST_SUITE_P(Each, HostProblems, ::testing::ValuesIn(cases), name_of_case);

TEST(HostProblems, SeveralInOneFileAreToldInItsOrder) {
  EXPECT_THAT(
      problems_of("[sit]\n"
                  "[hosts.web]\n"
                  "port = 99999\n"
                  "user = 5\n"
                  "\n"
                  "[hosts.-db]\n"
                  "address = \"a b\"\n"),
      ::testing::ElementsAre(
          "1:1 the table [site] is missing | add [site] with name = \"...\"",
          "1:2 unknown table [sit] | did you mean \"site\"?",
          R"(2:8 host "web" has no address | add address = "a name or numeric address", or "local" for this machine)",
          "3:1 \"port\" must be from 1 to 65535, not 99999", "4:1 \"user\" must be a string, not an integer",
          R"(6:8 "-db" is no name of a host: small letters, digits, "_" and "-")",
          "7:1 \"a b\" is no address: " + grammar));
}

TEST(HostProblems, TheSameAddressWithAnotherPortIsAnotherHost) {
  EXPECT_THAT(problems_of(site + "[hosts.a]\naddress = \"h\"\n[hosts.b]\naddress = \"h\"\nport = 2222\n"),
              ::testing::IsEmpty());
}

}  // namespace
}  // namespace wright

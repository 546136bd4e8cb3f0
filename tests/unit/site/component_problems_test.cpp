#include "unit/site/problems.hpp"

namespace wright {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ComponentProblems : public ::testing::TestWithParam<Case> {};

TEST_P(ComponentProblems, AreAllToldAtTheirPlace) {
  EXPECT_THAT(problems_of(base_site + GetParam().text, {"nginx", "memcached", "redis"}),
              ElementsAreArray(GetParam().problems));
}

const std::string db_host = "[hosts.db]\naddress = \"192.0.2.2\"\n";  // lines 6 and 7 when first
const std::string how_to_write =
    " | write ${secret.NAME}, ${file.PATH}, ${host.FACT}, ${hosts.NAME.FACT} or ${COMPONENT.EXPORT}; $${ stands for a "
    "plain ${";

// The text of each case begins in line 6.
const Case cases[] = {
    {"NoTable", "[components]\nnginx = 1\n", {"7:1 component \"nginx\" must be a table, not an integer"}},
    {"BadName",
     "[components.Nginx]\nplugin = \"nginx\"\n",
     {R"(6:13 "Nginx" is no name of a component: small letters, digits, "_" and "-")"}},
    {"ReservedName",
     "[components.hosts]\nplugin = \"nginx\"\n",
     {"6:13 no component can be named \"hosts\": ${hosts.…} means something else"}},
    {"UnknownPlugin", "[components.ngnix]\n", {"6:13 unknown plugin \"ngnix\" | did you mean \"nginx\"?"}},
    {"UnknownPluginGiven",
     "[components.cache]\nplugin = \"zzz\"\n",
     {"7:1 unknown plugin \"zzz\" | known: nginx, memcached, redis"}},
    {"PluginIsAPath",
     "[components.cache]\nplugin = \"../x\"\n",
     {R"(7:1 "../x" is no name of a plugin: small letters, digits, "_" and "-")"}},
    {"PluginIsNoText", "[components.redis]\nplugin = []\n", {"7:1 \"plugin\" must be a string, not a list"}},
    {"UnknownHost",
     "[components.nginx]\nhosts = [\"web\", \"wbe\"]\n",
     {"7:17 unknown host or group \"wbe\" | did you mean \"web\"?"}},
    {"UnknownGroup",
     "[components.nginx]\nhosts = \"frnt\"\n",
     {"7:1 unknown host or group \"frnt\" | did you mean \"front\"?"}},
    {"HostTwice", "[components.nginx]\nhosts = [\"web\", \"web\"]\n", {"7:17 \"web\" stands twice in \"hosts\""}},
    {"NoHosts", "[components.nginx]\nhosts = []\n", {"7:1 component \"nginx\" is on no host: \"hosts\" is empty"}},
    {"HostsAreNumbers", "[components.nginx]\nhosts = 4\n", {"7:1 \"hosts\" must be a list of strings, not an integer"}},
    {"WhichHost",
     db_host + "[components.nginx]\n",
     {"8:13 component \"nginx\" does not say on which host | add hosts = [...] with hosts or groups; known: web, db, "
      "front"}},
    {"RequiresUnknown",
     "[components.nginx]\nrequires = [\"reddis\"]\n[components.redis]\n",
     {"7:13 unknown component \"reddis\" in \"requires\" | did you mean \"redis\"?"}},
    {"AfterUnknown",
     "[components.nginx]\nafter = \"x\"\n",
     {"7:1 unknown component \"x\" in \"after\" | known: nginx"}},
    {"RequiresItself",
     "[components.nginx]\nrequires = [\"nginx\"]\n",
     {"7:13 component \"nginx\" names itself in \"requires\""}},
    {"ReferenceToItself",
     "[components.nginx]\nx = \"${nginx.url}\"\n",
     {"7:1 component \"nginx\" refers to itself in ${nginx.url}"}},
    {"ReferenceToUnknownComponent",
     "[components.nginx]\nsites = [{ a = 1, up = \"${redi.url}\" }]\n[components.redis]\n",
     {"7:19 unknown component \"redi\" in ${redi.url} | did you mean \"redis\"?"}},
    {"FileThatIsNotThere",
     "[components.nginx]\nx = \"${file.app/no.txt}\"\n",
     {"7:1 ${file.app/no.txt}: /srv/shop/app/no.txt cannot be opened: No such file or directory | paths are from the "
      "folder of the site file"}},
    {"FileOfAFolder",
     "[components.nginx]\nx = \"${file.a/}\"\n",
     {"7:1 bad reference ${file.a/}: the path of a file has letters, digits, \".\", \"_\", \"-\", \"+\" and \"/\" "
      "here" +
      how_to_write}},
    {"ReferenceToUnknownHost",
     "[components.nginx]\nx = \"${hosts.wep.address}\"\n",
     {"7:1 unknown host or group \"wep\" in ${hosts.wep.address} | did you mean \"web\"?"}},
    {"ReferenceNotClosed",
     "[components.nginx]\nx = [\"ok\", \"a ${host.address\"]\n",
     {"7:12 bad reference ${host.address: it is not closed" + how_to_write}},
    {"ReferenceEmpty", "[components.nginx]\nx = \"${}\"\n", {"7:1 bad reference ${}: it is empty" + how_to_write}},
    {"TwoBadReferencesInOneText",
     "[components.nginx]\nx = \"${} ${secret.}\"\n",
     {"7:1 bad reference ${}: it is empty" + how_to_write,
      "7:1 bad reference ${secret.}: only letters, digits, \"_\", \"-\", \":\" and \"+\", in parts with dots between" +
          how_to_write}},
    {"Cycle",
     "[components.nginx]\nrequires = [\"redis\"]\n[components.redis]\nafter = [\"memcached\"]\n"
     "[components.memcached]\nhost = \"${nginx.url}\"\n",
     {"7:13 components wait for each other: nginx -> redis -> memcached -> nginx"}},
    {"TwoCycles",
     "[components.a]\nplugin=\"redis\"\nafter = [\"b\"]\n[components.b]\nplugin=\"redis\"\nafter = [\"a\"]\n"
     "[components.c]\nplugin=\"redis\"\nafter = [\"d\"]\n[components.d]\nplugin=\"redis\"\nafter = [\"c\"]\n",
     {"8:10 components wait for each other: a -> b -> a", "14:10 components wait for each other: c -> d -> c"}},
    {"Nan", "[components.nginx]\nx = [1, nan]\n", {"7:9 must be a number; nan and inf are none"}},
    {"NestedDate",
     "[components.nginx]\nx = { y = 10:00:00 }\n",
     {"7:7 dates and times have no meaning here | write it as a string, in quotes"}},
};

INSTANTIATE_TEST_SUITE_P(Each, ComponentProblems, ::testing::ValuesIn(cases), name_of_case);

TEST(ComponentProblems, AllKindsOfOneFileAreToldAtOnce) {
  EXPECT_THAT(problems_of(base_site + "port = 0\n"
                                      "[components.nginx]\n"
                                      "hosts = [\"nowhere\"]\n"
                                      "requires = [\"redis\"]\n"
                                      "url = \"${nothing.here}\"\n"
                                      "[components.redis]\n"
                                      "after = [\"nginx\"]\n"
                                      "[compnents]\n"),
              ElementsAre("6:1 \"port\" must be from 1 to 65535, not 0",
                          "8:10 unknown host or group \"nowhere\" | known: web, front",
                          "9:13 components wait for each other: nginx -> redis -> nginx",
                          "10:1 unknown component \"nothing\" in ${nothing.here} | known: nginx, redis",
                          "13:2 unknown table [compnents] | did you mean \"components\"?"));
}

TEST(ComponentProblems, ACycleSaysWhereEachEdgeStands) {
  Diagnostics warnings;
  const auto site = parse_site(base_site + "[components.a]\nrequires = [\"b\"]\n[components.b]\nx = \"${a.url}\"\n",
                               "site.toml", {}, warnings);
  ASSERT_FALSE(site);
  EXPECT_EQ(site.error().items()[0].why, "a names b at site.toml:7:13\nb names a at site.toml:9:1");
}

TEST(ComponentProblems, OnASiteWithoutHostsSaysHowToAddOne) {
  EXPECT_THAT(
      problems_of("[site]\nname = \"shop\"\n[components.nginx]\n"),
      ElementsAre(
          "3:13 component \"nginx\" is on no host: the site has none | add [hosts.NAME] with address = \"...\""));
}

TEST(ComponentProblems, ABadHostIsNotCalledUnknownToo) {
  EXPECT_THAT(problems_of("[site]\nname = \"shop\"\n[hosts.web]\n[components.nginx]\nhosts = [\"web\"]\n"),
              ElementsAre(HasSubstr("3:8 host \"web\" has no address")));
}

TEST(ComponentProblems, PluginsAreNotJudgedWhenNoneIsKnown) {
  EXPECT_THAT(problems_of(base_site + "[components.whatever]\n"), IsEmpty());
}

}  // namespace
}  // namespace wright

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "model/encoding.hpp"
#include "model/kinds.hpp"
#include "unit/plugin/fixtures.hpp"

namespace wright::testing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Evaluate : public ::testing::Test {
 protected:
  std::unique_ptr<Plugins> plugins = start_plugins().value();

  PluginDescription describe(const std::string& name) {
    auto out = plugins->describe(fixture(name));
    EXPECT_TRUE(out) << problems_of(out);
    return out ? *out : PluginDescription{};
  }
  Result<Declared> evaluate(const std::string& name, Value::Map options, Value::Map facts = {}) {
    describe(name);
    return plugins->evaluate({name, "comp", "web1", std::move(options), std::move(facts)});
  }
};

const Option* option(const std::vector<Option>& all, std::string_view name) {
  for (const auto& one : all)
    if (one.name == name) return &one;
  ADD_FAILURE() << "no option " << name;
  return nullptr;
}

TEST_F(Evaluate, describes_options_with_types_limits_and_defaults_from_the_members) {
  const auto plugin = describe("every_option");
  EXPECT_EQ(plugin.version, "2.1.0");
  EXPECT_EQ(plugin.summary, "Options of every type");
  EXPECT_THAT(plugin.phases, ElementsAre("configure", "verify"));

  EXPECT_EQ(option(plugin.options, "text")->fallback, Value("a \"quoted\" \\ line\n"));
  const Option* port = option(plugin.options, "port");
  EXPECT_EQ(port->type, OptionType::integer);
  EXPECT_EQ(port->minimum, 1.0);
  EXPECT_EQ(port->maximum, 65535.0) << "what its type can hold";
  EXPECT_EQ(port->fallback, Value(8080));
  EXPECT_EQ(option(plugin.options, "offset")->fallback, Value(-5));
  EXPECT_FALSE(option(plugin.options, "offset")->minimum);
  EXPECT_EQ(option(plugin.options, "share")->fallback, Value(1.0)) << "a number, although JSON says 1";
  EXPECT_EQ(option(plugin.options, "password")->type, OptionType::secret);
  EXPECT_TRUE(option(plugin.options, "password")->fallback.is_null());
  EXPECT_TRUE(option(plugin.options, "maybe")->fallback.is_null());
  const Option* bytes = option(plugin.options, "bytes");
  EXPECT_EQ(bytes->element, OptionType::integer);
  EXPECT_EQ(bytes->maximum, 255.0) << "of each element";
  EXPECT_EQ(option(plugin.options, "environment")->type, OptionType::map);
  EXPECT_EQ(option(plugin.options, "by_name")->element, OptionType::table);
  EXPECT_EQ(option(plugin.options, "by_name")->fields.size(), 2U);
  EXPECT_EQ(option(plugin.options, "tls")->fallback, Value(Value::Map{{"enabled", true}, {"mode", "modern"}}));
  EXPECT_THAT(option(option(plugin.options, "tls")->fields, "mode")->choices, ElementsAre("modern", "old"));

  const Option* sites = option(plugin.options, "sites");
  EXPECT_EQ(sites->type, OptionType::list);
  EXPECT_EQ(sites->element, OptionType::table);
  EXPECT_EQ(sites->fallback, Value(Value::List{}));
  EXPECT_TRUE(option(sites->fields, "name")->required);
  EXPECT_TRUE(option(sites->fields, "name")->fallback.is_null());
  EXPECT_EQ(option(sites->fields, "names")->fallback, Value(std::vector<std::string>{"localhost"}));
  EXPECT_EQ(option(sites->fields, "tls")->fields.size(), 2U);
}

TEST_F(Evaluate, gives_the_plugin_every_type_of_option_and_defaults_for_the_rest) {
  const Value::Map site{{"name", "shop"}, {"tls", Value::Map{{"mode", "old"}}}, {"port", 81}};
  const auto declared = evaluate("every_option", {{"text", "t"},
                                                  {"port", 443},
                                                  {"share", 0.25},
                                                  {"on", false},
                                                  {"password", Secret("hunter2")},
                                                  {"bytes", Value::List{1, 2, 3}},
                                                  {"environment", Value::Map{{"LANG", "de"}}},
                                                  {"sites", Value::List{site, Value::Map{{"name", "blog"}}}},
                                                  {"maybe", Value()}});
  ASSERT_TRUE(declared) << problems_of(declared);
  const Value exports = declared->exports;
  EXPECT_EQ(exports["text"], Value("t"));
  EXPECT_EQ(exports["port"], Value(443));
  EXPECT_EQ(exports["offset"], Value(-5)) << "its default";
  EXPECT_EQ(exports["share"], Value("0.25"));
  EXPECT_EQ(exports["on"], Value(false));
  EXPECT_EQ(exports["url"], Value(Secret("https://app:hunter2@web1:443/")));
  EXPECT_EQ(exports["bytes"], Value(3));
  EXPECT_EQ(exports["environment"], Value("de"));
  EXPECT_EQ(exports["maybe"], Value("nothing"));
  EXPECT_THAT(exports["sites"].strings(), ElementsAre("shop/old/81", "blog/modern/0"));
  ASSERT_EQ(declared->warnings.items().size(), 1U);
  EXPECT_EQ(declared->warnings.items()[0].where, "text");
}

TEST_F(Evaluate, suspends_until_a_fact_is_known) {
  const Value::Map options{{"facts", std::vector<std::string>{"os.id", "apt.candidate:nginx", "gpu"}}};
  Value::Map facts{{"os", Value::Map{{"id", "debian"}}}};
  auto declared = evaluate("every_option", options, facts);
  ASSERT_TRUE(declared) << problems_of(declared);
  EXPECT_THAT(declared->missing_facts, ElementsAre("apt.candidate:nginx"));
  EXPECT_TRUE(declared->exports.empty());

  facts["apt.candidate:nginx"] = "1.22";
  facts["gpu"] = Value();
  declared = evaluate("every_option", options, facts);
  ASSERT_TRUE(declared) << problems_of(declared);
  EXPECT_TRUE(declared->missing_facts.empty());
  const Value known = declared->exports.at("fact");
  EXPECT_EQ(known["os"]["id"], Value("debian"));
  EXPECT_EQ(known["apt"]["candidate:nginx"], Value("1.22"));
  EXPECT_EQ(known["gpu"], Value("(absent)")) << "asked for, and not there";
}

TEST_F(Evaluate, tells_every_problem_of_the_options_at_their_path) {
  const auto declared = evaluate("every_option", {{"misbehave", "errors"}});
  ASSERT_FALSE(declared);
  const auto& items = declared.error().items();
  ASSERT_EQ(items.size(), 2U) << to_text(declared.error());
  EXPECT_EQ(items[0].where, "sites[0].name");
  EXPECT_EQ(items[0].what, "is bad");
  EXPECT_EQ(items[0].why, "because");
  EXPECT_EQ(name_of(items[0].fault), name_of(Fault::bad_site));
  EXPECT_EQ(items[1].where, "port");
}

TEST_F(Evaluate, turns_exceptions_into_diagnostics_without_losing_the_worker) {
  EXPECT_THAT(problems_of(evaluate("every_option", {{"misbehave", "throw"}})),
              AllOf(HasSubstr("every_option, configure"), HasSubstr("boom")));
  EXPECT_THAT(problems_of(evaluate("every_option", {{"misbehave", "throw_int"}})), HasSubstr("no std::exception"));
  EXPECT_THAT(problems_of(evaluate("every_option", {{"misbehave", "template"}})),
              HasSubstr("{{unknown}} has no value"));
}

TEST_F(Evaluate, refuses_resources_that_no_agent_could_apply) {
  const std::string said = problems_of(evaluate("every_option", {{"misbehave", "kinds"}}));
  EXPECT_THAT(said, AllOf(HasSubstr("absolute path"), HasSubstr("permission bits"), HasSubstr("\"content\" is missing"),
                          HasSubstr("file:/etc/twice twice"), HasSubstr("\"nonsense\" is not the name of a resource")));
}

TEST_F(Evaluate, every_kind_and_attribute_can_be_declared_in_cpp) {
  const auto declared = evaluate("every_kind", {});
  ASSERT_TRUE(declared) << problems_of(declared);
  std::set<std::string> missing;
  auto expect_all = [&](std::span<const KindSpec> kinds, auto of_kind) {
    for (const auto& kind : kinds)
      for (const auto& attribute : kind.attributes) {
        bool found = false;
        for (const Value::Map* attributes : of_kind(kind.name)) found |= attributes->contains(attribute.name);
        if (!found) missing.insert(std::string(kind.name) + "." + std::string(attribute.name));
      }
  };
  using Maps = std::vector<const Value::Map*>;
  expect_all(resource_kinds(), [&](std::string_view kind) {
    Maps out;
    for (const auto& one : declared->resources)
      if (one.id.kind == kind) out.push_back(&one.attributes);
    return out;
  });
  expect_all(probe_kinds(), [&](std::string_view kind) {
    Maps out;
    for (const auto& one : declared->probes)
      if (one.kind == kind) out.push_back(&one.attributes);
    return out;
  });
  // The same function of the C++ layer in every kind that has it; declared here for package and file.
  for (const char* kind : {"directory", "symlink", "user", "group", "certificate", "http"})
    missing.erase(std::string(kind) + ".ensure");
  EXPECT_THAT(missing, ::testing::IsEmpty());
}

TEST_F(Evaluate, keeps_phases_relations_and_the_probes_own_fields) {
  const auto declared = evaluate("every_kind", {});
  ASSERT_TRUE(declared) << problems_of(declared);
  EXPECT_EQ(declared->resources.front().phase, "install");
  EXPECT_EQ(declared->resources.back().phase, "configure");
  for (const auto& one : declared->resources) {
    EXPECT_THAT(one.components, ElementsAre("comp"));
    if (one.id.kind != "service") continue;
    EXPECT_THAT(one.restart_on, ElementsAre(ResourceId{"file", "/etc/app.conf"}, ResourceId{"package", "nginx"}));
    EXPECT_THAT(one.reload_on, ElementsAre(ResourceId{"directory", "/srv/app"}));
    EXPECT_EQ(one.attributes.at("timeout_ms"), Value(30500));
  }
  const Probe& tcp = declared->probes.front();
  EXPECT_TRUE(tcp.ready);
  EXPECT_EQ(tcp.from, "controller");
  EXPECT_EQ(tcp.deadline_ms, 2500);
  EXPECT_EQ(tcp.name, "comp answers at 127.0.0.1:80");
  EXPECT_EQ(declared->probes.at(1).attributes.at("host"), Value("unix:/run/app.sock"));
  EXPECT_FALSE(declared->probes.at(1).attributes.contains("port"));
  ASSERT_EQ(declared->rollback.size(), 1U);
  EXPECT_EQ(to_string(declared->rollback[0].id), "command:drain");
}

TEST_F(Evaluate, secrets_stay_secrets) {
  const auto declared = evaluate("every_kind", {});
  ASSERT_TRUE(declared) << problems_of(declared);
  std::string all;
  for (const auto& one : declared->resources) all += to_json(one.attributes);
  for (const auto& one : declared->probes) all += to_json(one.attributes);
  EXPECT_THAT(all, ::testing::Not(HasSubstr("token"))) << "its text stands somewhere that is printed";
  EXPECT_THAT(all, HasSubstr("(secret)"));
}

TEST_F(Evaluate, runs_a_plugin_in_plain_c) {
  const auto plugin = describe("plain");
  ASSERT_EQ(plugin.options.size(), 1U);
  EXPECT_EQ(plugin.options[0].fallback, Value("hello"));
  auto declared = evaluate("plain", {{"greeting", "hi"}});
  ASSERT_TRUE(declared) << problems_of(declared);
  EXPECT_THAT(declared->missing_facts, ElementsAre("greeter.port"));
  declared = evaluate("plain", {{"greeting", "hi"}}, {{"greeter", Value::Map{{"port", 99}}}});
  ASSERT_TRUE(declared) << problems_of(declared);
  ASSERT_EQ(declared->resources.size(), 2U);
  EXPECT_EQ(declared->resources[0].attributes.at("content"), Value("hi"));
  EXPECT_THAT(declared->resources[1].restart_on, ElementsAre(declared->resources[0].id));
  EXPECT_EQ(declared->probes.at(0).attributes.at("port"), Value(99));
  EXPECT_EQ(declared->exports.at("greeting"), Value("hi"));
}

TEST_F(Evaluate, runs_the_template_built_against_every_released_header) {
  int versions = 0;
  for (const auto& folder : std::filesystem::directory_iterator(WRIGHT_TEST_PLUGINS)) {
    if (!folder.path().filename().string().starts_with("frozen-")) continue;
    ++versions;
    // A worker each: they all have the same name.
    const auto fresh = start_plugins().value();
    const auto plugin = fresh->describe({"example", folder.path() / "example.so"});
    ASSERT_TRUE(plugin) << problems_of(plugin);
    const Value::Map options{{"listen", "127.0.0.1"}, {"port", 8080}};
    const auto pending = fresh->evaluate({"example", "comp", "web1", options, {{"address", "192.0.2.1"}}});
    ASSERT_TRUE(pending) << problems_of(pending);
    EXPECT_THAT(pending->missing_facts, ElementsAre("hostname"));
    const auto declared =
        fresh->evaluate({"example", "comp", "web1", options, {{"address", "192.0.2.1"}, {"hostname", "one"}}});
    ASSERT_TRUE(declared) << problems_of(declared);
    EXPECT_EQ(declared->exports.at("url"), Value("http://192.0.2.1:8080/"));
    EXPECT_EQ(declared->resources.at(2).attributes.at("content"), Value("Hello from one\n"));
    EXPECT_THAT(declared->resources.at(3).attributes.at("content").text_or(""),
                HasSubstr("--bind 127.0.0.1 --directory /srv/example 8080\n"));
    EXPECT_EQ(declared->probes.size(), 2U);
  }
  EXPECT_GE(versions, 1);
}

TEST_F(Evaluate, gives_the_same_answer_twice) {
  const auto first = evaluate("every_kind", {});
  const auto second = evaluate("every_kind", {});
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->resources, second->resources);
  EXPECT_EQ(first->probes, second->probes);
}

}  // namespace
}  // namespace wright::testing

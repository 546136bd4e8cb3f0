#include <gmock/gmock.h>

#include "parts.hpp"

namespace graylog {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string conf(int release, const Config& c = {}) { return server_conf(c, release).reveal(); }

TEST(ServerConf, SaysWhoLeadsAsTheReleaseKnowsIt) {
  EXPECT_THAT(conf(303), HasSubstr("\nis_master = true\n"));
  EXPECT_THAT(conf(303), Not(HasSubstr("is_leader")));
  EXPECT_THAT(conf(402), HasSubstr("\nis_leader = true\n"));
  EXPECT_THAT(conf(402), Not(HasSubstr("is_master")));
}

TEST(ServerConf, SaysBothWhereNothingTellsTheRelease) {
  Config c;
  c.leader = false;
  EXPECT_THAT(conf(0, c), HasSubstr("\nis_master = false\n"));
  EXPECT_THAT(conf(0, c), HasSubstr("\nis_leader = false\n"));
}

TEST(ServerConf, TellsItsMakersNothing) {
  EXPECT_THAT(conf(303), HasSubstr("\nversionchecks = false\n"));
  EXPECT_THAT(conf(303), Not(HasSubstr("telemetry")));
  EXPECT_THAT(conf(501), HasSubstr("\ntelemetry_enabled = false\n"));
  Config c;
  c.telemetry = c.version_checks = true;
  EXPECT_THAT(conf(501, c), HasSubstr("\nversionchecks = true\n"));
  EXPECT_THAT(conf(501, c), HasSubstr("\ntelemetry_enabled = true\n"));
}

TEST(ServerConf, HasWhatTheOptionsSay) {
  Config c;
  c.publish_uri = "http://10.0.0.5:9000/";
  c.proxy_uri = wright::Secret("http://u:p@10.0.0.3:3128");
  c.search_answer_s = 90;
  c.input_ring_size = 1024;
  c.wait_strategy = "sleeping";
  c.index.retention = "none";
  for (const char* line :
       {"http_publish_uri = http://10.0.0.5:9000/", "http_proxy_uri = http://u:p@10.0.0.3:3128",
        "elasticsearch_socket_timeout = 90s", "elasticsearch_connect_timeout = 10s", "elasticsearch_max_retries = 2",
        "inputbuffer_ring_size = 1024", "inputbuffer_wait_strategy = sleeping", "processor_wait_strategy = sleeping",
        "retention_strategy = delete"})
    EXPECT_THAT(conf(303, c), HasSubstr("\n" + std::string(line) + "\n"));
  for (const char* name : {"http_publish_uri", "http_proxy_uri"}) EXPECT_THAT(conf(303), Not(HasSubstr(name)));
}

TEST(DefaultFile, HasMoreOptionsOfTheJavaMachine) {
  Config c;
  c.jvm_options = {"-XX:MaxGCPauseMillis=200"};
  EXPECT_THAT(default_file(c, 512), HasSubstr(" -XX:MaxGCPauseMillis=200"));
  EXPECT_THAT(default_file(c, 512), HasSubstr("=\"-Xms512m -Xmx512m "));
}

}  // namespace
}  // namespace graylog

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <array>

#include "agent/resources/x509.hpp"
#include "unit/agent_command/host_folder.hpp"

namespace wright::agent {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class CertificateTest : public HostFolder {
 protected:
  Resource certificate(Value::Map attributes = {}) {
    Resource resource;
    resource.id = {"certificate", path("tls/site.pem")};
    resource.attributes = {
        {"key", path("tls/site.key")},
        {"common_name", "www.example.org"},
        {"names", std::vector<std::string>{"www.example.org", "example.org", "192.0.2.7", "2001:DB8:0::1"}}};
    for (auto& [name, value] : attributes) resource.attributes[name] = std::move(value);
    return resource;
  }
  void SetUp() override { std::filesystem::create_directories(path("tls")); }
  /// An independent judge: the openssl program.
  std::string openssl(const std::string& arguments) const {
    const std::string command = "cd " + root + "/tls && openssl " + arguments + " 2>&1";
    std::string out;
    FILE* pipe = ::popen(command.c_str(), "r");
    char buffer[4096];
    while (const std::size_t got = std::fread(buffer, 1, sizeof buffer, pipe)) out.append(buffer, got);
    ::pclose(pipe);
    return out;
  }
  std::vector<std::string> changed(const Item& item) const {
    std::vector<std::string> names;
    for (const auto& attribute : item.difference.attributes) names.push_back(attribute.name);
    return names;
  }
  mode_t mode(const std::string& name) const {
    struct stat seen {};
    ::stat(path(name).c_str(), &seen);
    return seen.st_mode & 07777;
  }

  std::unique_ptr<Kind> kind = make_certificate_kind();
};

TEST_F(CertificateTest, MakesBothAndThenHolds) {
  const Resource resource = certificate();
  EXPECT_EQ(look(*kind, resource).difference.action, Action::create);
  const Made made = make(*kind, resource);
  ASSERT_TRUE(made.result) << problem_of(made.result);
  EXPECT_EQ(mode("tls/site.pem"), 0644U);
  EXPECT_EQ(mode("tls/site.key"), 0600U);
  EXPECT_EQ(look(*kind, resource).difference.action, Action::none);
  EXPECT_THAT(openssl("x509 -in site.pem -noout -text"),
              ::testing::AllOf(HasSubstr("CN = www.example.org"), HasSubstr("DNS:www.example.org"),
                               HasSubstr("DNS:example.org"), HasSubstr("IP Address:192.0.2.7"),
                               HasSubstr("IP Address:2001:DB8:0:0:0:0:0:1"), HasSubstr("prime256v1"),
                               HasSubstr("CA:FALSE"), HasSubstr("TLS Web Server Authentication")));
  EXPECT_THAT(openssl("verify -CAfile site.pem -verify_hostname example.org -x509_strict site.pem"),
              HasSubstr("site.pem: OK"));
  EXPECT_EQ(openssl("x509 -in site.pem -noout -pubkey"), openssl("pkey -in site.key -pubout"));
}

TEST_F(CertificateTest, TheStateIsTheSameEachTime) {
  const Resource resource = certificate();
  ASSERT_TRUE(make(*kind, resource).result);
  const auto first = look(*kind, resource).observed.state;
  ::sleep(1);
  EXPECT_EQ(look(*kind, resource).observed.state, first);
}

TEST_F(CertificateTest, RsaKeys) {
  ASSERT_TRUE(make(*kind, certificate({{"key_type", "rsa-2048"}})).result);
  EXPECT_THAT(openssl("x509 -in site.pem -noout -text"), HasSubstr("Public-Key: (2048 bit)"));
  EXPECT_EQ(look(*kind, certificate({{"key_type", "rsa-2048"}})).difference.action, Action::none);
  EXPECT_THAT(changed(look(*kind, certificate())), ElementsAre("key_type"));
}

TEST_F(CertificateTest, WhatDiffersIsInThePlan) {
  ASSERT_TRUE(make(*kind, certificate()).result);
  EXPECT_THAT(changed(look(*kind, certificate({{"common_name", "other"}}))), ElementsAre("common_name"));
  EXPECT_THAT(changed(look(*kind, certificate({{"names", std::vector<std::string>{"a.example"}}}))),
              ElementsAre("names"));
  EXPECT_THAT(changed(look(*kind, certificate({{"days", 90}}))), ElementsAre("days"));
  EXPECT_THAT(changed(look(*kind, certificate({{"key_mode", 0640}}))), ElementsAre("key_mode"));
  EXPECT_THAT(changed(look(*kind, certificate({{"mode", 0600}, {"owner", "nobody"}}))),
              ElementsAre("mode", "owner", "key_owner"));
}

TEST_F(CertificateTest, TheSubjectSaysMoreWhenItIsAsked) {
  ASSERT_TRUE(make(*kind, certificate()).result);
  const Value::Map all = {
      {"organization", "Öl, Gas & Co"}, {"unit", "IT"}, {"country", "DE"}, {"state", "Hessen"}, {"locality", "Hanau"},
      {"email", "it@example.org"}};
  EXPECT_THAT(changed(look(*kind, certificate({{"subject", all}}))), ElementsAre("subject"));
  ASSERT_TRUE(make(*kind, certificate({{"subject", all}})).result);
  EXPECT_EQ(look(*kind, certificate({{"subject", all}})).difference.action, Action::none);
  EXPECT_THAT(openssl("x509 -in site.pem -noout -subject -nameopt utf8,sep_comma_plus"),
              HasSubstr("C=DE,ST=Hessen,L=Hanau,O=Öl, Gas & Co,OU=IT,emailAddress=it@example.org,CN=www.example.org"));
  EXPECT_THAT(changed(look(*kind, certificate({{"subject", Value::Map{{"unit", "IT"}}}}))), ElementsAre("subject"));
  EXPECT_THAT(changed(look(*kind, certificate())), ElementsAre("subject"));
}

TEST_F(CertificateTest, WhatNoSubjectCanHaveIsRefused) {
  for (const auto& [name, text, why] : {std::array{"country", "Germany", "must have 2 bytes"},
                                        {"country", "d1", "two capital letters"},
                                        {"organisation", "x", "no field"},
                                        {"organization", "\xc3 Gas", "one line of UTF-8"},
                                        {"locality", "a\nb", "one line of UTF-8"},
                                        {"email", "\xc3\xb6l@example.org", "ASCII"},
                                        {"unit", "", "1 to 64 bytes"}}) {
    const Resource resource = certificate({{"subject", Value::Map{{name, text}}}});
    const Item item = look(*kind, resource);
    EXPECT_THAT(problem_of(kind->prepare(std::span(&item, 1), context)), HasSubstr(why)) << name;
  }
}

TEST_F(CertificateTest, OfAForeignSubjectOnlyWhatIsAskedForCounts) {
  openssl(
      "req -x509 -newkey rsa:2048 -nodes -days 400 -subj /O=Theirs/CN=www.example.org -keyout site.key -out site.pem "
      "-addext subjectAltName=DNS:www.example.org");
  const Value names = std::vector<std::string>{"www.example.org"};
  const auto wanted = [&](Value::Map more) {
    more["names"] = names;
    more["key_type"] = "rsa-2048";
    more["key_mode"] = 0600;
    return certificate(std::move(more));
  };
  EXPECT_EQ(look(*kind, wanted({})).difference.action, Action::none);
  EXPECT_EQ(look(*kind, wanted({{"subject", Value::Map{{"organization", "Theirs"}}}})).difference.action, Action::none);
  EXPECT_THAT(changed(look(*kind, wanted({{"subject", Value::Map{{"organization", "Ours"}}}}))),
              ::testing::Contains("subject"));
}

TEST_F(CertificateTest, ModesAndOwnersChangeWithoutANewCertificate) {
  ASSERT_TRUE(make(*kind, certificate()).result);
  const std::string before = read("tls/site.pem") + read("tls/site.key");
  const Resource resource = certificate({{"key_mode", 0640}, {"group", "nogroup"}});
  const Made made = make(*kind, resource);
  ASSERT_TRUE(made.result);
  EXPECT_EQ(read("tls/site.pem") + read("tls/site.key"), before);
  EXPECT_EQ(look(*kind, resource).difference.action, Action::none);
  ASSERT_TRUE(kind->undo(made.record, context));
  EXPECT_EQ(mode("tls/site.key"), 0600U);
  EXPECT_EQ(look(*kind, certificate()).difference.action, Action::none);
}

TEST_F(CertificateTest, IsMadeAnewWhenATenthOfItsDaysIsLeft) {
  ASSERT_TRUE(make(*kind, certificate({{"days", 10}})).result);
  EXPECT_EQ(look(*kind, certificate({{"days", 10}})).difference.action, Action::none);
  // Of 200 days 10 are less than a tenth, of 90 they are more; `days` differs in both.
  EXPECT_THAT(changed(look(*kind, certificate({{"days", 200}}))), ElementsAre("days", "validity"));
  EXPECT_THAT(changed(look(*kind, certificate({{"days", 90}}))), ElementsAre("days"));
}

TEST_F(CertificateTest, AKeyThatIsNotTheCertificatesIsNoticed) {
  ASSERT_TRUE(make(*kind, certificate()).result);
  openssl("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out site.key");
  EXPECT_THAT(changed(look(*kind, certificate())), ElementsAre("key"));
  write("tls/site.key", "no key at all");
  EXPECT_THAT(changed(look(*kind, certificate())), ::testing::Contains("key"));
  std::filesystem::remove(path("tls/site.key"));
  EXPECT_THAT(changed(look(*kind, certificate())), ElementsAre("key"));
  ASSERT_TRUE(make(*kind, certificate()).result);
  EXPECT_EQ(look(*kind, certificate()).difference.action, Action::none);
}

TEST_F(CertificateTest, AKeyWithAPassphraseAsksNobody) {
  ASSERT_TRUE(make(*kind, certificate()).result);
  openssl("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -aes256 -pass pass:x123456 -out site.key");
  EXPECT_THAT(changed(look(*kind, certificate())), ::testing::Contains("key"));
}

TEST_F(CertificateTest, UndoOfTheFirstLeavesNothing) {
  const Made made = make(*kind, certificate());
  ASSERT_TRUE(kind->undo(made.record, context));
  EXPECT_TRUE(std::filesystem::is_empty(path("tls")));
}

TEST_F(CertificateTest, UndoOfOneThatStoppedAfterTheKeyGivesTheOldPairBack) {
  ASSERT_TRUE(make(*kind, certificate()).result);
  const std::string key = read("tls/site.key");
  const std::string pem = read("tls/site.pem");
  const Resource other = certificate({{"common_name", "other"}});
  const Item items[] = {look(*kind, other)};
  const auto undo = kind->prepare(items, context);
  ASSERT_TRUE(undo);
  write("tls/site.key", "the new key");
  ASSERT_TRUE(kind->undo({{other.id}, *undo, {}, {}}, context));
  EXPECT_EQ(read("tls/site.key"), key);
  EXPECT_EQ(read("tls/site.pem"), pem);
}

class ForeignCertificate : public CertificateTest {
 protected:
  void SetUp() override {
    CertificateTest::SetUp();
    openssl("req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -subj '/CN=Real Authority' -days 800");
    openssl(
        "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout site.key -out site.csr "
        "-subj /CN=www.example.org");
    write("tls/ext", "subjectAltName=DNS:www.example.org\n");
    openssl("x509 -req -in site.csr -CA ca.pem -CAkey ca.key -CAcreateserial -extfile ext -days 700 -out site.pem");
    std::filesystem::permissions(path("tls/site.pem"), std::filesystem::perms(0644));
  }
  Value::Map same{{"names", std::vector<std::string>{"www.example.org"}}};
};

TEST_F(ForeignCertificate, OfAnAuthorityIsReplacedOnlyInSightAndComesBack) {
  const Item item = look(*kind, certificate(same));
  ASSERT_THAT(changed(item), ElementsAre("issuer"));
  EXPECT_EQ(item.difference.attributes[0].before, Value("Real Authority"));
  EXPECT_THAT(item.difference.notes, ElementsAre(HasSubstr("did not make")));
  const std::string before = read("tls/site.pem") + read("tls/site.key");
  const Made made = make(*kind, certificate(same));
  ASSERT_TRUE(made.result);
  EXPECT_NE(read("tls/site.pem") + read("tls/site.key"), before);
  ASSERT_TRUE(kind->undo(made.record, context));
  EXPECT_EQ(read("tls/site.pem") + read("tls/site.key"), before);
}

TEST_F(ForeignCertificate, SelfSignedByHandIsKeptWhileItIsGood) {
  openssl(
      "req -x509 -key site.key -out site.pem -subj /CN=www.example.org -days 400 "
      "-addext subjectAltName=DNS:www.example.org");
  EXPECT_THAT(changed(look(*kind, certificate(same))), IsEmpty());
  const Item item = look(*kind, certificate());
  EXPECT_THAT(changed(item), ElementsAre("names", "issuer"));
  EXPECT_THAT(item.difference.attributes[1].before.text_or(""), HasSubstr("not by wright"));
}

TEST_F(ForeignCertificate, RemovalTellsItToo) {
  const Item item = look(*kind, certificate({{"ensure", "absent"}}));
  EXPECT_EQ(item.difference.action, Action::remove);
  EXPECT_THAT(changed(item), ElementsAre("issuer"));
  ASSERT_TRUE(make(*kind, certificate({{"ensure", "absent"}})).result);
  EXPECT_FALSE(exists("tls/site.pem"));
  EXPECT_FALSE(exists("tls/site.key"));
}

TEST_F(CertificateTest, ALinkIsReplacedInSightAndComesBack) {
  write("real.pem", "what the link points to");
  std::filesystem::create_symlink("../real.pem", path("tls/site.pem"));
  EXPECT_THAT(changed(look(*kind, certificate())), ElementsAre("type", "key"));
  const Made made = make(*kind, certificate());
  ASSERT_TRUE(made.result);
  EXPECT_EQ(read("real.pem"), "what the link points to");
  EXPECT_EQ(look(*kind, certificate()).difference.action, Action::none);
  ASSERT_TRUE(kind->undo(made.record, context));
  EXPECT_EQ(std::filesystem::read_symlink(path("tls/site.pem")), "../real.pem");
}

TEST_F(CertificateTest, BadWishesAreRefusedBeforeAnythingChanges) {
  for (const auto& bad : {Value::Map{{"days", 0}}, Value::Map{{"days", 99999999}}, Value::Map{{"key_type", "dsa"}},
                          Value::Map{{"key", path("tls/site.pem")}}}) {
    const Resource resource = certificate(bad);
    const Item items[] = {look(*kind, resource)};
    EXPECT_FALSE(kind->prepare(items, context));
  }
}

TEST_F(CertificateTest, ALongCommonNameIsCutAndStillHolds) {
  const std::string name = std::string(60, 'a') + ".\xC3\xA4\xC3\xA4\xC3\xA4.example";
  ASSERT_TRUE(make(*kind, certificate({{"common_name", name}})).result);
  EXPECT_EQ(look(*kind, certificate({{"common_name", name}})).difference.action, Action::none);
}

}  // namespace
}  // namespace wright::agent

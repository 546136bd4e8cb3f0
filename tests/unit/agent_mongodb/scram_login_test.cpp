#include "agent/probes/scram_login.hpp"

#include <gtest/gtest.h>

namespace wright::agent {
namespace {

// The exchange of RFC 7677, section 3.
const std::string server_first =
    "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";

ScramLogin user(const std::string& password) { return {"user", Secret(password), "rOprNGfwEbeRWgbNEkqO"}; }

TEST(ScramLogin, SaysWhatTheStandardsExampleSays) {
  auto login = user("pencil");
  EXPECT_EQ(login.first(), "n,,n=user,r=rOprNGfwEbeRWgbNEkqO");
  EXPECT_EQ(login.answer(server_first),
            "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
            "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=");
  EXPECT_TRUE(login.is_proof("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="));
}

TEST(ScramLogin, AServerWithoutThePasswordProvesNothing) {
  auto login = user("pencil");
  EXPECT_FALSE(login.is_proof("v="));
  ASSERT_TRUE(login.answer(server_first));
  EXPECT_FALSE(login.is_proof("v=7rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="));
  EXPECT_FALSE(login.is_proof("e=other-error"));
}

TEST(ScramLogin, AnswersThatWouldWeakenItAreRefused) {
  const std::string nonce = "r=rOprNGfwEbeRWgbNEkqO";
  for (const std::string& bad :
       {nonce + ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096", std::string("r=other,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"),
        nonce + "x,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=1", nonce + "x,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=2000000000",
        nonce + "x,s=,i=4096", nonce + "x,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096x", std::string()})
    EXPECT_FALSE(user("pencil").answer(bad)) << bad;
}

TEST(ScramLogin, NamesCannotEndTheirField) {
  EXPECT_EQ(ScramLogin("a,r=b", Secret("x"), "n").first(), "n,,n=a=2Cr=3Db,r=n");
}

}  // namespace
}  // namespace wright::agent

#include "agent/probes/xml_rpc.hpp"

#include <gtest/gtest.h>

namespace wright::agent {
namespace {

std::string response(const std::string& value) {
  return "<?xml version='1.0'?>\n<methodResponse>\n<params>\n<param>\n<value>" + value +
         "</value>\n</param>\n</params>\n</methodResponse>\n";
}

TEST(XmlRpc, AsksWithTypesAndEscapes) {
  EXPECT_EQ(xml_rpc_call("supervisor.startProcessGroup", {"a<b&c", false, 7}),
            "<?xml version='1.0'?>\n<methodCall><methodName>supervisor.startProcessGroup</methodName><params>"
            "<param><value><string>a&lt;b&amp;c</string></value></param>"
            "<param><value><boolean>0</boolean></value></param>"
            "<param><value><int>7</int></value></param></params></methodCall>\n");
}

TEST(XmlRpc, ReadsWhatSupervisordSays) {
  const auto answer = read_xml_rpc_answer(
      response("<array><data>\n<value><struct>\n<member>\n<name>name</name>\n<value><string>a &lt;b&gt; &#233;"
               "</string></value>\n</member>\n<member>\n<name>pid</name>\n<value><int>-12</int></value>\n</member>\n"
               "<member>\n<name>plain</name>\n<value> as it is </value>\n</member>\n<member>\n<name>up</name>\n<value>"
               "<boolean>1</boolean></value>\n</member>\n</struct></value>\n<value><array><data/></array></value>\n"
               "</data></array>"));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->fault, 0);
  ASSERT_NE(answer->value.as_list(), nullptr);
  ASSERT_EQ(answer->value.as_list()->size(), 2U);
  const Value& one = answer->value.as_list()->front();
  EXPECT_EQ(one["name"].text_or(""), "a <b> \xC3\xA9");
  EXPECT_EQ(one["pid"].int_or(0), -12);
  EXPECT_EQ(one["plain"].text_or(""), " as it is ");
  EXPECT_TRUE(one["up"].bool_or(false));
}

TEST(XmlRpc, AFaultIsNoValue) {
  const auto answer = read_xml_rpc_answer(
      "<?xml "
      "version='1.0'?>\n<methodResponse>\n<fault>\n<value><struct>\n<member>\n<name>faultCode</name>\n<value><int>"
      "10</int></value>\n</member>\n<member>\n<name>faultString</name>\n<value><string>BAD_NAME: x</string></value>\n"
      "</member>\n</struct></value>\n</fault>\n</methodResponse>\n");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->fault, 10);
  EXPECT_EQ(answer->fault_text, "BAD_NAME: x");
}

TEST(XmlRpc, WhatIsNoAnswerIsRefused) {
  EXPECT_FALSE(read_xml_rpc_answer(""));
  EXPECT_FALSE(read_xml_rpc_answer("<?xml"));
  EXPECT_FALSE(read_xml_rpc_answer("<html></html>"));
  EXPECT_FALSE(read_xml_rpc_answer(response("<int>12x</int>")));
  EXPECT_FALSE(read_xml_rpc_answer(response("<boolean>2</boolean>")));
  EXPECT_FALSE(read_xml_rpc_answer(response("<string>a &nothing; b</string>")));
  EXPECT_FALSE(read_xml_rpc_answer(response("<string>a</int>")));
  const std::string whole = response("<array><data><value><int>1</int></value></data></array>");
  for (std::size_t cut = 0; cut + 2 < whole.size(); ++cut)
    EXPECT_FALSE(read_xml_rpc_answer(std::string_view(whole).substr(0, cut))) << cut;
}

TEST(XmlRpc, NestingHasAnEnd) {
  std::string open;
  for (int i = 0; i < 100000; ++i) open += "<value><array><data>";
  EXPECT_FALSE(read_xml_rpc_answer("<methodResponse><params><param>" + open));
}

}  // namespace
}  // namespace wright::agent

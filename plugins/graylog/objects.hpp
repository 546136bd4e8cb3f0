#pragma once

#include <map>
#include <string>
#include <vector>
#include <wright/certificate_subject.hpp>
#include <wright/plugin.hpp>

// What Graylog holds, as the site file says it.
namespace graylog {

struct InputTls {
  std::string certificate;
  std::string key;
  std::string clients;
  bool self_signed = false;
  wright::CertificateSubject subject;
  static constexpr auto options = wright::options(
      wright::option("certificate", &InputTls::certificate,
                     "Path of the PEM chain on the host; no TLS when empty and not self_signed."),
      wright::option("key", &InputTls::key, "Path of its PKCS#8 key; the group graylog must be able to read it."),
      wright::option("clients", &InputTls::clients,
                     "Path of the certificates that clients' ones are checked against; any client when empty."),
      wright::option("self_signed", &InputTls::self_signed,
                     "A certificate of its own, made on the host: /etc/graylog/server/input-NAME.pem."),
      wright::option("subject", &InputTls::subject, "What that one says of its owner."));
};

struct Input {
  std::string name;
  std::string type = "gelf-udp";
  std::string java_class;
  std::string node;
  std::string bind = "127.0.0.1";
  std::uint16_t port = 12201;
  std::map<std::string, std::string> fields;
  InputTls tls;
  std::string settings = "{}";
  static constexpr auto options = wright::options(
      wright::option("name", &Input::name, "Its title.").required(),
      wright::option("type", &Input::type, "What it understands, and how it comes.")
          .choices("gelf-udp", "gelf-tcp", "gelf-http", "syslog-udp", "syslog-tcp", "raw-udp", "raw-tcp"),
      wright::option("class", &Input::java_class,
                     "Java class of an input that type does not name, such as org.graylog.plugins.beats.Beats2Input. "
                     "What it is told is bind, port, tls and settings."),
      wright::option("node", &Input::node,
                     "The id, of its file node-id, of the one node that listens; all of them when empty."),
      wright::option("bind", &Input::bind, "Numeric address that it listens on."),
      wright::option("port", &Input::port, "And port; with class, 0 for one that does not listen.").range(0, 65535),
      wright::option("fields", &Input::fields, "Fields that each of its messages gets."),
      wright::option("tls", &Input::tls, "For types of TCP: TLS."),
      wright::option("settings", &Input::settings,
                     "JSON object with more of its configuration, such as '{\"force_rdns\": true}'."));
};

struct Rule {
  std::string name;
  std::uint32_t stage = 10;
  std::string when = "true";
  std::vector<std::string> then;
  static constexpr auto options = wright::options(
      wright::option("name", &Rule::name, "Its title.").required(),
      wright::option("stage", &Rule::stage,
                     "Rules of a lower stage come first. Fields of inputs are set in stage 0, streams chosen in 100.")
          .range(1, 99),
      wright::option("when", &Rule::when, "Which messages it is for, such as 'has_field(\"status\")'."),
      wright::option("then", &Rule::then, "Statements, such as 'set_field(\"seen\", true);'.").required());
};

struct Stream {
  std::string name;
  std::string description;
  std::string when;
  bool only = false;
  static constexpr auto options = wright::options(
      wright::option("name", &Stream::name, "Its title.").required(),
      wright::option("description", &Stream::description, "What it is for."),
      wright::option("when", &Stream::when,
                     "Which messages are in it: a condition of Graylog's rules, such as 'has_field(\"from_nginx\")'.")
          .required(),
      wright::option("only", &Stream::only, "They are no longer in \"All messages\"."));
};

struct Notification {
  std::string name;
  std::vector<std::string> to;
  std::string sender;
  std::string url;
  std::string subject = "Graylog: ${event_definition_title}";
  static constexpr auto options = wright::options(
      wright::option("name", &Notification::name, "Its title.").required(),
      wright::option("to", &Notification::to, "E-mail addresses."),
      wright::option("sender", &Notification::sender, "Sender's address; email.from when empty."),
      wright::option("url", &Notification::url, "An HTTP address that gets events as JSON, instead of e-mail."),
      wright::option("subject", &Notification::subject, "Subject of the e-mail."));
};

struct Alert {
  std::string name;
  std::string description;
  std::string query;
  std::uint32_t more_than = 0;
  std::uint32_t within_s = 300;
  std::uint32_t every_s = 60;
  std::string priority = "normal";
  std::vector<std::string> notify;
  std::uint32_t grace_s = 300;
  static constexpr auto options = wright::options(
      wright::option("name", &Alert::name, "Its title.").required(),
      wright::option("description", &Alert::description, "What to do about it."),
      wright::option("query", &Alert::query, "Messages that it counts, such as 'status:>=500'.").required(),
      wright::option("more_than", &Alert::more_than, "It goes off with more of them than that"),
      wright::option("within_s", &Alert::within_s, "in so many seconds.").min(1),
      wright::option("every_s", &Alert::every_s, "How often it looks.").min(1),
      wright::option("priority", &Alert::priority, "Its priority.").choices("low", "normal", "high"),
      wright::option("notify", &Alert::notify, "Names of notifications."),
      wright::option("grace_s", &Alert::grace_s, "It is quiet for so long after it has told."));
};

struct Widget {
  std::string title;
  std::string show = "count";
  std::string field;
  std::string query;
  std::uint32_t limit = 15;
  static constexpr auto options = wright::options(
      wright::option("title", &Widget::title, "Its title.").required(),
      wright::option("show", &Widget::show,
                     "A number (count, average of field), a line over time (histogram, average over time), the most "
                     "frequent values of field (top, pie), or the messages themselves.")
          .choices("count", "average", "histogram", "average_over_time", "top", "pie", "messages"),
      wright::option("field", &Widget::field, "The field, where one is needed."),
      wright::option("query", &Widget::query, "Messages that it is about; all when empty."),
      wright::option("limit", &Widget::limit, "Values of top and pie.").range(1, 100));
};

struct Dashboard {
  std::string name;
  std::string summary;
  std::uint32_t range_s = 86400;
  std::vector<Widget> widgets;
  static constexpr auto options =
      wright::options(wright::option("name", &Dashboard::name, "Its title.").required(),
                      wright::option("summary", &Dashboard::summary, "What it shows."),
                      wright::option("range_s", &Dashboard::range_s, "Time range in seconds.").min(1),
                      wright::option("widgets", &Dashboard::widgets, "Two in a row."));
};

}  // namespace graylog

#include "model/resource_families.hpp"

namespace wright {
namespace {

using enum AttributeType;

constexpr AttributeSpec http_attributes[] = {
    ensure,
    {"body", secret_or_text, false,
     "A JSON object. Every field in it must be in the object that the service has, lists and numbers exactly; what "
     "else is there does not matter. Required unless ensure = \"absent\".",
     true},
    {"send", secret_or_text, false, "What is sent to make or change it, where that is more than body.", true},
    {"find", table, false,
     "The URL is that of a collection: GET lists it, POST adds to it. The object is the member with these fields, a "
     "list there holding the value or an object being what a value says in JSON; the name's part behind \"#\" tells "
     "objects of one collection apart."},
    {"single", boolean, false,
     "With find: GET answers one object instead of a list; it is there when it has these fields, and make_url makes it "
     "so."},
    {"id_field", text, false, "With find: the member's field that completes the URL; \"id\" by default."},
    {"within", text, false, "JSON pointer to the object or the list in what GET answers, such as /inputs."},
    {"read_as", table, false, "Fields of body that GET has by another name."},
    {"unordered", strings, false,
     "Fields, at any depth, whose lists GET has in any order: their members are told apart by their \"id\"."},
    {"password", secret_or_text, false,
     "The object is an account: its password, compared with and stored as a salted hash."},
    {"password_hash_field", text, false, "Field with base64 of a salt of 4 bytes and SHA-256 of salt and password."},
    {"auth_user", text, false, "User for basic authentication."},
    {"auth_password", secret_or_text, false,
     "And password. One that worked before is tried when it is refused, so that a password can be changed by itself."},
    {"headers", table, false, "Request headers; values may be secrets."},
    {"trust", text, false,
     "Of https: \"any\" accepts a self-signed certificate; \"system\" (the default) the host's store."},
    {"restore", strings, false, "Fields of a former object that are sent to put it back; all by default."},
    {"data_url", text, false,
     "GET there answers a list of what the object holds. A rollback removes the object only when that is empty."},
    {"data_count", text, false,
     "JSON pointer to how many things it holds, such as /messages, where GET of data_url answers no list. A number "
     "that is not there yet is 0 with stays_when, as the service itself refuses then; without, a rollback waits some "
     "seconds for it and leaves the object where it does not come."},
    {"data_age_ms", integer, false,
     "How old the number may be: a 0 is believed when it is still 0 so much later. None by default."},
    {"remove_query", text, false, "What DELETE adds to the URL, such as if-empty=true."},
    {"stays_when", strings, false,
     "When the service answers 400, 409 or 412 to a deletion and says one of these texts, others use the object: a "
     "rollback leaves it and goes on."},
    {"ids", table, false,
     "Ids that the service gave to other objects, each by a word: a JSON object with url, find and, as above, within "
     "and id_field. \"{word}\" stands for the id in the URL, body, send, find, make_url, remove_url and remove_body."},
    {"puts_id", boolean, false, "PUT to a member says its id in what it sends, too."},
    {"make_url", text, false, "POST there makes it, instead of PUT to its URL or POST to its collection."},
    {"remove_url", text, false, "POST there takes it away, instead of DELETE."},
    {"remove_body", text, false, "What is sent to remove_url; {} by default."},
    {"stays", boolean, false, "It cannot be taken away: the service forgets it when nothing refers to it any more."},
    {"unit", text, false,
     "The service's unit on this host, which a rollback starts when it does not run, and waits for; gone, what the "
     "service held is gone too. Without it, a rollback leaves what a silent service holds, with a note."},
    {"member_url", text, false,
     "Several hosts have a service that is one, and hold the object together, as long as GET there succeeds. What was "
     "done is taken back only after everything else, and only if it still does: with a host that leaves, the others "
     "keep the object."},
    {"joins", boolean, false,
     "Another host of the component makes it; this one does it only when it is not there then."},
    {"gathers", boolean, false, "It is made when the hosts that join it have come so far, too."},
    {"wait_ms", integer, false,
     "How long an apply waits for the service to answer, and a rollback, which waits 5 minutes at most; 60000 by "
     "default."},
};

}  // namespace

constinit const KindSpec http_kind{
    "http",
    "An object that a service holds behind a REST interface with JSON, by its URL: GET looks, PUT makes or changes, "
    "DELETE removes. A service that does not answer is taken to have none until it is the object's turn.",
    http_attributes};

}  // namespace wright

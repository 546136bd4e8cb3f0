#include "layout.hpp"
#include "text.hpp"

namespace django {
namespace {

std::string beginning(const Superuser& superuser) {
  return "name, password = " + python_literal(superuser.username) + ", " + python_literal(superuser.password.reveal()) +
         "\n";
}

}  // namespace

// A project may have any user model: the name of the login field and whether there is an address are asked from it.
wright::Secret program_that_makes(const Superuser& superuser) {
  std::string program = beginning(superuser) + "email = " + python_literal(superuser.email) + "\nfields = {";
  for (const auto& [name, value] : superuser.fields)
    program += python_literal(name) + ": " + python_literal(value) + ", ";
  program += R"(}
from django.contrib.auth import get_user_model
User = get_user_model()
key = {User.USERNAME_FIELD: name}
address = User.get_email_field_name()
if address != User.USERNAME_FIELD and address in {field.name for field in User._meta.get_fields()}:
    fields[address] = email
user = User._default_manager.filter(**key).first()
if user is None:
    User._default_manager.create_superuser(**key, password=password, **fields)
else:
    for field, value in {**fields, "is_staff": True, "is_superuser": True, "is_active": True}.items():
        setattr(user, field, value)
    user.set_password(password)
    user.save()
)";
  return wright::Secret(program);
}

wright::Secret program_that_logs_in(const Superuser& superuser) {
  return wright::Secret(beginning(superuser) + R"(
import sys
from django.contrib.auth import authenticate, get_user_model
user = authenticate(None, **{get_user_model().USERNAME_FIELD: name, "password": password})
if user is None:
    sys.exit("the name or the password is refused")
if not (user.is_active and user.is_staff and user.is_superuser):
    sys.exit("it is no active superuser")
)");
}

}  // namespace django

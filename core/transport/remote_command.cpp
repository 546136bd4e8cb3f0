#include <string>

#include "transport/remote_agent.hpp"

namespace wright {
namespace {

// Login shells differ: fish gives backslashes a meaning inside single quotes, csh gives "!" one and takes no line
// breaks, and one of csh's words has at most 1023 bytes. So there are none of these below, and both texts are short.
constexpr std::string_view prologue =
    "cd /;umask 077;PATH=/usr/sbin:/usr/bin:/sbin:/bin;LC_ALL=C;export PATH LC_ALL;"
    "r=/var/lib/wright;a=$r/agent;h=@;d=$a/$h;f=$d/wright-agent;";

// Hashing six megabytes takes longer than logging in. What a full check found right is noted with the file's inode,
// size and times; the change time cannot be set by a program, so any change since makes the note worthless. One stat
// for all four: each program that is started costs a millisecond or two. No field of its output holds a ";" itself, and
// the pattern has four, so that each "*" stays within its file.
constexpr std::string_view start =
    "n=$(stat --printf \"%u:%f:%d:%i:%s:%.9Y:%.9Z;\" $r $a $d $f 2>&-);"
    "case $n in 0:41c0:*\";\"0:41c0:*\";\"0:41c0:*\";\"0:81c0:*\";\") ;; *) exit 111;; esac;"
    "n=${n#*;};n=${n#*;};n=${n#*;};v=;[ -f $d/verified ] && read -r v < $d/verified;"
    "[ \"$n\" = \"$v\" ] || { echo \"$h  $f\" | sha256sum -c --status || exit 112;echo \"$n\" > $d/verified; };"
    "exec $f serve";

constexpr std::string_view store =
    "mkdir -p $d || exit 114;"
    "[ \"$(stat --printf \"%u:%F;\" $r $a $d)\" = \"0:directory;0:directory;0:directory;\" ] || exit 113;"
    "chmod 0700 $r $a $d && rm -f $d/verified || exit 114;"
    "t=$d/push.$$;cat > $t || { rm -f $t;exit 114; };"
    "echo \"$h  $t\" | sha256sum -c --status || { rm -f $t;exit 112; };"
    "chmod 0700 $t && sync $t && mv -f $t $f && sync $d || { rm -f $t;exit 114; };"
    "find $d -name \"push.*\" -mmin +60 -delete;"
    "ls -1t $a | grep -xE \"[0-9a-f]{64}\" | grep -vx $h | tail -n +3 | while read -r o;do rm -rf $a/$o;done;exit 0";

std::string command(std::string_view script, std::string_view sha256, bool sudo) {
  std::string text(prologue);
  text.replace(text.find('@'), 1, sha256);
  return std::string(sudo ? "sudo -n " : "") + "/bin/sh -c '" + text.append(script) + "'";
}

}  // namespace

std::string start_command(std::string_view sha256, bool sudo) { return command(start, sha256, sudo); }
std::string store_command(std::string_view sha256, bool sudo) { return command(store, sha256, sudo); }

}  // namespace wright

#!/bin/bash
# What a new user does after installing the packages, as a user without rights, in a folder of their own: compiles the
# examples that came with them, runs them, and calls each. One line for each thing that is true; ends with 1 otherwise.
set -eu
examples=/usr/share/doc
failed=0
good() { echo "ok   $*"; }
bad() { echo "FAIL $*"; failed=1; }

# answers NAME COMMAND…: the command is an example that waits for a call. It is called, and what it says is recorded.
answers() {
  local name=$1 uri= example status=0 loud
  shift
  mkdir -p "$name.run/recordings"
  : >"$name.run/errors"
  timeout 60 "$@" udp:127.0.0.1:0 >"$name.run/output" 2>"$name.run/errors" &
  example=$!
  for _ in $(seq 100); do
    uri=$(sed -n 's/^call //p' "$name.run/errors")
    [ -z "$uri" ] || break
    sleep 0.1
  done
  timeout 40 rcml call "$uri" --document listen.xml --listen udp:127.0.0.1:0 --recordings "$name.run/recordings" --json \
    >"$name.run/events" 2>"$name.run/messages" || status=$?
  wait $example || status=$?
  # Samples that are louder than noise: somebody spoke.
  loud=$(cat "$name.run"/recordings/*.wav 2>/dev/null | od -An -v -w2 -t d2 | awk '$1 > 2000 || $1 < -2000 { n++ } END { print n + 0 }')
  if [ $status = 0 ] && grep -q '"event":"answered"' "$name.run/events" && grep -q '^ended: completed' "$name.run/output" \
    && [ "$loud" -gt 500 ]; then
    good "$name answers a call and says hello"
  else
    bad "$name (status $status, $loud loud samples)"
    tail -n 20 "$name.run"/errors "$name.run"/output "$name.run"/events "$name.run"/messages
  fi
}

echo '<Response><Record maxLength="20" timeout="10" playBeep="false"/></Response>' >listen.xml
if command -v swift >/dev/null || ldd /usr/bin/rcml /usr/lib/*/librcml.so.0 | grep -qi swift; then
  bad "Swift is here"
else
  good "no Swift, and none is asked for"
fi
cp "$examples/librcml-dev/examples/hello.c" "$examples/lua-rcml/examples/hello.lua" .
cc hello.c $(pkg-config --cflags --libs rcml) -o hello
[ "$(wc -l <hello.c)" -lt 25 ] && good "hello.c has $(wc -l <hello.c) lines" || bad "hello.c is longer than 24 lines"
[ "$(wc -l <hello.lua)" -le 10 ] && good "hello.lua has $(wc -l <hello.lua) lines" || bad "hello.lua is longer than 10 lines"
answers hello ./hello
cc -static hello.c $(pkg-config --static --cflags --libs rcml) -o hello-static 2>static.warnings || cat static.warnings
answers hello-static ./hello-static
for lua in lua5.1 luajit lua5.3 lua5.4; do answers "$lua" "$lua" hello.lua; done
echo '<Response><Dial><Sip>sip:alice@192.0.2.7</Sip></Dial></Response>' >dial.xml
if rcml check dial.xml && rcml simulate dial.xml >ladder 2>&1 && grep -q 200 ladder; then good "rcml check, rcml simulate"; else
  bad "rcml check, rcml simulate"
fi
exit $failed

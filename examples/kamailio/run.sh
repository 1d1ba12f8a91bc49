#!/usr/bin/env bash
# Kamailio, rcml and two phones on one machine, and a call: run.sh peer|inside
# ADDRESS (127.0.0.1) is where all of them are, with ports 5060, 5070, 5080, 5090 and 8000. It wants rcml in PATH, Debian's
# kamailio and, for inside, kamailio-lua-modules and rcml's module for Lua 5.1 where Lua looks for it (LUA_PATH, LUA_CPATH).
set -euo pipefail
shape=${1:-}
case "$shape" in peer | inside) ;; *) sed -n '2,4s/^# //p' "$0" >&2; exit 2 ;; esac
cd "$(dirname "$0")"
at=${ADDRESS:-127.0.0.1}
PATH=$PATH:/usr/sbin
work=$(mktemp -d)
running=()
cleanup() {
  for process in "${running[@]}"; do kill "$process" 2>/dev/null || true; done
  wait
  rm -rf "$work"
}
trap cleanup EXIT
begin() { "$@" & running+=($!); }

# Kamailio, with addresses of its own.
documents=$PWD/documents
[ "$shape" = inside ] || documents=http://$at:8000
mkdir "$work/run"
begin kamailio -f $shape.cfg -DD -E -m 64 -M 8 -Y "$work/run" -P "$work/pid" \
  -A PROXY_SOCKET="udp:$at:5060" -A PROXY="$at:5060" -A RCML_IP="$at" -A RCML_PORT=5070 -A DOCUMENTS="$documents" \
  -A SCRIPT="\"$PWD/inside.lua\"" -A CONTROL="\"unix:$work/control\""

# rcml beside it: what Kamailio says in X-RCML-URL is fetched from a web server.
if [ "$shape" = peer ]; then
  begin python3 -m http.server --bind "$at" --directory documents 8000
  begin rcml serve --listen "udp:$at:5070" --url-from header:X-RCML-URL --method GET --trust "$at" \
    --set "outbound_proxy=sip:$at:5060;lr" --set from_domain=example.org --set trust_domain=true
fi

# Bob's phone, which hangs up after a second, is where Kamailio looks for bob; alice is who calls.
begin rcml answer --listen "udp:$at:5090" --ring 0.5 --hangup 1
begin rcml answer --listen "udp:$at:5080"
for _ in $(seq 50); do
  kamcmd -s "unix:$work/control" ul.add location bob "sip:bob@$at:5090" 0 1.0 s: 0 0 7967 >"$work/added" 2>&1 && break
  sleep 0.1
done
sleep 1
cat >"$work/call.xml" <<XML
<Response><Dial><Sip username="alice" password="alice-secret">sip:ring@$at:5060</Sip></Dial></Response>
XML
echo "alice calls ring@example.org, and ring.xml dials bob"
rcml call "sip:alice@$at:5080" --from sip:alice@example.org --document "$work/call.xml" --listen "udp:$at:0" 2>&1 \
  | tee "$work/said"
grep -q ' dial completed' "$work/said"

#!/bin/bash
# rewriting.sh [ADDRESSES] - the same addresses through `sendmail -bt -C site.cf` and through out/sendmail -bt -C site.cf, with the .cf that GNU m4 and the sendmail-cf library make:
# rulesets 3,0 for each. Both print every step of the outermost rulesets; the output must be equal. The time of a run with one address is taken away as start-up; three runs
# each, in turn, the median. A third figure is our engine without printing (tests/Postrider.Benchmarks rewriting), which is what the daemon does.
# Needs root, m4, Debian's sendmail-bin and sendmail-cf unpacked (eng/peers.sh) and out/ (make build).
set -eu
cd "$(dirname "$0")/.."
count=${1:-100000}
peers=${PEERS:-/opt/peers}
for place in "$peers"/sendmail{-bin,,-bench}/usr/libexec/sendmail/sendmail; do [ -x "$place" ] && theirs=$place && break; done
for place in "$peers"/sendmail{-cf,,-bench}/usr/share/sendmail/cf /usr/share/sendmail/cf; do [ -f "$place/m4/cf.m4" ] && library=$place && break; done
[ -x "${theirs:-}" ] && [ -n "${library:-}" ] || { echo "rewriting: no sendmail, or no sendmail-cf: run eng/peers.sh" >&2; exit 69; }
[ -x out/sendmail ] || { echo "rewriting: no out/sendmail: run make build" >&2; exit 69; }
work=$(mktemp -d /tmp/postrider-rewriting-XXXXXX); trap 'rm -rf "$work"' EXIT

cat > "$work/site.mc" <<MC
include(\`$library/m4/cf.m4')dnl
OSTYPE(\`linux')dnl
define(\`confDOMAIN_NAME', \`mx.bench.test')dnl
LOCAL_DOMAIN(\`bench.test')dnl
MASQUERADE_AS(\`bench.test')dnl
FEATURE(\`nocanonify')dnl
FEATURE(\`no_default_msa')dnl
FEATURE(\`accept_unresolvable_domains')dnl
MAILER(\`local')dnl
MAILER(\`smtp')dnl
MC
m4 -D_CF_DIR_="$library/" "$work/site.mc" > "$work/site.cf"
awk -v n="$count" 'BEGIN { for (i = 0; i < n; i++) { k = i % 8; u = "user" i; d = "host" (i % 977) ".example" (i % 13) ".org"
    if (k == 0) a = u; else if (k == 1) a = u "@bench.test"; else if (k == 2) a = u "@" d; else if (k == 3) a = "First Last <" u "@" d ">"
    else if (k == 4) a = "<@a.test,@b.test:" u "@" d ">"; else if (k == 5) a = d "!" u; else if (k == 6) a = u "%" d "@mx.bench.test"; else a = "\"" u " x\"@[192.0.2." (i % 250) "]"
    print "3,0 " a } }' > "$work/all"
head -1 "$work/all" > "$work/one"

run() { # program input output: seconds
    local begun=$EPOCHREALTIME
    unshare --uts /bin/sh -c 'hostname mx.bench.test; exec "$0" -bt -C "$1" < "$2" > "$3" 2>&1' "$1" "$work/site.cf" "$work/$2" "$work/$3"
    awk -v a="$begun" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.3f", b - a }'
}
ours=$PWD/out/sendmail
for round in 1 2 3; do
    for who in theirs ours; do
        one=$(run "${!who}" one "$who.one"); all=$(run "${!who}" all "$who.all")
        echo "$one $all" >> "$work/$who.times"
    done
done
cmp -s "$work/theirs.all" "$work/ours.all" && equal=equal || equal="DIFFERENT: $(diff "$work/theirs.all" "$work/ours.all" | grep -c '^[<>]') lines"
for who in theirs ours; do
    sort -k2 -n "$work/$who.times" | awk -v who=$who -v n="$count" 'NR == 2 { printf "%-7s start-up %.3f s, %d addresses %.3f s: %.0f addresses/s, start-up taken away\n", who, $1, n, $2, (n - 1) / ($2 - $1) }'
done | tee "$work/figures"
awk '{ split($0, f, ": "); rate[$1] = f[2] + 0 } END { printf "ours / theirs: %.1f; output %s\n", rate["ours"] / rate["theirs"], EQ }' EQ="$equal" "$work/figures"
dotnet run -v q -c Release --project tests/Postrider.Benchmarks -- rewriting "$work/site.cf" "$work/all"

#!/bin/bash
# Installs what building and testing need beyond the .NET SDK, from Debian's packages, as root or with sudo; where that is not allowed it says what is missing and
# goes on (tests that need a missing component are then skipped, counted and named). Nothing is installed as a mail server: peers are unpacked, not installed.
# usage: eng/setup.sh [build|test]   (default test: everything)
set -u
cd "$(dirname "$0")/.."
want=${1:-test}
command -v dotnet >/dev/null || { echo "setup: the .NET SDK 10 is not on PATH (https://dot.net)" >&2; exit 69; }

declare -A packages=([make]=make [openssl]=openssl)
[ "$want" = test ] && packages+=([swaks]="swaks libnet-ssleay-perl libauthen-sasl-perl libdigest-hmac-perl" [gsasl]=gsasl [saslpasswd2]=sasl2-bin [python3]=python3 [m4]=m4 [setpriv]=util-linux [ip]=iproute2)
missing=()
for program in "${!packages[@]}"; do command -v "$program" >/dev/null || missing+=(${packages[$program]}); done
[ "$want" = test ] && command -v swaks >/dev/null && ! swaks --support 2>/dev/null | grep -q "^=== TLS supported" && missing+=(libnet-ssleay-perl)
[ "$want" = test ] && command -v swaks >/dev/null && ! perl -MAuthen::SASL -MDigest::HMAC_MD5 -e 1 2>/dev/null && missing+=(libauthen-sasl-perl libdigest-hmac-perl)

as_root=""
[ "$(id -u)" = 0 ] || { as_root=none; command -v sudo >/dev/null && sudo -n true 2>/dev/null && as_root="sudo -n"; }
if [ ${#missing[@]} -gt 0 ]; then
    if [ "$as_root" = none ] || ! command -v apt-get >/dev/null; then
        echo "setup: not allowed to install: ${missing[*]}" >&2
    else
        $as_root apt-get update -qq
        DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null || echo "setup: could not install ${missing[*]}" >&2
    fi
fi

# The user the daemon becomes when it is started as root.
if [ "$as_root" != none ] && ! getent passwd postrider >/dev/null; then
    $as_root useradd --system --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin postrider || echo "setup: could not make the user postrider" >&2
fi

[ "$want" = test ] && [ "$as_root" != none ] && $as_root eng/peers.sh
exit 0

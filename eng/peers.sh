#!/bin/bash
# Unpacks the peers that tests talk to (Postfix with its load tools; the sendmail-cf library and the sendmail it belongs to; slapd) below /opt/peers, from Debian's packages. Nothing is installed: no service
# starts, no mail-transport-agent of this machine is replaced. Needs root (users of a running Postfix). Runs again without effect.
set -u
P=${PEERS:-/opt/peers}
mkdir -p "$P/debs" && cd "$P/debs" || exit 1
fetch() { # package directory
    [ -d "$P/$2/usr" ] && return
    ls "$1"_*.deb >/dev/null 2>&1 || apt-get download -qq "$1" 2>/dev/null || { apt-get update -qq && apt-get download -qq "$1"; } || { echo "peers: no $1" >&2; return; }
    mkdir -p "$P/$2" && dpkg -x "$1"_*.deb "$P/$2"
}
fetch postfix postfix
fetch sendmail-cf sendmail-cf
fetch sendmail-bin sendmail-bin
fetch slapd slapd
fetch libltdl7 libltdl7
libraries="libicu72 libnsl2 libsasl2-2 libssl3 libdb5.3 libldap-2.5-0 liblockfile1 libwrap0"
dpkg -s $libraries >/dev/null 2>&1 || DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $libraries >/dev/null || echo "peers: could not install $libraries" >&2
for group in postfix postdrop; do getent group $group >/dev/null || groupadd --system $group; done
getent passwd postfix >/dev/null || useradd --system --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin -g postfix postfix
[ -e /usr/lib/postfix ] || ln -s "$P/postfix/usr/lib/postfix" /usr/lib/postfix
chgrp postdrop "$P"/postfix/usr/sbin/post{drop,queue} && chmod g+s "$P"/postfix/usr/sbin/post{drop,queue}
exit 0

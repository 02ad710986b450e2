#!/bin/bash
# rules.sh [FILES [FIRST]] - generated rules and addresses through a real `sendmail -bt` and through our address test mode, 40 addresses a file; the output must be equal
# octet for octet. Needs root and Debian's sendmail-bin unpacked (eng/peers.sh, or oracle.sh setup); SENDMAIL_BT names another sendmail. Default 1000 files from seed 1.
set -eu
cd "$(dirname "$0")/.."
export SENDMAIL_BT_FILES=${1:-1000} SENDMAIL_BT_FROM=${2:-1}
[ -n "${SENDMAIL_BT:-}" ] || for place in "${PEERS:-/opt/peers}"/sendmail{-bin,,-bench}/usr/libexec/sendmail/sendmail; do [ -x "$place" ] && export SENDMAIL_BT=$place && break; done
[ -x "${SENDMAIL_BT:-}" ] || { echo "rules: no sendmail: run eng/peers.sh" >&2; exit 69; }
[ "$(id -u)" = 0 ] || { echo "rules: needs root" >&2; exit 77; }
echo "rules: $SENDMAIL_BT_FILES files, $((SENDMAIL_BT_FILES * 40)) addresses, seeds from $SENDMAIL_BT_FROM, against $SENDMAIL_BT"
exec dotnet test tests/Postrider.Tests --nologo --filter FullyQualifiedName~SendmailDifferentialTests

#!/bin/bash
# Runs every test project, one result file each, and closes with 'N passed, N failed'. usage: eng/test.sh [--allow-skips]
set -u
cd "$(dirname "$0")/.."
rm -rf TestResults
mkdir -p TestResults
runner=""
peers=${PEERS:-/opt/peers}
[ -d "$peers/sendmail-cf/usr/share/sendmail/cf" ] && export SENDMAIL_CF="$peers/sendmail-cf/usr/share/sendmail/cf"
dotnet build Postrider.slnx -v q --nologo || exit 1
for project in tests/*/*.csproj; do
    name=$(basename "$project" .csproj)
    [ "$name" = Postrider.Testing ] && continue
    [ "$name" = Postrider.Benchmarks ] && continue
    [ "$name" = Postrider.Queue.KillTarget ] && continue # a program that tests kill
    echo "== $name"
    dotnet test "$project" --no-build --nologo -v q --logger "trx;LogFileName=$name.trx" --results-directory TestResults || runner=--runner-failed
done
python3 eng/counts.py TestResults $runner "$@"

#!/bin/bash
# Publishes out/postrider (self-contained single file, trimmed, ReadyToRun) and links the names beside it.
set -eu
cd "$(dirname "$0")/.."
case "$(uname -m)" in x86_64) rid=linux-x64 ;; aarch64) rid=linux-arm64 ;; *) echo "build: no runtime for $(uname -m)" >&2; exit 69 ;; esac
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false DOTNET_SKIP_WORKLOAD_INTEGRITY_CHECK=1
[ -x out/postrider ] || echo "building out/postrider (a minute or two the first time)" >&2
dotnet publish src/Postrider -c Release -r $rid --nologo -v q -p:PostriderPublish=true -o out.new >&2
rm -rf out && mv out.new out
rm -f out/*.pdb out/*.xml out/*.dbg
for name in sendmail mailq newaliases makemap editmap praliases hoststat purgestat smrsh; do ln -sf postrider out/$name; done

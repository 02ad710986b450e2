# Postrider. `make` alone prints what there is.
.PHONY: help build test run demo format clean
NAMES = sendmail mailq newaliases makemap editmap praliases hoststat purgestat smrsh

help:
	@echo 'make run      sets up and runs a mail server on unprivileged ports, with certificates and a user of its own'
	@echo 'make demo     the same, ending by itself: one message over STARTTLS and AUTH, one stranger refused'
	@echo 'make test     all tests; closes with "N passed, N failed"'
	@echo 'make build    out/postrider and its names ($(NAMES))'
	@echo 'make format   formats the code'
	@echo 'make clean    removes what the others made, except var/'

build:
	@eng/setup.sh build
	@eng/build.sh

test: build
	@eng/setup.sh test
	@eng/test.sh $(if $(CI),,--allow-skips)

run: build
	@out/postrider quickstart

demo: build
	@out/postrider quickstart --demo

format:
	dotnet format Postrider.slnx

clean:
	rm -rf out artifacts TestResults
	find src tests -type d \( -name bin -o -name obj \) -prune -exec rm -rf {} +

# Each target installs what it needs itself, and works from a clean clone.

.PHONY: help run test test-systemd lint bench install deb

help:
	@echo 'make run    build, start everything with a demo firm, tell the address to open, until Ctrl-C'
	@echo 'make test   check the form, build, run every test'
	@echo 'make test-systemd   build the package and test it in a Debian of its own, under a real systemd (as root)'
	@echo 'make install   put everything built where a Debian system has it, below DESTDIR'
	@echo 'make deb    build the package for Debian, into .build/'
	@echo 'make lint   check the form of the code'
	@echo 'make bench  measure the gate, codes, pages and the queue beside their floors; the results go to docs/benchmarks.md'

run:
	@scripts/run

test:
	@scripts/test

test-systemd:
	@scripts/test-systemd

install:
	@scripts/install

deb:
	@scripts/deb

lint:
	@scripts/lint

bench:
	@scripts/bench

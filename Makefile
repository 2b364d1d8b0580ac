# Each target installs what it needs itself, and works from a clean clone.

.PHONY: help run test lint bench

help:
	@echo 'make run    build, start everything with a demo firm, tell the address to open, until Ctrl-C'
	@echo 'make test   check the form, build, run every test'
	@echo 'make lint   check the form of the code'
	@echo 'make bench  measure the gate, codes, pages and the queue beside their floors; the results go to docs/benchmarks.md'

run:
	@scripts/run

test:
	@scripts/test

lint:
	@scripts/lint

bench:
	@scripts/bench

# Each target installs what it needs itself, and works from a clean clone.

.PHONY: help run test lint bench

help:
	@echo 'make run    build, start the three services with a demo firm, show text messages until Ctrl-C'
	@echo 'make test   check the form, build, run every test'
	@echo 'make lint   check the form of the code'
	@echo 'make bench  measure Authorize beside a C echo server; the result goes to docs/benchmarks.md'

run:
	@scripts/run

test:
	@scripts/test

lint:
	@scripts/lint

bench:
	@scripts/bench

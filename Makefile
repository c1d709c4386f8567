# SPDX-License-Identifier: Apache-2.0
# A thin front door: CMake does the building (CMakePresets.json), scripts/ the checking.

PREFIX ?= /usr/local
JOBS ?= $(shell nproc 2>/dev/null || echo 2)
MAKEFLAGS += --no-print-directory

# $(call preset,NAME) configures build/NAME once and brings it up to date.
preset = { test -f build/$(1)/Makefile || cmake --preset $(1) >/dev/null; } \
	&& cmake --build --preset $(1) --parallel $(JOBS)

# Others' parsers are fetched and compiled for these two: minutes, and no part of the gate.
.PHONY: all demo check check-foreign check-vector bench bench-peers bench-python differential fuzz \
	fuzz-merge sim sim-pairs \
	install abi bindings format lint valgrind coverage clean help

all: ## build the optimised library and the tool, build/flowenrich
	@$(call preset,release)
	@ln -sf release/flowenrich build/flowenrich

demo: all ## answer four questions about the sample in examples/data
	@sh scripts/demo build/flowenrich build/demo

check: ## run the gate: every lane of scripts/check (CHECK=all: a skip fails)
	@JOBS=$(JOBS) scripts/check

check-foreign: ## the tests on emulated ARM (NEON) and big-endian s390x
	@JOBS=$(JOBS) scripts/check foreign

check-vector: ## the Lua module in a program built as Vector builds its Lua (Rust)
	@JOBS=$(JOBS) scripts/check vector

bench: all ## records a second beside memchr and libdeflate; instructions a record
	@JOBS=$(JOBS) scripts/bench

bench-peers: ## other people's parsers beside ours, on the same lines; and groups beside DuckDB
	@python3 -B bench/peers/run
	@python3 -B bench/peers/groups

bench-python: all ## the Python package beside C and flowlogs-reader, on the same lines
	@scripts/lanes/python >build/check/python.log || { cat build/check/python.log; false; }
	@PYTHONPATH=build/check/python/site build/venv/bin/python -B bench/python

differential: ## VRL's parser against ours, line by line
	@python3 -B bench/peers/differential

fuzz: ## run each fuzzer for FUZZ_SECONDS (10), and enter it into docs/fuzzing.md
	@$(call preset,fuzz)
	@scripts/fuzz build/fuzz/tests $(or $(FUZZ_SECONDS),10) docs/fuzzing.md

fuzz-merge: ## take the inputs that make fuzz learned into the tree
	@$(call preset,fuzz)
	@scripts/fuzz-merge build/fuzz/tests

sim: ## who is named rightly in a simulated fleet, of SIM_ENDS (1000000) ends a setting
	@$(call preset,release)
	@scripts/sim build/release/tests/sim $(or $(SIM_ENDS),1000000)

sim-pairs: ## how true conversations are in a simulated network, of SIM_TALKS (10000) exchanges a setting
	@$(call preset,release)
	@scripts/sim-pairs build/release/flowenrich $(or $(SIM_TALKS),10000)

install: all ## install tool, header, static and shared library (PREFIX, DESTDIR)
	@$(call preset,shared)
	cmake --install build/release --prefix $(PREFIX)
	cmake --install build/shared --prefix $(PREFIX)

abi: ## record the ABI of the shared library, when it is meant to change
	@JOBS=$(JOBS) scripts/abi abi/flowenrich.abi

bindings: ## make anew what bindings/go has of SWIG and of the list of lib/'s sources
	@scripts/bindings

format: ## lay out all C sources as .clang-format says
	@scripts/format -i

lint: ## the rules of the house that need no test run
	@scripts/check lint

valgrind: ## run the tests under valgrind's memcheck
	@JOBS=$(JOBS) VALGRIND_TESTS=all scripts/lanes/valgrind

coverage: ## tell which lines of lib/ no test runs
	@JOBS=$(JOBS) scripts/coverage

clean: ## forget everything built
	rm -rf build

help: ## say this
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 14

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup test nightly fuzz lint docs dev bench clean

ILIOS := $(or $(CARGO_TARGET_DIR),target)/release/ilios
SHIPPED := $(or $(CARGO_TARGET_DIR),target)/dist/ilios
DEBUG := $(or $(CARGO_TARGET_DIR),target)/debug/ilios
# Networks of their own for the nodes of a test, and a disk that is full, are what only root may make.
ALLOWED := $(if $(filter 0,$(shell id -u)),,-E 'not (test(cut_off) | test(full_disk))')
# Most tests wait for something more than they compute.
TEST_THREADS := $(shell echo $$((2 * $$(getconf _NPROCESSORS_ONLN))))

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-7s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Install what the build needs, build, convert a first document
	@scripts/install-build-packages.sh
	cargo build --release --locked --bin ilios
	@echo 'ilios convert samples/annual-report.pdf:'
	@markdown=$$($(ILIOS) convert samples/annual-report.pdf); sed -n 1,24p <<<"$$markdown"
	@echo "… Ilios is ready: $(ILIOS)"

test: ## Install what the tests need, run all of them
	@scripts/install-test-packages.sh
	cargo test --workspace --locked --doc
	cargo nextest run --workspace --locked --features crash-points --test-threads $(TEST_THREADS) $(ALLOWED)
	@if [ "$$(id -u)" != 0 ]; then echo 'Not tested: nodes cut off from a service, and a full disk; both need root.'; fi

nightly: ## As root: some five hundred kills, fifty cuts of networks, many random histories, all hostile files, a soak
	@scripts/install-test-packages.sh
	CRASH_KILLS=$(or $(CRASH_KILLS),520) CRASH_CUTS=$(or $(CRASH_CUTS),50) \
		CRASH_DOCUMENTS=$(or $(CRASH_DOCUMENTS),5000) PROPTEST_CASES=$(or $(PROPTEST_CASES),4000) \
		CONVERSIONS=$(or $(CONVERSIONS),2000) READERS=$(or $(READERS),1000) \
		cargo nextest run --profile nightly --workspace --locked --features crash-points \
		--no-capture -E 'binary(crash) | test(conformance) | test(many_conversions_in_a_row) | test(reused_children) | test(a_thousand_readers)'
	HOSTILE=all FUZZ_ROUNDS=$(or $(FUZZ_ROUNDS),20000) MUTANTS=$(or $(MUTANTS),20000) \
		cargo nextest run --profile nightly --workspace --locked --features crash-points \
		--no-capture -E 'binary(hostile) | package(ilios-fuzz)'
	SOAK_SECONDS=$(or $(SOAK_SECONDS),1800) \
		cargo nextest run --profile nightly --release --locked --package ilios --no-capture -E 'binary(soak)'

fuzz: ## Look for inputs that break a property, FUZZ_SECONDS each; needs a nightly toolchain
	@scripts/install-build-packages.sh
	@scripts/fuzz.sh

lint: ## Check format, lints, dependencies, documentation, deploy/ and the words of the code
	@scripts/install-build-packages.sh
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked --features crash-points -- -D warnings
	RUSTDOCFLAGS='-D warnings' cargo doc --workspace --no-deps --locked
	scripts/check-dependencies.sh
	scripts/check-deploy.sh
	scripts/check-words.sh

docs: ## Write the pages that the program generates: variables, errors, OpenAPI
	cargo build --quiet --locked --bin ilios
	$(DEBUG) reference configuration > docs/configuration.md
	$(DEBUG) reference errors > docs/errors.md
	$(DEBUG) reference output > docs/output.md
	$(DEBUG) openapi > openapi.json

dev: ## Run the server, restart it at every save
	@scripts/dev.sh

bench: ## Measure speed and memory of what is shipped; with CORPUS=folder also conversion quality
	@scripts/install-build-packages.sh
	cargo build --profile dist --locked --bin ilios --example queue_speed
	bench/run.sh $(SHIPPED) $(CORPUS)

clean: ## Remove what was built
	cargo clean
	rm -rf bench/.venv

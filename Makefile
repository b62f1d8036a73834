# The two commands of the README are `go run ./cmd/depesche demo` and `make check`.
SHELL := /usr/bin/env bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

GOLANGCI_VERSION := v2.15.0
BIN := $(CURDIR)/bin

.PHONY: bench-large help check check-slow quick tools lint assets test browser cross bench soak bench-checks bench-memory bench-live bench-engine build fuzz

help: ## What there is to make
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

check: ## All tests; on Debian as root it first brings what they need
	@tools/check

check-slow: ## The validators: HTML, axe, Lighthouse, schemas; brings Chromium, Node and Java as check does
	@tools/checkslow

quick: ## Format, vet and tests on SQLite, without race detector and browser
	@test -z "$$(gofmt -l cmd internal tools)" || { gofmt -l cmd internal tools; exit 1; }
	go vet ./...
	go test ./...

lint: $(BIN)/golangci-lint-$(GOLANGCI_VERSION) ## The linter alone
	$(BIN)/golangci-lint-$(GOLANGCI_VERSION) run ./...

$(BIN)/golangci-lint-$(GOLANGCI_VERSION):
	GOBIN=$(BIN) go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_VERSION)
	mv $(BIN)/golangci-lint $@

assets: ## Bundle scripts and styles into dist/ (needs Node for the desk's editor)
	go run ./tools/assets

build: ## A static binary in bin/
	CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o $(BIN)/depesche ./cmd/depesche

cross: ## Proves that it builds without cgo for amd64 and arm64
	CGO_ENABLED=0 GOOS=linux GOARCH=amd64 go build -o /dev/null ./cmd/depesche
	CGO_ENABLED=0 GOOS=linux GOARCH=arm64 go build -o /dev/null ./cmd/depesche

bench: ## The numbers of docs/performance.md; on Debian as root it first brings PostgreSQL, nginx and wrk
	@tools/measure

soak: ## Ten minutes of readers while stories go out, are corrected and withdrawn; every byte is looked at
	go run ./tools/soak

bench-large: ## The numbers of docs/growth.md: 1,000,000 stories beside 100,000; half an hour, and 12 GB in /tmp
	go run ./tools/bench -only growth -large 1000000 -languages en -words 80 -out docs/growth.md

bench-checks: ## The tables of docs/checks.md: false alarms and planted faults
	go run ./tools/benchchecks

bench-memory: ## The numbers of docs/memory.md: a memory of 1,000,000 units on each database
	go run ./tools/testpg -durable -- go run ./tools/memorybench

bench-live: ## The numbers of docs/live.md: how soon open desks hear of a save, on each database
	go run ./tools/testpg -durable -- go run ./tools/livebench

bench-engine: ## The numbers of docs/engine.md: the embedded engine (needs npm once)
	go run ./tools/bench/engine

fuzz: ## Each fuzz target for 30 seconds
	@tools/fuzz

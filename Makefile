# The verbs of this project. `make run` is all that a stranger needs; `make` alone lists the rest.
# PYTHON=/path/to/python3.12 picks another Python; PORT, HOST, HTTPS=1 and SINWON_VAR are honoured by `make run`.

SHELL := /bin/bash
MAKEFLAGS += --no-print-directory
python := .venv/bin/python
.DEFAULT_GOAL := help

# Where the shell forbids bytecode, as Docker's images do, every process would compile all packages anew (a worker: 5 s of
# its 7). It is kept out of the sources instead.
ifneq ($(PYTHONDONTWRITEBYTECODE),)
unexport PYTHONDONTWRITEBYTECODE
export PYTHONPYCACHEPREFIX ?= $(CURDIR)/.venv/bytecode
endif

.PHONY: help
help:  ## list these verbs
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

.PHONY: setup
setup:  ## make .venv, secrets, database, translations: the first half of `make run`
	@deploy/setup.sh

.PHONY: run
run: setup  ## start everything on this machine (PORT=8000 HOST=127.0.0.1; HTTPS=1 for a phone's camera)
	@deploy/demo-officers.sh
	@deploy/docs.sh --later
	@exec $(python) manage.py up

.PHONY: officers
officers: setup  ## give the demo officers new passwords and second factors
	@$(python) manage.py officers

.PHONY: code
code: setup  ## print the demo officers' current codes, as their authenticator apps would (OFFICER=reviewer for one)
	@$(python) manage.py officers --code $(OFFICER)

.PHONY: test
test: setup-test  ## run the tests, in two workers (ARGS="-k name" picks some, in one process)
	@$(python) -m pytest $(or $(ARGS),--numprocesses 2)

.PHONY: test-all
test-all: setup-test  ## every test, the long ones too; again on PostgreSQL; the product on Redis, RabbitMQ, SQS and S3 (half an hour)
	@deploy/test-all.sh $(ARGS)

.PHONY: setup-test
setup-test:  ## make test without the tests: developers' packages, browser, fonts
	@deploy/setup-test.sh

.PHONY: check
check:  ## lint, format, types, import layers, migrations, translations, deployment settings
	@deploy/check.sh

.PHONY: docs
docs: .venv/dev  ## build the documentation, strictly, into var/docs (served at /docs/)
	@deploy/docs.sh --strict

.PHONY: format
format: .venv/dev  ## format the sources and mend what ruff can mend
	@$(python) -m ruff format
	@$(python) -m ruff check --fix

.PHONY: messages
messages: .venv/dev  ## collect the texts to translate into locale/
	@$(python) deploy/catalogue.py update

.PHONY: bench-reader
bench-reader:  ## how well and how fast the reader reads, beside others (ARGS="--cards 1000 --peers 60 --write")
	@deploy/setup-bench.sh
	@$(python) -m bench.reader $(or $(ARGS),--cards 100 --peers 20)

.PHONY: bench
bench: setup-test  ## what the product adds to a bare call, written to docs/performance.md (ARGS="--cases 1000000")
	@$(python) -m bench.pipeline $(ARGS)

.PHONY: chaos
chaos: setup-test  ## the fault drill: every fault at once, then what became of each picture (ARGS="--documents 100 --seconds 60")
	@$(python) -m chaos $(ARGS)

.PHONY: chaos-all
chaos-all: setup-test  ## the fault drill on all three stacks: embedded, PostgreSQL + Redis, PostgreSQL + RabbitMQ
	@deploy/chaos-all.sh $(ARGS)

.PHONY: fuzz
fuzz: .venv/dev  ## coverage-guided fuzzing of the picture child and the wire (MINUTES=60)
	@$(python) -m tests.fuzz --minutes $(or $(MINUTES),60)

.PHONY: sbom
sbom: .venv/dev  ## what the product is made of, as CycloneDX JSON, from the locked requirements
	@deploy/sbom.sh

.PHONY: lock
lock:  ## pin the packages of pyproject.toml anew, with hashes (needs a network)
	@deploy/lock.sh

.PHONY: clean
clean:  ## remove .venv and caches; var/ with its data and keys stays
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	find locale -name '*.mo' -delete

# The developers' packages alone, without the system packages of the tests.
.PHONY: .venv/dev
.venv/dev:
	@deploy/packages.sh --dev

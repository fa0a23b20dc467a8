# make        这页帮助 / this help
# 第一次 make demo 会先完成 setup；之后只做有变化的部分。
# The first `make demo` sets everything up; later ones do only what has changed.

PYTHON := $(firstword $(foreach name,python3.11 python3.12 python3.13 python3,$(shell command -v $(name))))
BIN    := .venv/bin
CATALOGUE := src/tanbiao/platform/locale/en/LC_MESSAGES/django
export DJANGO_SETTINGS_MODULE := tanbiao.site.settings

.PHONY: help setup demo test check bench bench-engine bench-library bench-search lock clean
.DEFAULT_GOAL := help

help:  ## 列出命令 / list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

setup: .venv/ready node_modules/ready $(CATALOGUE).mo  ## 准备 .venv 与前端，不启动任何程序 / prepare .venv and front end; starts nothing

demo: setup  ## 全流程演示，然后打开 http://localhost:8000 / the main job end to end, then the web site
	@$(BIN)/tanbiao demo

test: setup  ## 全部测试 / all tests
	@$(BIN)/python tools/browser.py
	$(BIN)/pytest -n auto --dist loadfile

check: setup  ## 格式、类型、楼层、迁移、译文、接口 / style, types, floors, migrations, translations, API
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -W ignore::RuntimeWarning -m django makemigrations --check --dry-run
	$(BIN)/python tools/messages.py check
	$(BIN)/python tools/api_snapshot.py check

bench: setup  ## 日常命令测速 / how long everyday commands take
	@$(BIN)/python benchmarks/everyday.py

bench-engine: .venv-bench/ready  ## 计算引擎与 Brightway 对比测速 / the engine beside Brightway, in an environment of its own
	@.venv-bench/bin/python benchmarks/engine.py

bench-library: setup  ## 导入全部案例与两万个过程的数据库测速 / imports of all cases and of 20,000 processes, timed
	@$(BIN)/python benchmarks/library_import.py

bench-search: setup  ## 五万个数据集中查找测速 / searches among 50,000 data sets, timed
	@$(BIN)/python benchmarks/library_search.py

# UPGRADE=1 takes newer versions; without it, only what changed in the .in files
lock: .venv/ready  ## 重写带散列值的依赖清单 / rewrite the hashed requirements
	@for name in base dev node bench; do \
	  $(BIN)/uv --quiet pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --custom-compile-command "make lock" $(if $(UPGRADE),--upgrade) \
	    requirements/$$name.in -o requirements/$$name.txt > /dev/null || exit; \
	done

clean:  ## 删除可再生成的一切；保留 var/ 中的数据 / remove all that can be made again; keeps the data in var/
	rm -rf .venv .venv-bench node_modules src/tanbiao/platform/portal/static/vendor src/*.egg-info .*_cache .hypothesis tests/screenshots
	find src tests tools -name __pycache__ -prune -exec rm -rf {} +
	rm -f $(CATALOGUE).mo

.venv/ready: requirements/dev.txt pyproject.toml tools/environment.py
	@echo "安装 Python 依赖 / installing Python packages …"
	@$(or $(PYTHON),echo "请先安装 Python 3.11 / please install Python 3.11 first"; false) tools/environment.py
	@touch $@

.venv-bench/ready: requirements/bench.txt pyproject.toml | .venv/ready
	@echo "安装测速所需的包 / installing what the benchmarks need …"
	@$(BIN)/python -m venv --clear .venv-bench
	@.venv-bench/bin/pip --disable-pip-version-check install --quiet --require-hashes -r requirements/bench.txt
	@.venv-bench/bin/pip --disable-pip-version-check install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

node_modules/ready: package-lock.json tools/front_end.py | .venv/ready
	@echo "安装前端依赖 / installing front-end packages …"
	@$(BIN)/python tools/front_end.py
	@touch $@

%.mo: %.po tools/messages.py | .venv/ready
	@$(BIN)/python tools/messages.py compile

# ouro - `make help` lists the targets.
#
# Objects go to build/<flavour>/, the binaries are build/ouro (release), build/ouro-dev, build/ouro-asan ...
# Sources are found by folder: a new file needs no row here.
MAKEFLAGS += --no-print-directory
CCACHE := $(shell command -v ccache 2>/dev/null)
CC = gcc
CSTD = -std=gnu17 -D_GNU_SOURCE
WARN = -Wall -Wextra -Wshadow -Wmissing-prototypes -Wno-unused-parameter -Wno-missing-field-initializers -Werror
INC = -I. -Ibuild/gen
LIBS = -lgmp -lunistring -lm -ldl -lpthread
# The program: not relocatable (as Debian's python3.11) and with the two libraries inside, where their archives are
# installed: 0.6 MiB less at the start.
STATIC_LIBS = -Wl,-Bstatic -lgmp -lunistring -Wl,-Bdynamic -lm -ldl -lpthread

GC_SRC = $(wildcard gc/*.c)
LANG_SRC = $(wildcard lang/*.c) build/gen/lexer.c build/gen/grammar.c
VM_SRC = $(wildcard vm/*.c vm/*/*.c)
STD_SRC = $(wildcard stdlib/*.c stdlib/*/*.c) build/gen/embedded.c
PY_SRC = $(wildcard stdlib/py/*.py stdlib/py/*/*.py)
ALL_SRC = $(GC_SRC) $(LANG_SRC) $(VM_SRC) $(STD_SRC)

FLAVOUR ?= dev
OPT_dev = -O1 -g -DOU_DEBUG
OPT_release = -O2 -g -fno-pie -no-pie -flto=2 -DNDEBUG $(PROFILE)
PROFILE = -fprofile-use -fprofile-correction -Wno-missing-profile -Wno-coverage-mismatch
OPT_asan = -O1 -g -DOU_DEBUG -fsanitize=address,undefined -fno-omit-frame-pointer
OPT_lib = -O2 -Wno-maybe-uninitialized -g -fPIC -fvisibility=hidden -DNDEBUG
LIBS_release = $(STATIC_LIBS)
LIBS_dev = $(LIBS)
LIBS_asan = $(LIBS)
OBJ = build/$(FLAVOUR)
objs = $(patsubst %.c,$(OBJ)/%.o,$(1))

all: release ## release build: build/ouro
# The first release build trains itself: instrumented objects run the benchmarks, then all is compiled again with what they
# counted (time 0.9, memory at the start 0.85 of a build without).  Later builds use the same counts: `make pgo` renews them.
release: build/release/trained ; @$(MAKE) -j2 FLAVOUR=release build/ouro
build/release/trained:
	@$(MAKE) -j2 FLAVOUR=release PROFILE=-fprofile-generate build/ouro-train
	@for b in tests/bench/*.py; do build/ouro-train $$b >/dev/null || echo "training: $$b failed"; done
	@for n in 1 25; do build/ouro-train -X tracemalloc=$$n tests/bench/dicts.py >/dev/null; done
	@build/ouro-train -c pass
	@find build/release -name '*.o' -delete && rm build/ouro-train && touch $@
dev: ; @$(MAKE) -j2 FLAVOUR=dev build/ouro-dev ## quick incremental build with asserts: build/ouro-dev
asan: ; @$(MAKE) -j2 FLAVOUR=asan build/ouro-asan ## ASan+UBSan build: build/ouro-asan

build/ouro build/ouro-dev build/ouro-asan build/ouro-train: $(call objs,$(ALL_SRC))
	@echo "  LD $@"
	@$(CC) $(OPT_$(FLAVOUR)) -o $@ $^ $(LIBS_$(FLAVOUR))

$(OBJ)/%.o: %.c | gen
	@mkdir -p $(@D)
	@echo "  CC $<"
	@$(CCACHE) $(CC) $(CSTD) $(WARN) $(OPT_$(FLAVOUR)) $(LOOPS) $(INC) -MMD -MP -c $< -o $@

# Text and codecs are loops over arrays, worth vectors at -O2 and without a profile too.
$(OBJ)/vm/text/%.o $(OBJ)/vm/codec/%.o: LOOPS = -ftree-loop-vectorize -fvect-cost-model=dynamic

# generated code: re2c and Lemon templates do not follow our warnings
$(OBJ)/build/gen/%.o: WARN = -Wall -Wno-unused -Werror

gen: build/gen/lexer.c build/gen/grammar.c build/gen/embedded.c
build/gen/embedded.c: $(PY_SRC) scripts/embed.sh
	@mkdir -p build/gen
	scripts/embed.sh $@ $(PY_SRC)
build/gen/lexer.c: lang/lexer.re lang/tokens.def
	@mkdir -p build/gen
	re2c --no-generation-date --no-version -W -Werror -o $@ $<
build/gen/grammar.c build/gen/grammar.h: lang/grammar.y
	@mkdir -p build/gen
	lemon -q -dbuild/gen $< && touch build/gen/grammar.c

# Unit tests by layer: gc_*.c link gc/, lang_*.c gc/ and lang/, vm_*.c everything but main; built with ASan.
UNIT = $(patsubst tests/unit/%.c,%,$(wildcard tests/unit/*_*.c))
setup: ; @scripts/install-packages.sh all ## install the Debian packages that are missing
run: setup release ## set up, build, and show the tour of what the documents describe
	@build/ouro scripts/tour.py
test: setup release ## set up, build, run every test; ends with "N passed, N failed"
	@scripts/test.sh
bench: release ## tests/bench under ouro and CPython in turn: table of CPU time and peak memory
	@python3.11 scripts/bench.py
breadth: release ## short loops over types and library under ouro and CPython in turn: table of CPU time
	@python3.11 scripts/bench.py --breadth
lint: ## upward includes, mutable globals (of the program of `make dev`, if there is one), formatting
	@python3 scripts/check_layers.py
	@if [ -x build/ouro-dev ]; then python3 scripts/check_globals.py build/ouro-dev; fi
	@clang-format --dry-run -Werror $$(git ls-files "*.c" "*.h")
pgo: ## release build with the profile of tests/bench taken anew: build/ouro
	@rm -rf build/release
	@$(MAKE) release
unit-binaries: ; @$(MAKE) -j2 FLAVOUR=asan unit-build
unit: FLAVOUR = asan
unit: ; @$(MAKE) -j2 FLAVOUR=asan unit-build && for t in $(UNIT); do build/unit/$$t || exit 1; done ## build and run the unit tests
unit-build: $(addprefix build/unit/,$(UNIT))
CHECK_LIBS = -lcheck -lsubunit -lrt
UNIT_LINK = @mkdir -p $(@D); $(CC) $(CSTD) $(WARN) -Wno-unused-function $(OPT_$(FLAVOUR)) $(INC) -o $@ $^ $(CHECK_LIBS) $(LIBS)
build/unit/gc_%: tests/unit/gc_%.c $(call objs,$(GC_SRC)) ; $(UNIT_LINK)
build/unit/lang_%: tests/unit/lang_%.c $(call objs,$(GC_SRC) $(LANG_SRC)) ; $(UNIT_LINK)
build/unit/stdlib_edit: tests/unit/stdlib_edit.c $(call objs,$(wildcard stdlib/edit*.c stdlib/inputrc.c)) ; $(UNIT_LINK)
build/unit/vm_%: tests/unit/vm_%.c $(call objs,$(filter-out stdlib/main.c,$(ALL_SRC))) ; $(UNIT_LINK)

# ---- install: make install DESTDIR= PREFIX=/usr/local ----
PREFIX ?= /usr/local
VERSION = $(shell sed -n 's/^\#define OU_VERSION "\(.*\)"/\1/p' stdlib/version.h)
SOVERSION = 0
lib: ; @$(MAKE) -j2 FLAVOUR=lib build/libouro.a build/libouro.so.$(SOVERSION) ## embedding library: build/libouro.a, build/libouro.so
LIB_OBJ = $(call objs,$(filter-out stdlib/main.c,$(ALL_SRC)))
build/libouro.a: $(LIB_OBJ)
	@rm -f $@ && ar rcs $@ $^
build/libouro.so.$(SOVERSION): $(LIB_OBJ)
	@$(CC) -shared -Wl,-soname,libouro.so.$(SOVERSION) -o $@ $^ $(LIBS)
	@ln -sf libouro.so.$(SOVERSION) build/libouro.so
build/options_doc: scripts/options_doc.c stdlib/options.def
	@mkdir -p build && $(CC) -std=gnu17 -Wall -Werror -o $@ $<
build/ouro.1: build/options_doc scripts/ouro.1.in scripts/ouro.1.tail
	@(sed 's/@VERSION@/$(VERSION)/' scripts/ouro.1.in; build/options_doc man; cat scripts/ouro.1.tail) >$@
build/ouro.bash: build/options_doc
	@build/options_doc bash >$@
build/ouro.pc: scripts/ouro.pc.in stdlib/version.h
	@sed 's,@PREFIX@,$(PREFIX),; s/@VERSION@/$(VERSION)/' $< >$@
docs: build/ouro.1 build/ouro.bash build/options_doc ## man page, completion; the table of options in README.md
	@scripts/readme_options.sh
INSTALL_DIR = $(DESTDIR)$(PREFIX)
install: release lib build/ouro.1 build/ouro.bash build/ouro.pc ## into $(DESTDIR)$(PREFIX): program, library, header, man page, completion
	install -D -m755 build/ouro $(INSTALL_DIR)/bin/ouro
	install -D -m644 build/libouro.a $(INSTALL_DIR)/lib/libouro.a
	install -D -m755 build/libouro.so.$(SOVERSION) $(INSTALL_DIR)/lib/libouro.so.$(SOVERSION)
	ln -sf libouro.so.$(SOVERSION) $(INSTALL_DIR)/lib/libouro.so
	install -D -m644 vm/ouro.h $(INSTALL_DIR)/include/ouro.h
	install -D -m644 build/ouro.pc $(INSTALL_DIR)/lib/pkgconfig/ouro.pc
	install -D -m644 build/ouro.1 $(INSTALL_DIR)/share/man/man1/ouro.1
	install -D -m644 build/ouro.bash $(INSTALL_DIR)/share/bash-completion/completions/ouro

# Developer programs: prints the tree of a source as Python's ast.dump does, or the error.
tools: ; @$(MAKE) -j2 FLAVOUR=dev build/ouro-ast build/ouro-dis ## build/ouro-ast: tree or syntax error of a source
build/ouro-ast: $(call objs,$(GC_SRC) $(LANG_SRC) tests/tools/ouro_ast.c)
	$(CC) $(OPT_$(FLAVOUR)) -o $@ $^ $(LIBS)
build/ouro-dis: $(call objs,$(GC_SRC) $(LANG_SRC) tests/tools/ouro_dis.c)
	$(CC) $(OPT_$(FLAVOUR)) -o $@ $^ $(LIBS)

# Fuzzing with clang's libFuzzer, which no test needs: make fuzz; build/fuzz/compile tests/fuzz/corpus/compile
fuzz: $(patsubst tests/fuzz/%.c,fuzz-%,$(wildcard tests/fuzz/*.c)) ## the fuzz targets of tests/fuzz/*.c: build/fuzz/* (needs clang)
fuzz-%: gen ; @command -v clang >/dev/null || { echo "make fuzz needs clang (apt-get install clang), which is not installed"; exit 1; }; mkdir -p build/fuzz && clang $(CSTD) -g -O1 -w -fsanitize=fuzzer,address,undefined $(INC) -o build/fuzz/$* tests/fuzz/$*.c $(GC_SRC) $(LANG_SRC) $(LIBS)

clean: ## remove everything built
	rm -rf build
help: ## this list
	@grep -hE '^[a-z-]+:.*##' Makefile | sed 's/:.*##/ -/'

.PHONY: all release dev asan gen unit unit-build tools clean help lib docs install setup run test bench breadth lint pgo fuzz unit-binaries
-include $(shell find build -name '*.d' 2>/dev/null)

# kindling: a small init, and the machine around it. "make help" tells the rest.

# What you may set: make NAME=value ...

# a kernel that is built already; else build/bzImage is built, or found in CACHE
KERNEL =
# y: a kernel with modules (kernel-config/modules.config), which the image gets
MODULES =
# sources of the kernel, and their sha256 where kernel-config/sources lacks it
KERNEL_TARBALL = /usr/src/linux-source-6.1.tar.xz
KERNEL_SHA256 =
# where built kernels are kept from one clone to the next
CACHE = $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/kindling
# a static busybox for the image
BUSYBOX = /bin/busybox
# a source of busybox for build/tiny.img; else Debian's is fetched to CACHE
BUSYBOX_TARBALL =
# root's password in the image; without it root logs in on the console with none
ROOT_PASSWORD =
# kvm or tcg: how QEMU runs the guest; without it kvm is taken where it works
ACCEL =
# size of the disk image, with M or G; of these it takes what is used, 7 MB at
# first. What a guest writes to it is kept until it has to be made anew
DISK_SIZE = 4G
# what "make job" runs
CMD =
# megabytes of memory for "make run" and the like; further arguments for QEMU
MEMORY = 128
QEMU_ARGS =
# "make install" makes init and initctl in DESTDIR/PREFIX/sbin, and their manuals
# in DESTDIR/PREFIX/share. For another system at /mnt: DESTDIR=/mnt PREFIX= ; the
# default never replaces this machine's own
DESTDIR =
PREFIX = /usr/local
# "make fuzz" gives each fuzzer so many seconds; or, if RUNS says, so many inputs
SECONDS = 60
RUNS =
# "make check-search" searches lives of so many events
EVENTS = 4
# "make check-faults" makes so many faults of init
FAULTS = 1000
# compilers of init, of what runs here, and of the fuzzers
MUSL_CC = musl-gcc
HOST_CC = gcc
FUZZ_CC = clang
# V=1 shows the compilers' command lines
V =

# --- how

VERSION = 0.1.0
ARCH = x86_64

SAY = $(if $(V),,@echo '  $@';)

.SUFFIXES:
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules
# As it was typed: a dollar in a password is a dollar.
override ROOT_PASSWORD := $(value ROOT_PASSWORD)
override CMD := $(value CMD)
export ACCEL CMD KERNEL_SHA256 ROOT_PASSWORD

# "make -j deps run": nothing begins before deps is done, so what looks for a
# tool does so in a recipe, never while this file is read.
FIRST := $(filter deps,$(MAKECMDGOALS))

WARNINGS = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes \
	-Wmissing-prototypes -Wvla -Wundef -Wwrite-strings -Wcast-qual \
	-Wformat=2 -Wswitch-enum -Wnull-dereference -Werror
# Fat objects: check-purity and check-layers read them. initctl, too, is -Oz.
STATIC_CFLAGS = -std=c11 $(INCLUDES) -Oz -flto $(WARNINGS) -ffunction-sections \
	-fdata-sections -fstack-protector-strong -fno-pie \
	-fno-asynchronous-unwind-tables -fno-unwind-tables \
	-ffile-prefix-map=$(CURDIR)=. -ffat-lto-objects -DVERSION='"$(VERSION)"'
# No -static-pie: Debian's musl-gcc makes a dynamic program of it, silently.
# No relro: what it asks for is the dynamic linker's work, and a static musl
# program has none; it would only cost 2 kB of padding. The same holds for a
# segment of its own for constants.
STATIC_LDFLAGS = -static -no-pie -Wl,-z,norelro,-z,noseparate-code \
	-Wl,-z,noexecstack,--gc-sections,--build-id=none
# Sanitizers make gcc see null pointers that nobody has.
TEST_CFLAGS = -std=c11 -O1 -g $(filter-out -Wnull-dereference,$(WARNINGS)) \
	$(INCLUDES) \
	-DVERSION='"$(VERSION)"' \
	-fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer -Wno-format-nonliteral

# The layers, where each lies, and whose headers it sees: an include of another
# one finds no file. scripts/check-layers shows what a path can't.
LAYERS = core sys shared init lint initctl
IN_core = init/core
IN_sys = init/sys
IN_shared = init/shared
IN_init = init
IN_lint = initctl/lint
IN_initctl = initctl
IN_generated = build/generated
SEES_core = core
SEES_sys = core sys
SEES_shared = core shared generated
SEES_init = core sys shared init generated
SEES_lint = core lint
SEES_initctl = core shared lint initctl generated
# Unit tests see the layer of their directory; what they share, core.
IN_tests = tests/unit
SEES_unit = core tests
SEES_fuzz = core tests
SEES_search = core tests

# The layer of the source $1, and where it finds headers. With -I, init/sys would
# stand in front of the /usr/include/sys of the C library.
layer_of = $(notdir $(patsubst %/,%,$(dir $1)))
sees = $(foreach layer,$(SEES_$(call layer_of,$1)),-iquote $(IN_$(layer)))
INCLUDES = $(call sees,$<) $(if $(filter tests/unit/%,$<),-iquote tests/unit)

files_of = $(sort $(wildcard $(foreach layer,$1,$(IN_$(layer))/*.c)))

# No system call in these: scripts/check-purity proves it.
PURE_SOURCES := $(call files_of,core lint)
INIT_SOURCES := $(call files_of,core sys shared init)
# A program of its own. What it does not call of the core is not linked.
INITCTL_SOURCES := $(call files_of,initctl lint shared core)
INIT_OBJECTS := $(INIT_SOURCES:%.c=build/obj/%.o)
INITCTL_OBJECTS := $(INITCTL_SOURCES:%.c=build/obj/%.o)
PURE_OBJECTS := $(PURE_SOURCES:%.c=build/obj/%.o)

UNIT_SOURCES := $(wildcard tests/unit/*.c tests/unit/*/*.c)
UNIT_TESTS := $(patsubst tests/unit/%.c,build/unit/%,\
	$(foreach source,$(UNIT_SOURCES),$(if \
		$(filter test_%,$(notdir $(source))),$(source))))
UNIT_HELPERS := $(patsubst tests/unit/%.c,build/unit/%.o,\
	$(wildcard tests/unit/*.c))
# What is tested: all but main.c, of which each test takes what it calls.
TESTED := $(call files_of,core lint shared) \
	$(filter-out initctl/main.c,$(call files_of,initctl))
TESTED_OBJECTS := $(TESTED:%.c=build/unit/tested/%.o)

FUZZ_NAMES := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZERS := $(FUZZ_NAMES:%=build/fuzz/%)
FUZZ_CFLAGS = $(TEST_CFLAGS) -O2 -fsanitize=fuzzer
FUZZ_OBJECTS := $(patsubst %.c,build/fuzz/obj/%.o,\
	$(call files_of,core) tests/unit/echo.c tests/unit/tables.c)
# The same functions over tests/fuzz/corpus, as a unit test.
REPLAYS := $(FUZZ_NAMES:%=build/unit/fuzz_%)
PROGRAMS := build/init build/initctl

SBIN = $(DESTDIR)$(PREFIX)/sbin
# There is no /share.
SHARE = $(DESTDIR)$(or $(PREFIX),/usr)/share
KERNEL_LISTS := kernel-config/common.config kernel-config/$(ARCH).config
MODULE_LISTS := $(if $(MODULES),kernel-config/modules.config)
KERNEL_FOLDER := build$(if $(MODULES),/modular)
KERNEL_IMAGE := $(or $(KERNEL),$(KERNEL_FOLDER)/bzImage)
# The same kernel unpacked; one that was given is taken as it is.
FAST_KERNEL := $(or $(KERNEL),$(KERNEL_FOLDER)/bzImage.elf)
IMAGES := build/initrd.img build/disk.img build/shell.img build/initrd.cpio
KERNELS := build/bzImage build/modular/bzImage
CHECKED_KERNELS := $(or $(KERNEL),$(KERNELS))
BUSYBOX_SOURCE := $(or $(BUSYBOX_TARBALL),$(CACHE)/source-busybox)
ROOTFS_FILES := $(shell find rootfs ! -name .gitignore)

# The python that has pytest: another one may come first in PATH.
PYTEST = env -u MAKEFLAGS INIT=$(CURDIR)/build/init \
	INITCTL=$(CURDIR)/build/initctl \
	INITRD=$(CURDIR)/build/initrd.img KERNEL=$(abspath $(KERNEL_IMAGE)) \
	BUSYBOX=$(abspath $(BUSYBOX)) PYTHONDONTWRITEBYTECODE=1 scripts/run-pytest

SEARCH := $(wildcard tests/search/*.[ch] tests/unit/tables.[ch] init/core/*.h) \
	$(call files_of,core)

.PHONY: all deps kernel menuconfig savekernelconfig install clean help \
	run run-fast run-tiny run-disk run-shell job graphical graphical-disk \
	panic-demo screenshot chart boot-steps initrd-tiny tiny-if-source \
	check check-static check-purity check-layers check-unit check-search \
	check-scripts \
	check-namespace check-faults check-compat check-boot check-powercut \
	bench bench-quick bench-doc bench-many lint fuzz FORCE

# --- products

all: $(PROGRAMS) build/initrd.img ## init, initctl and the initrd (no kernel)

kernel: $(KERNEL_FOLDER)/bzImage ## the kernel, build/bzImage

# The folder comes after deps, and everything else after it.
build/: | $(FIRST)
	@mkdir -p $@

# Of structures and enumerations: what another image of init must agree on.
STATE_HEADERS := $(wildcard init/core/*.h init/shared/*.h)
build/generated/state_version.h: $(STATE_HEADERS) scripts/state-version | build/
	@mkdir -p $(@D)
	@scripts/state-version $(MUSL_CC) init/shared/state.h \
		$(foreach layer,core shared,-iquote $(IN_$(layer))) >$@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

build/obj/%.o: %.c Makefile | build/ build/generated/state_version.h
	@mkdir -p $(@D)
	$(SAY)$(MUSL_CC) $(STATIC_CFLAGS) -MMD -MP -c -o $@ $<

# The directories too: a file that is gone leaves its program as well.
build/init.debug: $(INIT_OBJECTS) $(IN_core) $(IN_sys) $(IN_shared) $(IN_init)
	$(SAY)$(MUSL_CC) $(STATIC_CFLAGS) $(STATIC_LDFLAGS) -o $@ \
		$(filter %.o,$^)

build/initctl.debug: $(INITCTL_OBJECTS) $(IN_initctl) $(IN_lint) $(IN_shared)
	$(SAY)$(MUSL_CC) $(STATIC_CFLAGS) $(STATIC_LDFLAGS) -o $@ \
		$(filter %.o,$^)

$(PROGRAMS): %: %.debug
	$(SAY)strip -s -R .comment -R '.note*' -o $@ $<

# Written only when it changes: another password makes another image.
build/shadow: FORCE rootfs/etc/shadow | build/
	@scripts/make-shadow rootfs/etc/shadow $@

# Files from elsewhere, which deps may yet bring.
$(BUSYBOX) $(filter-out $(KERNELS),$(KERNEL)): | $(FIRST)
	@[ -e $@ ] || { echo "no $@: run 'make deps', or name another" >&2; exit 1; }

ADDED := --add /sbin/init=build/init --add /sbin/initctl=build/initctl \
	--add /etc/shadow=build/shadow

build/rootfs.list: $(ROOTFS_FILES) $(BUSYBOX) build/rootfs.from $(PROGRAMS) \
		build/shadow scripts/list-rootfs $(if $(MODULES),$(KERNEL_IMAGE))
	$(SAY)scripts/list-rootfs rootfs $(BUSYBOX) $(ADDED) \
		$(if $(MODULES),--add /lib/modules=$(KERNEL_IMAGE).modules) >$@

build/initrd.img: build/rootfs.list scripts/make-initrd
	$(SAY)scripts/make-initrd $< $@

# Nothing to unpack at boot.
build/initrd.cpio: build/initrd.img
	$(SAY)gzip -dc $< >$@

build/disk.img: build/rootfs.list build/disk.from scripts/make-disk
	$(SAY)scripts/make-disk $< $@ -s '$(DISK_SIZE)'

# Of the same files, with a busybox of what they and the tutorials use.
build/busybox: scripts/build-busybox scripts/fetch-source \
		busybox-config/tiny.config build/busybox.from | build/
	@[ -n '$(BUSYBOX_TARBALL)' ] || scripts/fetch-source busybox \
		'$(BUSYBOX_SOURCE)' || { echo "no source of busybox:" \
		"BUSYBOX_TARBALL=FILE names one that you have" >&2; exit 1; }
	@scripts/build-busybox '$(BUSYBOX_SOURCE)' busybox-config/tiny.config \
		'$(CACHE)' $@

build/tiny.list: $(ROOTFS_FILES) build/busybox $(PROGRAMS) build/shadow \
		scripts/list-rootfs
	$(SAY)scripts/list-rootfs rootfs build/busybox $(ADDED) >$@

build/tiny.img: build/tiny.list scripts/make-initrd
	$(SAY)scripts/make-initrd $< $@

# The same tree, but for its inittab.
build/shell.list: build/rootfs.list rootfs-shell/etc/inittab
	$(SAY)sed 's|\trootfs/etc/inittab$$|\trootfs-shell/etc/inittab|' $< >$@

build/shell.img: build/shell.list scripts/make-initrd
	$(SAY)scripts/make-initrd $< $@

build/screen.png: $(KERNEL_IMAGE) build/initrd.img scripts/take-screenshot
	$(SAY)scripts/take-screenshot $< build/initrd.img $@

build/boot.svg: $(KERNEL_IMAGE) build/initrd.img scripts/record-boot \
		scripts/bootchart
	$(SAY)scripts/record-boot $< build/initrd.img build/boot
	@scripts/bootchart build/boot/boot.log build/boot/boot.dmesg $@

# What a product is made from by name: another name makes another product.
build/kernel.from: FROM = $(KERNEL_TARBALL)
build/rootfs.from: FROM = $(BUSYBOX) $(if $(MODULES),$(KERNEL_IMAGE))
build/disk.from: FROM = $(DISK_SIZE)
build/busybox.from: FROM = $(BUSYBOX_TARBALL)
build/%.from: FORCE | build/
	@echo '$(FROM)' | cmp -s - $@ || echo '$(FROM)' >$@

$(KERNELS): build/kernel.from kernel-config/sources $(KERNEL_LISTS) \
		scripts/build-kernel scripts/unpack-kernel \
		scripts/configure-kernel scripts/check-kernel-config
	@scripts/build-kernel kernel-config/sources '$(KERNEL_TARBALL)' \
		'$(CACHE)' $@ $(filter %.config,$^)

build/modular/bzImage: kernel-config/modules.config

# Made with the other, before it.
$(KERNELS:=.elf): %.elf: %
	@[ -s $@ ] || { echo "no $@: rm $<, and make it again" >&2; exit 1; }
	@touch $@

# --- what to do with them

BOOT = @scripts/run-qemu $< -m '$(MEMORY)'

run: $(KERNEL_IMAGE) build/initrd.img ## boot to a login prompt in QEMU
	$(BOOT) -i build/initrd.img -- $(QEMU_ARGS)

run-fast: $(FAST_KERNEL) build/initrd.cpio ## as run, but with all that is slow left out
	$(BOOT) -f -i build/initrd.cpio -- $(QEMU_ARGS)

run-disk: $(KERNEL_IMAGE) build/disk.img ## as run, from a disk that is kept
	$(BOOT) -d build/disk.img -- $(QEMU_ARGS)

initrd-tiny: build/tiny.img ## a small initrd, with a busybox built from source
	@echo "$<: $$(wc -c <$<) bytes"

run-tiny: $(KERNEL_IMAGE) build/tiny.img ## as run, with the small initrd
	$(BOOT) -i build/tiny.img -- $(QEMU_ARGS)

run-shell: $(KERNEL_IMAGE) build/shell.img ## to a shell; its exit is poweroff
	$(BOOT) -i build/shell.img -- $(QEMU_ARGS)

job: $(KERNEL_IMAGE) build/initrd.img ## run CMD in a new machine, and end
	@[ -n "$$CMD" ] || { echo "make job CMD='...'" >&2; exit 1; }
	$(BOOT) -i build/initrd.img -j "$$CMD" -- $(QEMU_ARGS)

graphical: $(KERNEL_IMAGE) build/initrd.img ## as run, with screen and keyboard
	$(BOOT) -g -i build/initrd.img -- $(QEMU_ARGS)

graphical-disk: $(KERNEL_IMAGE) build/disk.img ## as run-disk, with a screen
	$(BOOT) -g -d build/disk.img -- $(QEMU_ARGS)

panic-demo: $(KERNEL_IMAGE) build/initrd.img ## what two kernel panics look like
	@scripts/show-panics $< build/initrd.img

screenshot: build/screen.png ## a picture of the screen, logged in
	@echo $<

chart: build/boot.svg ## where boot time goes, as a picture: build/boot.svg
	@echo $<

boot-steps: $(KERNEL_IMAGE) $(FAST_KERNEL) build/initrd.img \
		build/initrd.cpio ## instructions of each step, of both lines
	@echo 'make run'; scripts/boot-steps $< build/initrd.img build/init
	@echo 'make run-fast'; scripts/boot-steps -f $(FAST_KERNEL) \
		build/initrd.cpio build/init

install: $(PROGRAMS) ## both, and manuals; an older init goes to init.old/
	scripts/install-init $^ '$(SBIN)'
	scripts/install-manuals doc '$(SHARE)'

deps: ## the Debian packages that are missing (root; all else works without)
	scripts/install-packages packages.txt
	@[ -n '$(BUSYBOX_TARBALL)' ] || \
		scripts/fetch-source busybox '$(BUSYBOX_SOURCE)' || \
		echo "without it there is no build/tiny.img; all else works" >&2

menuconfig: | $(FIRST) ## change the kernel's configuration
	scripts/edit-kernel-config kernel-config/sources '$(KERNEL_TARBALL)' \
		'$(CACHE)' $(KERNEL_FOLDER)/menuconfig $(KERNEL_LISTS) $(MODULE_LISTS)

savekernelconfig: | $(FIRST) ## write what menuconfig changed to kernel-config/
	scripts/save-kernel-config $(KERNEL_FOLDER)/menuconfig \
		$(KERNEL_LISTS) $(MODULE_LISTS)

clean: ## remove build/ (kernels stay in the cache)
	rm -rf build

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 18
	@echo; echo 'NAME=value you may give:'
	@sed -n '/^# --- how/q;s/^\([A-Z_0-9]*\) = *\(.*\)/  \1 (\2)/p;s/^# /\t/p' \
		Makefile | tail -n +3

# --- tests

# pytest's own summaries end the output, also with -j: all else comes first.
CHECKS := check-static check-purity check-layers check-unit check-search
PYTESTS := check-scripts check-namespace check-faults check-compat check-boot
check: $(CHECKS) $(CHECKED_KERNELS) $(PYTESTS) ## all of these
ifneq ($(filter check,$(MAKECMDGOALS)),)
check-namespace: | check-scripts
check-scripts: | $(CHECKS) $(CHECKED_KERNELS) $(filter lint,$(MAKECMDGOALS))
check-faults: | check-namespace
check-compat: | check-faults
check-boot: | check-compat
endif

check-static: $(PROGRAMS) ## build/init and build/initctl need no library
	@scripts/check-static build/init 49152 $(INIT_OBJECTS)
	@scripts/check-static -c build/initctl 81920 $(INITCTL_OBJECTS)

check-purity: $(PURE_OBJECTS) ## core and lint make no system call
	@scripts/check-purity $^

check-layers: $(sort $(INIT_OBJECTS) $(INITCTL_OBJECTS)) ## no layer knows more than it may
	@CC=$(HOST_CC) scripts/check-layers $^

build/unit/tested/%.o: %.c Makefile | build/ build/generated/state_version.h
	@mkdir -p $(@D)
	$(SAY)$(HOST_CC) $(TEST_CFLAGS) -MMD -MP -c -o $@ $<

build/unit/%.o: tests/unit/%.c Makefile | build/
	@mkdir -p $(@D)
	$(SAY)$(HOST_CC) $(TEST_CFLAGS) -MMD -MP -c -o $@ $<

build/unit/tested.a: $(TESTED_OBJECTS)
	@rm -f $@
	$(SAY)ar rcs $@ $^

$(UNIT_TESTS): build/unit/%: build/unit/%.o $(UNIT_HELPERS) build/unit/tested.a
	$(SAY)$(HOST_CC) $(TEST_CFLAGS) -o $@ $^ -lcmocka

build/unit/%.o: tests/fuzz/%.c Makefile | build/
	@mkdir -p $(@D)
	$(SAY)$(HOST_CC) $(TEST_CFLAGS) -MMD -MP -c -o $@ $<

$(REPLAYS): build/unit/%: build/unit/%.o build/unit/replay.o \
		$(UNIT_HELPERS) build/unit/tested.a
	$(SAY)$(HOST_CC) $(TEST_CFLAGS) -o $@ $^ -lcmocka

.PRECIOUS: build/unit/%.o

check-unit: $(UNIT_TESTS) $(REPLAYS) ## the pure half here, with sanitizers
	@for test in $(UNIT_TESTS); do echo "$$test"; ./$$test || exit 1; done
	@for name in $(FUZZ_NAMES); do echo "build/unit/fuzz_$$name"; \
		build/unit/fuzz_$$name tests/fuzz/corpus/$$name || exit 1; done

# Without sanitizers: it makes millions of lives.
build/search: $(SEARCH) Makefile | build/
	$(SAY)$(HOST_CC) -std=c11 -O2 $(WARNINGS) -iquote init/core -iquote tests/unit \
		-o $@ $(filter %.c,$^)

check-search: build/search ## every life of small machines (EVENTS=5: 4 min)
	build/search 3 '$(EVENTS)'

build/fuzz/obj/%.o: %.c Makefile | build/
	@mkdir -p $(@D)
	$(SAY)$(FUZZ_CC) $(FUZZ_CFLAGS) -MMD -MP -c -o $@ $<

$(FUZZERS): build/fuzz/%: build/fuzz/obj/tests/fuzz/fuzz_%.o $(FUZZ_OBJECTS)
	$(SAY)$(FUZZ_CC) $(FUZZ_CFLAGS) -o $@ $^

.PRECIOUS: build/fuzz/obj/%.o

fuzz: $(FUZZERS) ## look for inputs that the pure half does not survive
	@for name in $(FUZZ_NAMES); do scripts/run-fuzzer build/fuzz/$$name \
		tests/fuzz/corpus/$$name '$(SECONDS)' '$(RUNS)' || exit 1; done

check-scripts: $(PROGRAMS) build/initrd.img ## what the scripts make, and refuse
	@$(PYTEST) tests/scripts

check-namespace: $(PROGRAMS) build/initrd.img $(BUSYBOX) ## init as PID 1 of a namespace
	@$(PYTEST) -n 4 tests/namespace

check-faults: $(KERNEL_IMAGE) build/init $(BUSYBOX) ## faults of init, survived
	@FAULTS='$(FAULTS)' $(PYTEST) -n 6 tests/faults

COMPARED := $(KERNEL_IMAGE) $(PROGRAMS) build/initrd.img $(BUSYBOX)
check-compat: $(COMPARED) ## busybox init and ours, side by side
	@$(PYTEST) -n 8 --dist loadgroup tests/compat

# Only deps and build/tiny.img itself may need the network.
tiny-if-source: $(PROGRAMS) build/rootfs.list
	@if [ -e '$(BUSYBOX_SOURCE)' ]; then \
		$(MAKE) --no-print-directory build/tiny.img; \
	else echo "no source of busybox (make deps fetches it):" \
		"build/tiny.img is not tested"; fi

check-boot: $(CHECKED_KERNELS) $(IMAGES) $(BUSYBOX) tiny-if-source ## whole boots in QEMU
	@$(PYTEST) -n 4 --dist loadfile tests/boot

check-powercut: $(KERNEL_IMAGE) build/init $(BUSYBOX) ## 100 power cuts
	@POWERCUTS=100 $(PYTEST) -n 2 -rP tests/boot/test_powercut.py

# The tool that measures from inside, for every init the same.
BENCH_SOURCES := $(wildcard tests/bench/guest/*.c)
build/bench/tool: $(BENCH_SOURCES) $(wildcard tests/bench/guest/*.h) | build/
	@mkdir -p $(@D)
	$(SAY)$(MUSL_CC) -std=c11 -Os $(WARNINGS) -D_GNU_SOURCE -static -s \
		-o $@ $(BENCH_SOURCES)

BENCH = tests/bench/bench --init build/init --kernel $(KERNEL_IMAGE) \
	--busybox $(BUSYBOX) --tool build/bench/tool --cache '$(CACHE)'
BENCHED := $(KERNEL_IMAGE) build/init build/bench/tool $(BUSYBOX)
bench: $(BENCHED) ## init and five others, measured side by side: build/bench/
	@$(BENCH) build/bench

bench-quick: $(BENCHED) ## ours and busybox's only, fewer rows: build/bench/quick/
	@$(BENCH) --quick build/bench/quick

bench-doc: ## the figures of the last "make bench" into README and doc/
	@tests/bench/report build/bench --readme README.md doc/bench.svg

bench-many: $(KERNEL_IMAGE) build/tiny.img ## 1 to 32 machines at once
	@PYTHONDONTWRITEBYTECODE=1 $$(scripts/find-python matplotlib) \
		tests/bench/many $^ build/bench

lint: | $(FIRST) ## formatting, static analysis, shell and python
	scripts/lint $(PURE_SOURCES)

-include $(wildcard $(addsuffix *.d,$(foreach layer,$(LAYERS),\
	build/obj/$(IN_$(layer))/ build/unit/tested/$(IN_$(layer))/ \
	build/fuzz/obj/$(IN_$(layer))/) build/unit/ build/unit/*/ \
	build/fuzz/obj/tests/unit/ build/fuzz/obj/tests/fuzz/))

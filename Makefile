# kindling: a small init, and the machine around it. "make help" has a list.

# Settings: make NAME=value ...

# an existing kernel, or "debian": Debian's cloud kernel, fetched to CACHE, for a
# boot from an initrd; without it build/bzImage is built, or taken from CACHE
KERNEL =
# y: a kernel with modules (kernel-config/modules.config), also in the image
MODULES =
# sources of the kernel, and their sha256 if kernel-config/sources lacks it
KERNEL_TARBALL = /usr/src/linux-source-6.1.tar.xz
KERNEL_SHA256 =
# directory for built kernels, shared by all clones
CACHE = $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/kindling
# a static busybox for the image
BUSYBOX = /bin/busybox
# source of busybox for build/tiny.img; without it Debian's is fetched to CACHE
BUSYBOX_TARBALL =
# root's password in the image; without it root logs in without a password
ROOT_PASSWORD =
# kvm or tcg: how QEMU runs the guest; without it kvm, if that works
ACCEL =
# size of the disk image, with M or G; the file is sparse, 7 MB at first. The
# guest's writes are kept until the image has to be rebuilt
DISK_SIZE = 4G
# the command of "make job"
CMD =
# memory of the machine, in megabytes; further arguments for QEMU
MEMORY = 128
QEMU_ARGS =
# "make install" installs init and initctl to DESTDIR/PREFIX/sbin, and their
# manuals to DESTDIR/PREFIX/share. For another system at /mnt: DESTDIR=/mnt
# PREFIX= ; the default does not replace the init of this machine
DESTDIR =
PREFIX = /usr/local
# "make fuzz": seconds for each fuzzer, or, if RUNS is set, number of inputs
SECONDS = 60
RUNS =
# "make check-search": number of events in each sequence
EVENTS = 4
# "make check-faults": number of faults of init
FAULTS = 1000
# compilers of init, of programs for the host, and of the fuzzers
MUSL_CC = musl-gcc
HOST_CC = gcc
FUZZ_CC = clang
# V=1 shows the compilers' command lines
V =

# --- how

VERSION = 0.1.0
ARCH = x86_64

SAY = $(if $(V),,@echo '  $@';)

# Recipes quote the path of this directory with single quotes.
ifneq (,$(findstring ',$(CURDIR)))
$(error this directory's name has a quote ('), which the shell commands of \
	this Makefile cannot take: rename it)
endif

.SUFFIXES:
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules
# Unexpanded, so that a dollar in a password stays a dollar.
override ROOT_PASSWORD := $(value ROOT_PASSWORD)
override CMD := $(value CMD)
export ACCEL CMD KERNEL_SHA256 ROOT_PASSWORD

# "make -j deps run": no other target starts before deps is done. So tools are
# looked up in recipes, never while make reads this file: no $(shell).
FIRST := $(filter deps,$(MAKECMDGOALS))

# The groups of packages.txt, each with the targets that need it; "deps" installs
# the groups of the other goals. Without another goal, or with one that is not
# here, it installs all groups.
BOOTS := run run-fast run-tiny run-disk run-shell job graphical graphical-disk \
	panic-demo screenshot chart boot-steps
GROUPS := build qemu kernel menuconfig disk tiny tests lint fuzz bench
NEED_build := all install initrd-tiny $(BOOTS) check check-% bench% lint
NEED_qemu := $(BOOTS) check check-% bench bench-quick bench-many
NEED_kernel := kernel menuconfig savekernelconfig $(NEED_qemu)
NEED_menuconfig := menuconfig check check-boot
NEED_disk := run-disk graphical-disk panic-demo check check-%
NEED_tiny := run-tiny initrd-tiny bench-many check check-boot
NEED_tests := check check-%
NEED_lint := lint
NEED_fuzz := fuzz
NEED_bench := bench bench-quick
GOALS := $(filter-out deps,$(MAKECMDGOALS))
UNKNOWN := $(filter-out $(foreach group,$(GROUPS),$(NEED_$(group))),$(GOALS))
DEPS := $(if $(or $(UNKNOWN),$(if $(GOALS),,alone)),$(GROUPS),$(foreach \
	group,$(GROUPS),$(if $(filter $(NEED_$(group)),$(GOALS)),$(group))))
# an existing kernel is not built
DEPS := $(filter-out $(if $(KERNEL),kernel),$(DEPS))

# what scripts/need tells to install
DEPS_FOR := $(or $(GOALS),all)
export DEPS_FOR

# Debian's cloud kernel has the drivers of disks as modules, and some not at all.
ifeq ($(KERNEL),debian)
REFUSED := $(filter check check-faults check-compat check-boot check-powercut \
	bench bench-quick bench-many boot-steps panic-demo run-disk \
	graphical-disk,$(MAKECMDGOALS)) $(if $(MODULES),MODULES=$(MODULES))
ifneq ($(strip $(REFUSED)),)
$(error KERNEL=debian lacks drivers that these need: $(strip $(REFUSED)))
endif
endif

# A recipe that needs tools begins with $(call need,TOOLS), which is expanded
# when the recipe runs: to nothing if all are in PATH, else to a command that
# names the missing ones. make looks itself, without a process for each object.
TOOL_PATH = $(subst :, ,$(PATH)) /usr/sbin /sbin
absent = $(foreach tool,$(filter-out -%,$1),$(if $(strip \
	$(wildcard $(TOOL_PATH:%=%/$(tool)))),,$(tool)))
need = $(if $(strip $(call absent,$1)),@scripts/need $(filter-out -%,$1))

WARNINGS = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes \
	-Wmissing-prototypes -Wvla -Wundef -Wwrite-strings -Wcast-qual \
	-Wformat=2 -Wswitch-enum -Wnull-dereference -Werror
# Fat objects: check-purity and check-layers read their code.
STATIC_CFLAGS = -std=c11 $(INCLUDES) -Oz -g -flto $(WARNINGS) \
	-ffunction-sections -fdata-sections -fstack-protector-strong -fno-pie \
	-fno-asynchronous-unwind-tables -fno-unwind-tables \
	-ffile-prefix-map='$(CURDIR)=.' -ffat-lto-objects -DVERSION='"$(VERSION)"'
# No -static-pie: Debian's musl-gcc silently makes a dynamic program of it. No
# relro: the dynamic linker applies it, and a static musl program has none; it
# would only cost 2 kB of padding. The same applies to separate-code.
STATIC_LDFLAGS = -static -no-pie -Wl,-z,norelro,-z,noseparate-code \
	-Wl,-z,noexecstack,--gc-sections,--build-id=none
# With sanitizers, gcc's -Wnull-dereference has false positives.
TEST_CFLAGS = -std=c11 -O1 -g $(filter-out -Wnull-dereference,$(WARNINGS)) \
	$(INCLUDES) \
	-DVERSION='"$(VERSION)"' \
	-fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer -Wno-format-nonliteral

# The layers, the directory of each, and the layers whose headers each may
# include: the include path has no others. scripts/check-layers checks the other
# rules.
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
# Unit tests may include the layer of their directory; shared test code, core.
IN_tests = tests/unit
SEES_unit = core tests
SEES_fuzz = core tests
SEES_search = core tests

# The layer of the source $1, and its include path. -iquote, because with -I
# init/sys would come before the C library's /usr/include/sys.
layer_of = $(notdir $(patsubst %/,%,$(dir $1)))
sees = $(foreach layer,$(SEES_$(call layer_of,$1)),-iquote $(IN_$(layer)))
INCLUDES = $(call sees,$<) $(if $(filter tests/unit/%,$<),-iquote tests/unit)

files_of = $(sort $(wildcard $(foreach layer,$1,$(IN_$(layer))/*.c)))

# These make no system call: scripts/check-purity checks it.
PURE_SOURCES := $(call files_of,core lint)
INIT_SOURCES := $(call files_of,core sys shared init)
# The linker leaves out the functions of the core that initctl does not call.
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
# Code under test: all except main.c; each test links what it calls.
TESTED := $(call files_of,core lint shared) \
	$(filter-out initctl/main.c,$(call files_of,initctl))
TESTED_OBJECTS := $(TESTED:%.c=build/unit/tested/%.o)

FUZZ_NAMES := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZERS := $(FUZZ_NAMES:%=build/fuzz/%)
FUZZ_CFLAGS = $(TEST_CFLAGS) -O2 -fsanitize=fuzzer
FUZZ_OBJECTS := $(patsubst %.c,build/fuzz/obj/%.o,\
	$(call files_of,core) tests/unit/echo.c tests/unit/tables.c)
# The fuzz targets run over tests/fuzz/corpus, as unit tests.
REPLAYS := $(FUZZ_NAMES:%=build/unit/fuzz_%)
PROGRAMS := build/init build/initctl

SBIN = $(DESTDIR)$(PREFIX)/sbin
# With an empty PREFIX, /usr/share, since there is no /share.
SHARE = $(DESTDIR)$(or $(PREFIX),/usr)/share
KERNEL_LISTS := kernel-config/common.config kernel-config/$(ARCH).config
MODULE_LISTS := $(if $(MODULES),kernel-config/modules.config)
KERNEL_DIRECTORY := build$(if $(MODULES),/modular)
DEBIAN_KERNEL := build/debian/bzImage
KERNEL_IMAGE := $(if $(filter debian,$(KERNEL)),$(DEBIAN_KERNEL),$(or \
	$(KERNEL),$(KERNEL_DIRECTORY)/bzImage))
# The same kernel uncompressed; KERNEL is used as it is.
FAST_KERNEL := $(if $(KERNEL),$(KERNEL_IMAGE),$(KERNEL_IMAGE).elf)
IMAGES := build/initrd.img build/disk.img build/shell.img build/initrd.cpio
KERNELS := build/bzImage build/modular/bzImage
CHECKED_KERNELS := $(if $(KERNEL),$(KERNEL_IMAGE),$(KERNELS))
BUSYBOX_SOURCE := $(or $(BUSYBOX_TARBALL),$(CACHE)/source-busybox)
# All files and directories below $1, as find(1) prints them; names without
# spaces.
below = $(foreach path,$(wildcard $1/* $1/.[!.]* $1/..?*),\
	$(path) $(call below,$(path)))
ROOTFS_FILES := rootfs $(filter-out %/.gitignore,$(call below,rootfs))

# run-pytest finds a python that has pytest: the first in PATH may lack it.
PYTEST = env -u MAKEFLAGS INIT='$(CURDIR)/build/init' \
	INITCTL='$(CURDIR)/build/initctl' \
	INITRD='$(CURDIR)/build/initrd.img' KERNEL='$(abspath $(KERNEL_IMAGE))' \
	BUSYBOX='$(abspath $(BUSYBOX))' PYTHONDONTWRITEBYTECODE=1 \
	scripts/run-pytest

SEARCH := $(wildcard tests/search/*.[ch] tests/unit/tables.[ch] init/core/*.h) \
	$(call files_of,core)

# The families of tests, in the order in which "make check" runs them.
CHECKS := static purity layers unit search scripts namespace faults compat boot
# Targets that "make help" leaves out.
HELPERS := tiny-if-source FORCE
.PHONY: all deps kernel menuconfig savekernelconfig install help \
	clean clean-cache \
	run run-fast run-tiny run-disk run-shell job graphical graphical-disk \
	panic-demo screenshot chart boot-steps initrd-tiny \
	check $(CHECKS:%=check-%) check-powercut \
	bench bench-quick bench-doc bench-many lint fuzz $(HELPERS)

# --- products

all: $(PROGRAMS) build/initrd.img ## build: init, initctl and the initrd (no kernel)

kernel: $(KERNEL_DIRECTORY)/bzImage ## build: the kernel, build/bzImage

# build/ is made after deps, and all other targets after build/.
build/: | $(FIRST)
	@mkdir -p $@

# A hash of the layout of the state, which an upgrade has to match.
STATE_HEADERS := $(wildcard init/core/*.h init/shared/*.h)
build/generated/state_version.h: $(STATE_HEADERS) scripts/state-version | build/
	@mkdir -p $(@D)
	$(call need,$(MUSL_CC))
	@scripts/state-version $(MUSL_CC) init/shared/state.h \
		$(foreach layer,core shared,-iquote $(IN_$(layer))) >$@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

build/obj/%.o: %.c Makefile | build/ build/generated/state_version.h
	@mkdir -p $(@D)
	$(call need,$(MUSL_CC))
	$(SAY)$(MUSL_CC) $(STATIC_CFLAGS) -MMD -MP -c -o $@ $<

# Depends on the directories, too: a deleted source has to leave the program.
build/init.debug: $(INIT_OBJECTS) $(IN_core) $(IN_sys) $(IN_shared) $(IN_init)
	$(SAY)$(MUSL_CC) $(STATIC_CFLAGS) $(STATIC_LDFLAGS) -o $@ \
		$(filter %.o,$^)

build/initctl.debug: $(INITCTL_OBJECTS) $(IN_initctl) $(IN_lint) $(IN_shared)
	$(SAY)$(MUSL_CC) $(STATIC_CFLAGS) $(STATIC_LDFLAGS) -o $@ \
		$(filter %.o,$^)

$(PROGRAMS): %: %.debug
	$(call need,strip)
	$(SAY)strip -s -R .comment -R '.note*' -o $@ $<

# Written only when it changes, so that a new password makes a new image.
build/shadow: FORCE rootfs/etc/shadow | build/
	@scripts/make-shadow rootfs/etc/shadow $@

# Files from outside of the build, which deps may install.
$(BUSYBOX) $(filter-out debian $(KERNELS),$(KERNEL)): | $(FIRST)
	@[ -e '$@' ] || { echo "no $@: run 'make deps $(DEPS_FOR)'," \
		"or name another" >&2; exit 1; }

ADDED := --add /sbin/init=build/init --add /sbin/initctl=build/initctl \
	--add /etc/shadow=build/shadow

# Debian's kernel has evdev as a module: acpid would only exit, again and again.
DEBIAN_FILES := $(if $(filter debian,$(KERNEL)),build/debian/inittab)
ADDED += $(DEBIAN_FILES:%=--add /etc/inittab=%)
build/debian/inittab: rootfs/etc/inittab | build/
	@mkdir -p $(@D)
	$(SAY)sed '/acpid/d' $< >$@

build/rootfs.list: $(ROOTFS_FILES) $(BUSYBOX) build/rootfs.from $(PROGRAMS) \
		build/shadow scripts/list-rootfs $(if $(MODULES),$(KERNEL_IMAGE)) \
		$(DEBIAN_FILES)
	$(call need,python3)
	$(SAY)scripts/list-rootfs rootfs '$(BUSYBOX)' $(ADDED) \
		$(if $(MODULES),--add '/lib/modules=$(KERNEL_IMAGE).modules') >$@

build/initrd.img: build/rootfs.list scripts/make-initrd
	$(call need,python3 libdeflate-gzip)
	$(SAY)scripts/make-initrd $< $@

# Uncompressed, for a faster boot.
build/initrd.cpio: build/initrd.img
	$(SAY)gzip -dc $< >$@

build/disk.img: build/rootfs.list build/disk.from scripts/make-disk
	$(call need,python3 sfdisk mke2fs debugfs)
	$(SAY)scripts/make-disk $< $@ -s '$(DISK_SIZE)'

# The same files, with a busybox of the applets that they and the tutorials use.
build/busybox: scripts/build-busybox scripts/fetch-package \
		busybox-config/tiny.config build/busybox.from | build/
	@[ -n '$(BUSYBOX_TARBALL)' ] || scripts/fetch-package -s \
		busybox '$(BUSYBOX_SOURCE)' || { echo "no source of busybox:" \
		"BUSYBOX_TARBALL=FILE names an existing one" >&2; exit 1; }
	@scripts/build-busybox '$(BUSYBOX_SOURCE)' busybox-config/tiny.config \
		'$(CACHE)' $@

build/tiny.list: $(ROOTFS_FILES) build/busybox build/rootfs.from $(PROGRAMS) \
		build/shadow scripts/list-rootfs $(DEBIAN_FILES)
	$(call need,python3)
	$(SAY)scripts/list-rootfs rootfs build/busybox $(ADDED) >$@

build/tiny.img: build/tiny.list scripts/make-initrd
	$(call need,python3 libdeflate-gzip)
	$(SAY)scripts/make-initrd $< $@

# The same tree, with another inittab.
build/shell.list: build/rootfs.list rootfs-shell/etc/inittab
	$(SAY)sed '\|\t/etc/inittab\t|s|[^\t]*$$|rootfs-shell/etc/inittab|' $< >$@

build/shell.img: build/shell.list scripts/make-initrd
	$(call need,python3 libdeflate-gzip)
	$(SAY)scripts/make-initrd $< $@

build/screen.png: $(KERNEL_IMAGE) build/initrd.img scripts/take-screenshot
	$(call need,python3 qemu-system-x86_64)
	$(SAY)scripts/take-screenshot $< build/initrd.img $@

build/boot.svg: $(KERNEL_IMAGE) build/initrd.img scripts/record-boot \
		scripts/bootchart
	$(call need,python3 qemu-system-x86_64)
	$(SAY)scripts/record-boot $< build/initrd.img build/boot
	@scripts/bootchart build/boot/boot.log build/boot/boot.dmesg $@

# The names of a product's inputs: a new name has to rebuild the product.
build/kernel.from: FROM = $(KERNEL_TARBALL)
build/rootfs.from: FROM = $(BUSYBOX) $(if $(MODULES),$(KERNEL_IMAGE)) \
	$(DEBIAN_FILES)
build/disk.from: FROM = $(DISK_SIZE)
build/busybox.from: FROM = $(BUSYBOX_TARBALL)
build/%.from: FORCE | build/
	@echo '$(FROM)' | cmp -s - $@ || echo '$(FROM)' >$@

$(KERNELS): build/kernel.from kernel-config/sources kernel-config/omitted \
		$(KERNEL_LISTS) scripts/build-kernel scripts/unpack-kernel \
		scripts/configure-kernel scripts/check-kernel-config
	$(call need,python3)
	@scripts/build-kernel kernel-config/sources kernel-config/omitted \
		'$(KERNEL_TARBALL)' '$(CACHE)' $@ $(filter %.config,$^)

build/modular/bzImage: kernel-config/modules.config

# Made by the same recipe, before bzImage.
$(KERNELS:=.elf): %.elf: %
	@[ -s $@ ] || { echo "no $@: remove $<, and make it again" >&2; exit 1; }
	@touch $@

FETCH_KERNEL = scripts/fetch-kernel linux-image-cloud-amd64 '$(CACHE)'
$(DEBIAN_KERNEL): scripts/fetch-kernel scripts/fetch-package | build/
	@$(FETCH_KERNEL) $@

# --- running them

BOOT = @scripts/run-qemu $< -m '$(MEMORY)'

run: $(KERNEL_IMAGE) build/initrd.img ## try: boot to a login prompt in QEMU
	$(BOOT) -i build/initrd.img -- $(QEMU_ARGS)

run-fast: $(FAST_KERNEL) build/initrd.cpio ## try: as run, without the slow steps of a boot
	$(BOOT) -f -i build/initrd.cpio -- $(QEMU_ARGS)

run-disk: $(KERNEL_IMAGE) build/disk.img ## try: as run, from a disk that keeps its changes
	$(BOOT) -d build/disk.img -- $(QEMU_ARGS)

initrd-tiny: build/tiny.img ## build: a small initrd, with a busybox built from source
	@echo "$<: $$(wc -c <$<) bytes"

run-tiny: $(KERNEL_IMAGE) build/tiny.img ## try: as run, with the small initrd
	$(BOOT) -i build/tiny.img -- $(QEMU_ARGS)

run-shell: $(KERNEL_IMAGE) build/shell.img ## try: boot to a shell; its exit powers off
	$(BOOT) -i build/shell.img -- $(QEMU_ARGS)

job: $(KERNEL_IMAGE) build/initrd.img ## try: run CMD in a new machine, then power off
	@[ -n "$$CMD" ] || { echo "make job CMD='...'" >&2; exit 1; }
	$(BOOT) -i build/initrd.img -j "$$CMD" -- $(QEMU_ARGS)

graphical: $(KERNEL_IMAGE) build/initrd.img ## try: as run, with screen and keyboard
	$(BOOT) -g -i build/initrd.img -- $(QEMU_ARGS)

graphical-disk: $(KERNEL_IMAGE) build/disk.img ## try: as run-disk, with a screen
	$(BOOT) -g -d build/disk.img -- $(QEMU_ARGS)

panic-demo: $(KERNEL_IMAGE) build/initrd.img ## try: show the two panics of a broken init
	@scripts/show-panics $< build/initrd.img

screenshot: build/screen.png ## try: a picture of the screen after login
	@echo $<

chart: build/boot.svg ## measure: a chart of the boot time: build/boot.svg
	@echo $<

boot-steps: $(KERNEL_IMAGE) $(FAST_KERNEL) build/initrd.img \
		build/initrd.cpio ## measure: instructions of each step of a boot
	$(call need,python3 qemu-system-x86_64)
	@echo 'make run'; scripts/boot-steps $< build/initrd.img build/init
	@echo 'make run-fast'; scripts/boot-steps -f $(FAST_KERNEL) \
		build/initrd.cpio build/init

install: $(PROGRAMS) ## build: init, initctl and manuals; keeps the old init in init.old/
	scripts/install-init $^ '$(SBIN)'
	scripts/install-manuals doc '$(SHARE)'

deps: ## maintain: install the Debian packages of the other targets, or all (needs root)
	@scripts/install-packages packages.txt $(DEPS)
	$(if $(filter tiny,$(DEPS)),@[ -n '$(BUSYBOX_TARBALL)' ] || \
		scripts/fetch-package -s busybox '$(BUSYBOX_SOURCE)' || \
		echo "without it build/tiny.img cannot be built; all else works" >&2)
	$(if $(filter tests,$(DEPS)),@$(FETCH_KERNEL) $(DEBIAN_KERNEL) || \
		echo "without it KERNEL=debian is not tested" >&2)

menuconfig: | $(FIRST) ## maintain: change the kernel's configuration
	scripts/edit-kernel-config kernel-config/sources \
		kernel-config/omitted '$(KERNEL_TARBALL)' '$(CACHE)' \
		$(KERNEL_DIRECTORY)/menuconfig $(KERNEL_LISTS) $(MODULE_LISTS)

savekernelconfig: | $(FIRST) ## maintain: write the changes of menuconfig to kernel-config/
	scripts/save-kernel-config $(KERNEL_DIRECTORY)/menuconfig \
		$(KERNEL_LISTS) $(MODULE_LISTS)

clean: ## maintain: remove build/ (kernels stay in the cache)
	rm -rf build

clean-cache: ## maintain: remove kernels, sources and the rest of the cache
	@scripts/clean-cache '$(CACHE)'

help: ## maintain: this list
	@scripts/list-targets Makefile
	@scripts/clean-cache -n '$(CACHE)'

# --- tests

# What each family tests. "make check" builds the products of all families
# first: if one cannot be built, no family runs.
PRODUCTS_static := $(PROGRAMS)
PRODUCTS_purity := $(PURE_OBJECTS)
PRODUCTS_layers := $(sort $(INIT_OBJECTS) $(INITCTL_OBJECTS))
PRODUCTS_unit := $(UNIT_TESTS) $(REPLAYS)
PRODUCTS_search := build/search
PRODUCTS_scripts := $(PROGRAMS) build/initrd.img
PRODUCTS_namespace := $(PROGRAMS) build/initrd.img $(BUSYBOX)
PRODUCTS_faults := $(KERNEL_IMAGE) build/init $(BUSYBOX)
PRODUCTS_compat := $(KERNEL_IMAGE) $(PROGRAMS) build/initrd.img $(BUSYBOX)
PRODUCTS_boot := $(CHECKED_KERNELS) $(IMAGES) $(BUSYBOX) tiny-if-source

# A variable, since "make -n" runs each recipe in which $(MAKE) is written.
RUN_CHECKS = scripts/run-checks '$(MAKE)'
check: $(foreach family,$(CHECKS),$(PRODUCTS_$(family))) \
		| $(filter lint,$(MAKECMDGOALS)) ## test: all families, check-static to check-boot, with a summary
	$(call need,python3)
	@$(RUN_CHECKS) $(CHECKS)

check-static: $(PRODUCTS_static) ## test: init and initctl are static, and small enough
	$(call need,nm objdump readelf)
	@scripts/check-static build/init 49152 $(INIT_OBJECTS)
	@scripts/check-static -c build/initctl 81920 $(INITCTL_OBJECTS)

check-purity: $(PRODUCTS_purity) ## test: core and lint make no system call
	$(call need,objdump)
	@scripts/check-purity $^

check-layers: $(PRODUCTS_layers) ## test: no layer uses another that it must not
	$(call need,$(HOST_CC) objdump)
	@CC='$(HOST_CC)' scripts/check-layers $^

build/unit/tested/%.o: %.c Makefile | build/ build/generated/state_version.h
	@mkdir -p $(@D)
	$(call need,$(HOST_CC))
	$(SAY)$(HOST_CC) $(TEST_CFLAGS) -MMD -MP -c -o $@ $<

build/unit/%.o: tests/unit/%.c Makefile | build/
	@mkdir -p $(@D)
	$(call need,$(HOST_CC))
	$(SAY)$(HOST_CC) $(TEST_CFLAGS) -MMD -MP -c -o $@ $<

build/unit/tested.a: $(TESTED_OBJECTS)
	@rm -f $@
	$(call need,ar)
	$(SAY)ar rcs $@ $^

$(UNIT_TESTS): build/unit/%: build/unit/%.o $(UNIT_HELPERS) build/unit/tested.a
	$(SAY)$(HOST_CC) $(TEST_CFLAGS) -o $@ $^ -lcmocka

build/unit/%.o: tests/fuzz/%.c Makefile | build/
	@mkdir -p $(@D)
	$(call need,$(HOST_CC))
	$(SAY)$(HOST_CC) $(TEST_CFLAGS) -MMD -MP -c -o $@ $<

$(REPLAYS): build/unit/%: build/unit/%.o build/unit/replay.o \
		$(UNIT_HELPERS) build/unit/tested.a
	$(SAY)$(HOST_CC) $(TEST_CFLAGS) -o $@ $^ -lcmocka

.PRECIOUS: build/unit/%.o

check-unit: $(PRODUCTS_unit) ## test: unit tests of the pure code, with sanitizers
	@failed=; for test in $(UNIT_TESTS); do \
		echo "$$test"; ./$$test || failed=yes; done; \
	for name in $(FUZZ_NAMES); do echo "build/unit/fuzz_$$name"; \
		build/unit/fuzz_$$name tests/fuzz/corpus/$$name || failed=yes; done; \
	[ -z "$$failed" ]

# Without sanitizers, since it runs millions of sequences.
build/search: $(SEARCH) Makefile | build/
	$(call need,$(HOST_CC))
	$(SAY)$(HOST_CC) -std=c11 -O2 $(WARNINGS) -iquote init/core -iquote tests/unit \
		-o $@ $(filter %.c,$^)

check-search: $(PRODUCTS_search) ## test: all event sequences of small machines (EVENTS=5: 4 min)
	build/search 3 '$(EVENTS)'

build/fuzz/obj/%.o: %.c Makefile | build/
	@mkdir -p $(@D)
	$(call need,$(FUZZ_CC))
	$(SAY)$(FUZZ_CC) $(FUZZ_CFLAGS) -MMD -MP -c -o $@ $<

$(FUZZERS): build/fuzz/%: build/fuzz/obj/tests/fuzz/fuzz_%.o $(FUZZ_OBJECTS)
	$(SAY)$(FUZZ_CC) $(FUZZ_CFLAGS) -o $@ $^

.PRECIOUS: build/fuzz/obj/%.o

fuzz: $(FUZZERS) ## test: fuzz the pure code
	@for name in $(FUZZ_NAMES); do scripts/run-fuzzer build/fuzz/$$name \
		tests/fuzz/corpus/$$name '$(SECONDS)' '$(RUNS)' || exit 1; done

check-scripts: $(PRODUCTS_scripts) ## test: the scripts, the pages, this Makefile
	@$(PYTEST) tests/scripts

check-namespace: $(PRODUCTS_namespace) ## test: init as PID 1 of a namespace
	@$(PYTEST) -n 4 tests/namespace

check-faults: $(PRODUCTS_faults) ## test: init survives its own faults
	$(call need,qemu-system-x86_64)
	@FAULTS='$(FAULTS)' $(PYTEST) -n 6 tests/faults

check-compat: $(PRODUCTS_compat) ## test: busybox init and ours, side by side
	$(call need,qemu-system-x86_64)
	@$(PYTEST) -n 8 --dist loadgroup tests/compat

# Only deps and build/tiny.img itself may need the network.
tiny-if-source: $(PROGRAMS) build/rootfs.list
	@if [ -e '$(BUSYBOX_SOURCE)' ]; then \
		$(MAKE) --no-print-directory build/tiny.img; \
	else echo "no source of busybox (make deps fetches it):" \
		"build/tiny.img is not tested"; fi

check-boot: $(PRODUCTS_boot) ## test: whole boots in QEMU
	$(call need,qemu-system-x86_64)
	@$(PYTEST) -n 4 --dist loadfile tests/boot

check-powercut: $(KERNEL_IMAGE) build/init $(BUSYBOX) ## test: 100 power cuts
	$(call need,qemu-system-x86_64)
	@POWERCUTS=100 $(PYTEST) -n 2 -rP tests/boot/test_powercut.py

# The measuring program inside the guest, the same for every init.
BENCH_SOURCES := $(wildcard tests/bench/guest/*.c)
build/bench/tool: $(BENCH_SOURCES) $(wildcard tests/bench/guest/*.h) | build/
	@mkdir -p $(@D)
	$(call need,$(MUSL_CC))
	$(SAY)$(MUSL_CC) -std=c11 -Os $(WARNINGS) -D_GNU_SOURCE -static -s \
		-o $@ $(BENCH_SOURCES)

BENCH = tests/bench/bench --init build/init --kernel $(KERNEL_IMAGE) \
	--busybox $(BUSYBOX) --tool build/bench/tool --cache '$(CACHE)'
BENCHED := $(KERNEL_IMAGE) build/init build/bench/tool $(BUSYBOX)
bench: $(BENCHED) ## measure: init and five others, measured side by side: build/bench/
	$(call need,python3 qemu-system-x86_64)
	@$(BENCH) build/bench

bench-quick: $(BENCHED) ## measure: only ours and busybox's, fewer rows: build/bench/quick/
	$(call need,python3 qemu-system-x86_64)
	@$(BENCH) --quick build/bench/quick

bench-doc: ## measure: copy the figures of the last "make bench" to doc/ and README
	@tests/bench/report build/bench --page doc/benchmarks.md doc/bench.svg \
		--rows README.md

bench-many: $(KERNEL_IMAGE) build/tiny.img ## measure: boot 1 to 32 machines at once
	$(call need,python3 qemu-system-x86_64)
	@tests/bench/many $^ build/bench

lint: build/generated/state_version.h | $(FIRST) ## test: formatting, static analysis, shell and python
	scripts/lint $(PURE_SOURCES)

-include $(wildcard $(addsuffix *.d,$(foreach layer,$(LAYERS),\
	build/obj/$(IN_$(layer))/ build/unit/tested/$(IN_$(layer))/ \
	build/fuzz/obj/$(IN_$(layer))/) build/unit/ build/unit/*/ \
	build/fuzz/obj/tests/unit/ build/fuzz/obj/tests/fuzz/))

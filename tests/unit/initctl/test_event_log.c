#include "event_log.h"

#include <stdlib.h>

#include "check.h"
#include "tables.h"

static struct event_record ring[EVENT_RING_SIZE];
static struct plan *plan;

static int set_up(void **state)
{
	size_t size;

	(void)state;
	plan = tables_plan("::sysinit:/a\n::wait:/b\n::wait:/c\n"
			   "::once:/d\n::respawn:/e\n::respawn:/getty\n",
			   true, NULL, &size);
	plan_boot(plan, true, 0);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	free(plan);
	return 0;
}

/* Each takes 10 us from one to the next, unless a time is given. */
static void happens_at(int64_t time, enum event_kind what, uint32_t number,
		       int32_t pid, int status)
{
	ring[plan->event_count++ % EVENT_RING_SIZE] = (struct event_record){
		.time = time,
		.number = number,
		.pid = pid,
		.status = (uint16_t)status,
		.kind = (uint8_t)what,
	};
}

static void boot_a_machine(void)
{
	happens_at(100, EVENT_BOOT, 0, 0, 0);
	happens_at(110, EVENT_PHASE, 0, 0, PHASE_SYSINIT);
	happens_at(120, EVENT_STARTED, 1, 2, 0);
	happens_at(220, EVENT_EXITED, 1, 2, 0);
	happens_at(230, EVENT_PHASE, 0, 0, PHASE_WAIT);
	happens_at(240, EVENT_STARTED, 2, 3, 0);
	happens_at(540, EVENT_EXITED, 2, 3, 0);
	happens_at(550, EVENT_STARTED, 3, 4, 0);
	happens_at(650, EVENT_EXITED, 3, 4, 256);
	happens_at(660, EVENT_PHASE, 0, 0, PHASE_ONCE);
	happens_at(670, EVENT_STARTED, 4, 5, 0);
	happens_at(680, EVENT_PHASE, 0, 0, PHASE_RUN);
	happens_at(690, EVENT_STARTED, 5, 6, 0);
	happens_at(700, EVENT_STARTED, 6, 7, 0);
}

static void where_it_begins(void **state)
{
	(void)state;
	assert_int_equal(event_log_of(ring, plan).first, 0);
	plan->event_count = EVENT_RING_SIZE;
	assert_int_equal(event_log_of(ring, plan).first, 0);
	plan->event_count = EVENT_RING_SIZE + 5;
	assert_int_equal(event_log_of(ring, plan).first, 5);
}

static void how_long_a_child_lived(void **state)
{
	struct event_log log;

	(void)state;
	boot_a_machine();
	log = event_log_of(ring, plan);
	assert_int_equal(event_log_lifetime(&log, 3), 100);
	assert_int_equal(event_log_lifetime(&log, 6), 300);
	happens_at(900, EVENT_EXITED, 6, 7, 9);
	happens_at(910, EVENT_EXITED, 6, 8, 9); /* another child */
	happens_at(910, EVENT_EXITED, 5, 7, 9); /* of another entry */
	log = event_log_of(ring, plan);
	assert_int_equal(event_log_lifetime(&log, 14), 200);
	assert_int_equal(event_log_lifetime(&log, 15), -1);
	assert_int_equal(event_log_lifetime(&log, 16), -1);
}

static void how_the_machine_came_up(void **state)
{
	struct event_log log;
	struct boot_times boot;

	(void)state;
	boot_a_machine();
	happens_at(800, EVENT_STARTED, 6, 9, 0); /* the first one counts */
	log = event_log_of(ring, plan);
	boot = event_log_boot_times(&log);
	assert_int_equal(boot.init, 100);
	assert_int_equal(boot.sysinit, 110);
	assert_int_equal(boot.services, 660);
	assert_int_equal(boot.getty, 700);
	assert_int_equal(boot.slot, 6);
}

static void without_a_getty_the_first_service_counts(void **state)
{
	struct event_log log;

	(void)state;
	boot_a_machine();
	plan->event_count--;
	happens_at(800, EVENT_STARTED, 5, 9, 0);
	log = event_log_of(ring, plan);
	assert_int_equal(event_log_boot_times(&log).getty, 690);
}

static void a_boot_that_is_forgotten(void **state)
{
	struct event_log log;

	(void)state;
	boot_a_machine();
	while (plan->event_count < EVENT_RING_SIZE + 1)
		happens_at(1000, EVENT_EXITED, 99, 99, 0);
	log = event_log_of(ring, plan);
	assert_int_equal(event_log_boot_times(&log).init, -1);
	assert_int_equal(event_log_boot_times(&log).sysinit, 110);
}

static void the_slowest_comes_first(void **state)
{
	static const uint32_t order[] = {5, 2, 7, 14}; /* 2 and 7 took 100 */
	struct event_log log;
	int64_t took = INT64_MAX, before = INT64_MAX;
	uint32_t start = 0;

	(void)state;
	boot_a_machine();
	happens_at(1950, EVENT_STARTED, 1, 11, 0); /* it still runs */
	log = event_log_of(ring, plan);
	for (int i = 0; i < 4; i++) {
		assert_true(event_log_next_slowest(&log, 2000, &took, &start));
		assert_int_equal(start, order[i]);
		assert_true(took <= before);
		before = took;
	}
	assert_int_equal(took, 50);
	assert_false(event_log_next_slowest(&log, 2000, &took, &start));
}

static void names(void **state)
{
	(void)state;
	assert_null(event_log_name(&(struct event_record){.kind = EVENT_NONE}));
	assert_string_equal(
		event_log_name(&(struct event_record){.kind = EVENT_BOOT}),
		"boot");
	assert_string_equal(
		event_log_name(&(struct event_record){.kind = EVENT_UPGRADED}),
		"upgraded");
	assert_null(event_log_name(
		&(struct event_record){.kind = EVENT_UPGRADED + 1}));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(where_it_begins),
		TEST(how_long_a_child_lived),
		TEST(how_the_machine_came_up),
		TEST(without_a_getty_the_first_service_counts),
		TEST(a_boot_that_is_forgotten),
		TEST(the_slowest_comes_first),
		TEST(names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "respawn.h"

#include "check.h"

/* Statuses as of wait(2). */
#define EXITED(code) ((code) << 8)
#define KILLED(signal) (signal)

/* One life of the slot: starts when it may, ends after so long. Returns the
 * time from this start to the next one. */
static int64_t live(struct slot *slot, int64_t *now, int64_t lives, int status)
{
	int64_t started = *now;

	slot->history.started = started;
	slot->history.starts++;
	*now = respawn_on_exit(slot, status, started + lives);
	return *now - started;
}

static void the_first_start_is_at_once(void **state)
{
	struct slot slot = {0};

	(void)state;
	assert_int_equal(respawn_earliest(&slot, 5), 5);
	assert_int_equal(respawn_earliest(&slot, 999999), 999999);
}

static void starts_are_a_second_apart(void **state)
{
	struct slot slot = {.history.starts = 1, .history.started = 5000};

	(void)state;
	assert_int_equal(respawn_earliest(&slot, 5000), 6000);
	assert_int_equal(respawn_earliest(&slot, 5999), 6000);
	assert_int_equal(respawn_earliest(&slot, 6000), 6000);
	assert_int_equal(respawn_earliest(&slot, 6001), 6001);
	assert_int_equal(respawn_on_exit(&slot, 0, 5000), 6000);
	assert_int_equal(respawn_on_exit(&slot, 0, 5400), 6000);
	assert_int_equal(respawn_on_exit(&slot, 0, 9000), 9000);
	assert_int_equal(respawn_on_exit(&slot, 0, 99000), 99000);
	assert_int_equal(slot.history.failures, 0);
}

static void asking_forgets_no_failure(void **state)
{
	struct slot slot = {.history.starts = 9,
			    .history.started = 5000,
			    .history.failures = 7};

	(void)state;
	assert_int_equal(respawn_earliest(&slot, 5100), 6000);
	assert_int_equal(slot.history.failures, 7);
}

static void a_quick_exit_0_keeps_its_pace(void **state)
{
	struct slot slot = {0};
	int64_t now = 100;

	(void)state;
	for (int i = 0; i < 1000; i++)
		assert_int_equal(live(&slot, &now, 3, 0), 1000);
	assert_false(respawn_is_throttled(&slot));
}

static void failures_are_throttled_ever_longer(void **state)
{
	static const int64_t gaps[] = {1000,  1000,  1000,  1000,  2000,
				       4000,  8000,  16000, 32000, 60000,
				       60000, 60000, 60000};
	static const int statuses[] = {EXITED(1), KILLED(9), KILLED(128 + 11),
				       EXITED(127)};

	(void)state;
	for (size_t s = 0; s < sizeof(statuses) / sizeof(statuses[0]); s++) {
		struct slot slot = {0};
		int64_t now = 0;

		for (size_t i = 0; i < sizeof(gaps) / sizeof(gaps[0]); i++) {
			assert_int_equal(respawn_is_throttled(&slot), i >= 5);
			assert_int_equal(live(&slot, &now, 0, statuses[s]),
					 gaps[i]);
		}
	}
}

static void the_wait_counts_from_the_end(void **state)
{
	struct slot slot = {.history.starts = 9,
			    .history.started = 1000,
			    .history.failures = 4};

	(void)state;
	assert_int_equal(respawn_on_exit(&slot, EXITED(1), 4000), 6000);
	slot = (struct slot){.history.starts = 9,
			     .history.started = 1000,
			     .history.failures = 100};
	assert_int_equal(respawn_on_exit(&slot, EXITED(1), 4000), 64000);
	assert_int_equal(slot.history.failures, 101);
}

static void ten_seconds_of_life_are_forgiveness(void **state)
{
	struct slot slot = {.history.starts = 9,
			    .history.started = 1000,
			    .history.failures = 8};

	(void)state;
	assert_int_equal(respawn_on_exit(&slot, EXITED(1), 10999),
			 10999 + 32000);
	assert_int_equal(slot.history.failures, 9);
	assert_int_equal(respawn_on_exit(&slot, EXITED(1), 11000), 11000);
	assert_int_equal(slot.history.failures, 0);
}

static void an_exit_0_is_forgiveness(void **state)
{
	struct slot slot = {.history.starts = 9,
			    .history.started = 1000,
			    .history.failures = 50};

	(void)state;
	assert_int_equal(respawn_on_exit(&slot, 0, 1100), 2000);
	assert_int_equal(slot.history.failures, 0);
}

static void failures_do_not_wrap(void **state)
{
	struct slot slot = {.history.starts = 9,
			    .history.failures = UINT32_MAX - 1};

	(void)state;
	for (int i = 0; i < 4; i++)
		assert_int_equal(respawn_on_exit(&slot, KILLED(9), 500), 60500);
	assert_int_equal(slot.history.failures, UINT32_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_start_is_at_once),
		cmocka_unit_test(starts_are_a_second_apart),
		cmocka_unit_test(asking_forgets_no_failure),
		cmocka_unit_test(a_quick_exit_0_keeps_its_pace),
		cmocka_unit_test(failures_are_throttled_ever_longer),
		cmocka_unit_test(the_wait_counts_from_the_end),
		cmocka_unit_test(ten_seconds_of_life_are_forgiveness),
		cmocka_unit_test(an_exit_0_is_forgiveness),
		cmocka_unit_test(failures_do_not_wrap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

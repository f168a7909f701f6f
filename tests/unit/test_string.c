/* string.c beside this machine's C library, which goes by __builtin_NAME. */
#define memchr our_memchr
#define strcat our_strcat
#define strchr our_strchr
#define strcmp our_strcmp
#define strcpy our_strcpy
#define strcspn our_strcspn
#define strlen our_strlen
#define strncat our_strncat
#define strncmp our_strncmp
#define strrchr our_strrchr
#define strspn our_strspn
#include "../../init/string.c"

#include "check.h"
#include "dice.h"

#define ROUNDS 100000
#define SIZE 12

/* So few and such letters that two strings often begin alike, and that some
 * are negative as a char. */
static const char letters[] = "ab\xe4\xff";

static void make_string(struct dice *dice, char s[SIZE])
{
	uint32_t len = dice_below(dice, SIZE);

	for (uint32_t i = 0; i < len; i++)
		s[i] = letters[dice_below(dice, sizeof(letters) - 1)];
	s[len] = '\0';
}

static int sign(int n)
{
	return (n > 0) - (n < 0);
}

static void check_looking(const char *a, const char *b, size_t most)
{
	int c = b[0];

	assert_int_equal(strlen(a), __builtin_strlen(a));
	assert_ptr_equal(strchr(a, c), __builtin_strchr(a, c));
	assert_ptr_equal(strrchr(a, c), __builtin_strrchr(a, c));
	assert_ptr_equal(memchr(a, c, most), __builtin_memchr(a, c, most));
	assert_int_equal(strspn(a, b), __builtin_strspn(a, b));
	assert_int_equal(strcspn(a, b), __builtin_strcspn(a, b));
	assert_int_equal(sign(strcmp(a, b)), sign(__builtin_strcmp(a, b)));
	assert_int_equal(sign(strncmp(a, b, most)),
			 sign(__builtin_strncmp(a, b, most)));
}

static void check_writing(const char *a, const char *b, size_t most)
{
	char ours[2 * SIZE] = "", theirs[2 * SIZE] = "";

	assert_ptr_equal(strcpy(ours, a), ours);
	__builtin_strcpy(theirs, a);
	assert_memory_equal(ours, theirs, sizeof(ours));
	assert_ptr_equal(strcat(ours, b), ours);
	__builtin_strcat(theirs, b);
	assert_memory_equal(ours, theirs, sizeof(ours));
	ours[1] = theirs[1] = '\0';
	assert_ptr_equal(strncat(ours, b, most), ours);
	__builtin_strncat(theirs, b, most);
	assert_memory_equal(ours, theirs, sizeof(ours));
}

static void all_do_what_the_c_library_does(void **state)
{
	struct dice dice = {7};

	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		char a[SIZE], b[SIZE];
		size_t most;

		make_string(&dice, a);
		make_string(&dice, b);
		most = dice_below(&dice, (uint32_t)__builtin_strlen(a) + 2);
		check_looking(a, b, most);
		check_writing(a, b, most);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_do_what_the_c_library_does),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

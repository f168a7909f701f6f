#include "mountinfo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

/* "path ro|rw [undo]\n" for each complete line; to be freed. */
static char *parsed(enum mount_list list, const char *text, size_t len)
{
	struct mountinfo *line = malloc(sizeof(*line));
	size_t size = len + 4096, used = 0;
	char *out = calloc(1, size);

	memset(line, 'Z', sizeof(*line)); /* nothing is to be expected of it */
	mountinfo_begin(line, list);
	for (size_t i = 0; i < len; i++) {
		if (!mountinfo_feed(line, (unsigned char)text[i]))
			continue;
		assert_int_equal(line->path[line->len], '\0');
		used += (size_t)snprintf(
			out + used, size - used, "%s%s%s\n", line->path,
			line->is_read_only ? " ro" : " rw",
			mountinfo_needs_release(line) ? " undo" : "");
		assert_true(used < size);
		mountinfo_begin(line, list);
	}
	free(line);
	return out;
}

static void check(enum mount_list list, const char *text, const char *expected)
{
	char *got = parsed(list, text, strlen(text));

	assert_string_equal(got, expected);
	free(got);
}

static void a_machines_mounts_are_understood(void **state)
{
	(void)state;
	check(MOUNT_MOUNTS,
	      "1 1 0:2 / / rw - rootfs rootfs rw,size=50152k,nr_inodes=12538\n"
	      "20 1 0:5 / /dev rw,nosuid - devtmpfs /dev rw,mode=755\n"
	      "21 1 0:19 / /proc rw,nosuid,nodev,noexec - proc proc rw\n"
	      "24 20 0:21 / /dev/pts rw,nosuid - devpts devpts "
	      "rw,gid=5,mode=620,ptmxmode=666\n"
	      "26 1 8:1 / /mnt rw,relatime - ext3 /dev/sda1 ro,errors=panic\n"
	      "27 26 8:2 /a /mnt/b rw - ext4 /dev/sda2 rw\n",
	      "/ rw undo\n/dev rw undo\n/proc rw\n/dev/pts rw undo\n"
	      "/mnt ro undo\n/mnt/b rw undo\n");
}

/* What is dirty is a filesystem: no matter through which mount. */
static void the_filesystem_is_read_only_not_the_mount(void **state)
{
	(void)state;
	check(MOUNT_MOUNTS,
	      "26 1 8:1 / /a ro,relatime - ext3 /dev/sda1 rw,errors=panic\n"
	      "26 1 8:1 / /b rw,relatime - ext3 /dev/sda1 ro,errors=panic\n"
	      "26 1 8:1 / /c ro - ext3 ro rw\n"
	      "26 1 8:1 / /d rw - ext3 rw ro\n"
	      "26 1 8:1 / /e rw - ext3 none r\n"
	      "26 1 8:1 / /f rw - ext3 none row\n",
	      "/a rw undo\n/b ro undo\n/c rw undo\n/d ro undo\n/e rw undo\n"
	      "/f ro undo\n");
}

static void optional_fields_may_be_any_number(void **state)
{
	(void)state;
	check(MOUNT_MOUNTS,
	      "30 1 8:1 / /none rw - ext3 /dev/sda1 ro\n"
	      "30 1 8:1 / /one rw shared:1 - ext3 /dev/sda1 ro\n"
	      "30 1 8:1 / /three rw shared:7 master:1 propagate_from:2"
	      " - ext3 /dev/sda1 ro\n"
	      "30 1 8:1 / /un rw unbindable - ext3 /dev/sda1 rw\n",
	      "/none ro undo\n/one ro undo\n/three ro undo\n/un rw undo\n");
}

/* As the kernel writes them: seq_path(), "\t\n\\ ". */
static void odd_bytes_of_a_path_are_unescaped(void **state)
{
	(void)state;
	check(MOUNT_MOUNTS,
	      "1 1 8:1 / /a\\040b rw - ext3 d rw\n"
	      "1 1 8:1 / /\\011\\012\\134\\040 rw - ext3 d rw\n"
	      "1 1 8:1 / /\\134040 rw - ext3 d rw\n"
	      "1 1 8:1 / /\\134\\134 rw - ext3 d rw\n"
	      "1 1 8:1 / /\\377\\101\xc3\xa4# rw - ext3 d rw\n"
	      "1 1 8:1 / /pro\\143 rw - proc proc rw\n",
	      "/a b rw undo\n/\t\n\\  rw undo\n/\\040 rw undo\n"
	      "/\\\\ rw undo\n/\377A\xc3\xa4# rw undo\n/proc rw\n");
}

/* No kernel writes these. Space and newline separate, whatever is before. */
static void a_broken_escape_costs_its_path_only(void **state)
{
	(void)state;
	check(MOUNT_MOUNTS,
	      "1 1 8:1 / /a\\04 rw - ext3 d ro\n"
	      "1 1 8:1 / /b\\\n"
	      "1 1 8:1 / /c\\1\n"
	      "1 1 8:1 / /d\\xyz rw - ext3 d ro\n"
	      "1 1 8:1 / /e rw - ext3 d ro\n",
	      "/a ro undo\n/b rw undo\n/c rw undo\n"
	      "/d\n ro undo\n" /* 'z' & 7 is 2 */
	      "/e ro undo\n");
	/* a NUL ends the path for everybody who reads it */
	check(MOUNT_MOUNTS, "1 1 8:1 / /a\\000b rw - ext3 d rw\n",
	      "/a rw undo\n");
}

static void swaps_have_a_head_and_tabs(void **state)
{
	(void)state;
	check(MOUNT_SWAPS,
	      "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"
	      "/dev/sda2                               partition\t1048572"
	      "\t\t0\t\t-2\n"
	      "/swap\\040file                           file\t\t4096\t\t12"
	      "\t\t-3\n"
	      "/swap\\040(deleted)\tfile\t\t4096\t\t12\t\t-3\n",
	      "Filename rw\n/dev/sda2 rw undo\n/swap file rw undo\n"
	      "/swap (deleted) rw undo\n");
}

static void only_complete_lines_count(void **state)
{
	(void)state;
	check(MOUNT_MOUNTS, "", "");
	check(MOUNT_MOUNTS, "1 1 8:1 / /a rw - ext3 d rw", "");
	check(MOUNT_MOUNTS,
	      "1 1 8:1 / /a rw - ext3 d rw\n1 1 8:1 / /b rw - ext3 d rw",
	      "/a rw undo\n");
	check(MOUNT_MOUNTS, "1 1 8:1 / /a\\", "");
	check(MOUNT_MOUNTS, "1 1 8:1 / /a\\04", "");
	check(MOUNT_SWAPS, "/a", "");
}

static void a_line_may_lack_its_path(void **state)
{
	(void)state;
	check(MOUNT_MOUNTS, "\n \n1 1 8:1 /\n1 1 8:1 / \n    \n     \n",
	      " rw\n rw\n rw\n rw\n rw\n rw\n");
	check(MOUNT_SWAPS, "\n\t\n /a\n", " rw\n rw\n rw\n");
	/* and nothing of the line before is left */
	check(MOUNT_MOUNTS, "1 1 8:1 / /a rw - ext3 d ro\n\n",
	      "/a ro undo\n rw\n");
}

/* A line of mountinfo whose path has len bytes, each written as unit. */
static void check_length(size_t len, const char *unit, size_t expected)
{
	static const char head[] = "1 1 8:1 / ", tail[] = " rw - ext3 d ro\n";
	char *text = calloc(1, sizeof(head) + len * 4 + sizeof(tail));
	char *got;

	strcpy(text, head);
	for (size_t i = 0; i < len; i++)
		strcpy(text + sizeof(head) - 1 + i * strlen(unit), unit);
	strcat(text, tail);
	got = parsed(MOUNT_MOUNTS, text, strlen(text));
	assert_int_equal(strspn(got, "/"), expected);
	assert_string_equal(got + expected, " ro undo\n");
	free(got);
	free(text);
}

static void a_path_is_cut_to_fit(void **state)
{
	static const size_t most = MOUNTINFO_PATH - 1;

	(void)state;
	check_length(most - 1, "/", most - 1);
	check_length(most, "/", most);
	check_length(most + 1, "/", most);
	check_length(3 * most, "/", most);
	check_length(most, "\\057", most);
	check_length(most + 1, "\\057", most);
}

static uint32_t id_of(enum mount_list list, const char *text)
{
	static struct mountinfo line; /* with what the last one left in it */

	mountinfo_begin(&line, list);
	while (!mountinfo_feed(&line, (unsigned char)*text))
		text++;
	return line.id;
}

static void an_id_tells_devices_apart(void **state)
{
	uint32_t sda1 = id_of(MOUNT_MOUNTS, "1 1 8:1 / /a rw - ext3 d rw\n");

	(void)state;
	assert_int_equal(sda1,
			 id_of(MOUNT_MOUNTS, "27 30 8:1 /x /b ro - e f ro\n"));
	assert_int_not_equal(
		sda1, id_of(MOUNT_MOUNTS, "1 1 8:2 / /a rw - ext3 d rw\n"));
	assert_int_not_equal(
		sda1, id_of(MOUNT_MOUNTS, "1 1 81: / /a rw - ext3 d rw\n"));
	assert_int_equal(id_of(MOUNT_SWAPS, "/a file 1 0 -2\n"),
			 id_of(MOUNT_SWAPS, "/a\t\tpartition 2 1 -3\n"));
	assert_int_not_equal(id_of(MOUNT_SWAPS, "/a file 1 0 -2\n"),
			     id_of(MOUNT_SWAPS, "/b file 1 0 -2\n"));
}

/* Else one that hangs would keep init from trying the other. */
static void an_id_tells_escaped_bytes_apart(void **state)
{
	(void)state;
	assert_int_not_equal(id_of(MOUNT_SWAPS, "/a\\040b file 1 0 -2\n"),
			     id_of(MOUNT_SWAPS, "/a\\011b file 1 0 -2\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_machines_mounts_are_understood),
		cmocka_unit_test(the_filesystem_is_read_only_not_the_mount),
		cmocka_unit_test(optional_fields_may_be_any_number),
		cmocka_unit_test(odd_bytes_of_a_path_are_unescaped),
		cmocka_unit_test(a_broken_escape_costs_its_path_only),
		cmocka_unit_test(swaps_have_a_head_and_tabs),
		cmocka_unit_test(only_complete_lines_count),
		cmocka_unit_test(a_line_may_lack_its_path),
		cmocka_unit_test(a_path_is_cut_to_fit),
		cmocka_unit_test(an_id_tells_devices_apart),
		cmocka_unit_test(an_id_tells_escaped_bytes_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

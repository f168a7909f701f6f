#include "words.h"

#include <string.h>

#define MS_PER_S 1000
#define S_PER_MIN 60
#define S_PER_H (60 * S_PER_MIN)
#define S_PER_D (24 * S_PER_H)

/* Those that have a name: signal(7), 1 to 31 on x86 and arm. */
#define NAMED 31

/* Appends a number of at least so many digits. */
static char *add_number(char *words, uint64_t number, int digits)
{
	char reversed[WORDS_SIZE];
	int n = 0;

	words += strlen(words);
	for (; number || n < digits; number /= 10)
		reversed[n++] = (char)('0' + number % 10);
	while (n)
		*words++ = reversed[--n];
	*words = '\0';
	return words;
}

const char *words_number(char *words, int64_t number)
{
	words[0] = number < 0 ? '-' : '\0';
	words[1] = '\0';
	add_number(words, number < 0 ? -(uint64_t)number : (uint64_t)number, 1);
	return words;
}

/* A span in its two largest units, or in seconds. digits is of the second. */
static const char *span(char *words, int64_t ms, const char *const units[4],
			const char *between, int digits)
{
	static const int32_t sizes[] = {S_PER_D, S_PER_H, S_PER_MIN, 1};
	uint64_t s = ms < 0 ? 0 : (uint64_t)ms / MS_PER_S;
	int i = 0;

	words[0] = '\0';
	while (i < 3 && s < (uint64_t)sizes[i])
		i++;
	add_number(words, s / (uint64_t)sizes[i], 1);
	strcat(words, units[i]);
	if (i == 3)
		return words;
	strcat(words, between);
	add_number(words, s % (uint64_t)sizes[i] / (uint64_t)sizes[i + 1],
		   digits);
	return strcat(words, units[i + 1]);
}

const char *words_short(char *words, int64_t ms)
{
	static const char *const units[] = {"d", "h", "m", "s"};

	return span(words, ms, units, "", 2);
}

const char *words_long(char *words, int64_t ms)
{
	static const char *const units[] = {" d", " h", " min", " s"};

	return span(words, ms, units, " ", 1);
}

static const char *fraction(char *words, int64_t time, uint64_t parts,
			    int digits)
{
	uint64_t t = time < 0 ? 0 : (uint64_t)time;

	words[0] = '\0';
	add_number(words, t / parts, 1);
	strcat(words, ".");
	add_number(words, t % parts, digits);
	return words;
}

const char *words_ms(char *words, int64_t ms)
{
	return fraction(words, ms, 1000, 3);
}

const char *words_us(char *words, int64_t us)
{
	return fraction(words, us, 1000000, 6);
}

const char *words_signal(char *words, int signal)
{
	static const char names[] =
		"HUP\0INT\0QUIT\0ILL\0TRAP\0ABRT\0BUS\0FPE\0KILL\0USR1\0SEGV\0"
		"USR2\0PIPE\0ALRM\0TERM\0STKFLT\0CHLD\0CONT\0STOP\0TSTP\0TTIN\0"
		"TTOU\0URG\0XCPU\0XFSZ\0VTALRM\0PROF\0WINCH\0IO\0PWR\0SYS";
	const char *name = names;

	if (signal < 1 || signal > NAMED) {
		strcpy(words, "signal ");
		add_number(words, (uint64_t)(signal & 0xff), 1);
		return words;
	}
	while (--signal)
		name += strlen(name) + 1;
	return strcat(strcpy(words, "SIG"), name);
}

const char *words_harmless(char *words, const char *text)
{
	size_t i = 0;

	for (; i < WORDS_SIZE - 1 && text[i]; i++)
		words[i] = text[i] < ' ' || text[i] > '~' ? '?' : text[i];
	words[i] = '\0';
	return words;
}

/* Number and text; strerror(3) has a text for all, in 2 kB. */
static const char errors[] = "\001Operation not permitted\0"
			     "\002No such file or directory\0"
			     "\005Input/output error\0"
			     "\014Out of memory\0"
			     "\015Permission denied\0"
			     "\024Not a directory\0"
			     "\025Is a directory\0"
			     "\034No space left on device\0"
			     "\040Broken pipe\0"
			     "\044Filename too long\0"
			     "\050Symbolic link loop\0";

const char *words_error(char *words, int error)
{
	const char *text = errors;

	while (*text && *text != error)
		text += strlen(text) + 1;
	if (*text)
		return strcpy(words, text + 1);
	strcpy(words, "error ");
	add_number(words, (uint64_t)error, 1);
	return words;
}

const char *words_status(char *words, int status)
{
	return words_is_signal(status)
		       ? words_signal(words, words_code(status))
		       : words_number(words, words_code(status));
}

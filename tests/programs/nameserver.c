/*
 * A nameserver on 127.0.0.1 that knows one name: nameserver NAME ADDRESS
 *
 * Answers A with the address, any other type with nothing, and any other name
 * with NXDOMAIN (RFC 1035, 4.1). Goes into the background once it listens.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	PORT = 53,
	HEADER = 12,
	TYPE_A = 1,
	NXDOMAIN = 3,
	MESSAGE_MAX = 512, /* bytes, of a message over UDP */
};

/* "a.b" as it stands in a question: 1 a 1 b 0. */
static size_t encode(unsigned char *to, const char *name)
{
	unsigned char *start = to;

	while (*name) {
		size_t length = strcspn(name, ".");

		*to++ = (unsigned char)length;
		memcpy(to, name, length);
		to += length;
		name += length + (name[length] == '.');
	}
	*to++ = 0;
	return (size_t)(to - start);
}

/* Turns the question in the message into its answer; answers its length. */
static size_t answer(unsigned char *message, const unsigned char *name,
		     size_t name_length, struct in_addr address)
{
	unsigned char *question = message + HEADER;
	size_t length = strlen((char *)question) + 1;
	int known = length == name_length &&
		    !strncasecmp((char *)question, (const char *)name, length);
	int wanted = known && question[length + 1] == TYPE_A;
	unsigned char *end = question + length + 4; /* type and class */
	static const unsigned char RECORD[] = {0xc0, HEADER, 0, TYPE_A, 0, 1,
					       0,    0,	     0, 60,	0, 4};

	message[2] |= 0x80; /* an answer */
	message[3] = known ? 0x80 : 0x80 | NXDOMAIN;
	memset(message + 6, 0, 6); /* nothing after the question ... */
	message[7] = (unsigned char)wanted;
	if (wanted) {
		memcpy(end, RECORD, sizeof(RECORD));
		memcpy(end + sizeof(RECORD), &address, sizeof(address));
		end += sizeof(RECORD) + sizeof(address);
	}
	return (size_t)(end - message);
}

int main(int argc, char **argv)
{
	/* With room for the record behind the longest question. */
	unsigned char message[2 * MESSAGE_MAX], name[MESSAGE_MAX];
	struct sockaddr_in here = {.sin_family = AF_INET,
				   .sin_port = htons(PORT)};
	struct in_addr address;
	size_t name_length;
	int udp = socket(AF_INET, SOCK_DGRAM, 0);

	here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (argc != 3 || !inet_aton(argv[2], &address) ||
	    bind(udp, (struct sockaddr *)&here, sizeof(here)) != 0) {
		perror("nameserver NAME ADDRESS");
		return 1;
	}
	name_length = encode(name, argv[1]);
	if (daemon(0, 0) != 0)
		return 1;
	for (;;) {
		struct sockaddr_in peer;
		socklen_t size = sizeof(peer);
		ssize_t got = recvfrom(udp, message, MESSAGE_MAX, 0,
				       (struct sockaddr *)&peer, &size);

		if (got < HEADER + 5)
			continue;
		memset(message + got, 0, sizeof(message) - (size_t)got);
		size_t length = answer(message, name, name_length, address);

		sendto(udp, message, length, 0, (struct sockaddr *)&peer, size);
	}
}

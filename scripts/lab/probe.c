// SPDX-License-Identifier: GPL-2.0
/*
 * Sends and verifies traffic of which every byte is known in advance, for either
 * end of a vif.
 *
 * udp: datagrams of many sizes, each with a pattern of its own. The receiver
 *	knows the next datagram, so that it detects a loss, a change of order, a
 *	second copy and a wrong byte. Each datagram is acknowledged and the
 *	sender has few in flight: no socket buffer overflows, so that only the
 *	network can lose a datagram.
 * tcp: a stream with a seeded pattern. The receiver answers with the stream's
 *	sha256.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "qstats.h"

#define MAX_DATAGRAM	65507
#define ROUNDS		2
#define CHUNK		65536
#define MIB		(1024 * 1024)
#define WINDOW_PACKETS	8
#define WINDOW_BYTES	(256 * 1024)
#define SOCKET_BUFFER	(4 * MIB)
#define ACK_SECONDS	5
#define LIMIT_SECONDS	60
#define MAX_HOSTS	256
#define ANSWER_MICROSECONDS 200000
#define MAX_LOST	25

/* Sizes around the limits of headers, pages and MTUs. */
static const int edges[] = {
	1, 2, 3, 17, 18, 19, 63, 64, 65, 100, 127, 128, 129, 255, 256, 511,
	512, 1000, 1024, 1451, 1452, 1453, 1471, 1472, 1473, 1500, 2048,
	2959, 2960, 2961, 4053, 4054, 4055, 4095, 4096, 4097, 8191, 8192,
	8193, 8951, 8952, 8953, 8971, 8972, 8973, 9000, 12288, 16383, 16384,
	20000, 24576, 30000, 32767, 32768, 40000, 49152, 57344, 61440, 65000,
	65505, 65506, MAX_DATAGRAM,
};

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))
#define EDGES	((int)ARRAY_SIZE(edges))
#define TOTAL	(EDGES * ROUNDS)

struct datagram {
	int size;
	unsigned char bytes[MAX_DATAGRAM + 1];
};

static int fail(const char *what)
{
	fprintf(stderr, "probe: %s: %s\n", what, strerror(errno));
	return 1;
}

static unsigned long long next_random(unsigned long long *state)
{
	/* xorshift64* is fast, and its period is longer than any run. */
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * 0x2545f4914f6cdd1dULL;
}

static void fill(unsigned char *bytes, size_t size, unsigned long long *state)
{
	size_t done;
	unsigned long long word;

	for (done = 0; done < size; done += sizeof(word)) {
		word = next_random(state);
		memcpy(bytes + done, &word, size - done < sizeof(word) ?
		       size - done : sizeof(word));
	}
}

/* Makes the datagram with number @seq, which is the same on both sides. */
static void make_datagram(struct datagram *datagram, int seq)
{
	unsigned long long state = 0x9e3779b97f4a7c15ULL * (seq + 1);

	datagram->size = edges[seq % EDGES];
	fill(datagram->bytes, datagram->size, &state);
}

/* Listens on all addresses of both families. */
static int open_listener(int type, const char *port)
{
	struct sockaddr_in6 any = { .sin6_family = AF_INET6 };
	int size = SOCKET_BUFFER;
	int off = 0;
	int on = 1;
	int fd;

	any.sin6_port = htons(atoi(port));
	fd = socket(AF_INET6, type, 0);
	if (fd < 0)
		return -1;
	setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (type == SOCK_DGRAM)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	if (bind(fd, (struct sockaddr *)&any, sizeof(any)) ||
	    (type == SOCK_STREAM && listen(fd, 1))) {
		close(fd);
		return -1;
	}
	return fd;
}

static int open_connected(int type, const char *host, const char *port)
{
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
	struct sockaddr_in v4 = { .sin_family = AF_INET };
	struct sockaddr *address = (struct sockaddr *)&v4;
	socklen_t length = sizeof(v4);
	int fd;

	v4.sin_port = htons(atoi(port));
	v6.sin6_port = htons(atoi(port));
	if (inet_pton(AF_INET6, host, &v6.sin6_addr) == 1) {
		address = (struct sockaddr *)&v6;
		length = sizeof(v6);
	} else if (inet_pton(AF_INET, host, &v4.sin_addr) != 1) {
		errno = EINVAL;
		return -1;
	}
	fd = socket(address->sa_family, type, 0);
	if (fd < 0)
		return -1;
	if (connect(fd, address, length)) {
		close(fd);
		return -1;
	}
	return fd;
}

/* Prints how a datagram differs from the expected one. */
static int complain(int seq, const struct datagram *want, ssize_t size,
		    const unsigned char *got)
{
	int at = 0;

	if (size != want->size) {
		fprintf(stderr,
			"probe: lost or out of order: expected datagram %d of %d bytes, received %zd bytes\n",
			seq, want->size, size);
		return 1;
	}
	while (at < want->size && got[at] == want->bytes[at])
		at++;
	fprintf(stderr,
		"probe: datagram %d of %d bytes: byte %d is %#x, expected %#x\n",
		seq, want->size, at, got[at], want->bytes[at]);
	return 1;
}

/*
 * Serves one sender at a time; a new address is a new sender. After an unexpected
 * datagram the sender gets no more answers, and so fails.
 */
static int serve_udp(const char *port)
{
	static unsigned char got[MAX_DATAGRAM + 1];
	struct sockaddr_in6 from, sender = {};
	static struct datagram want;
	socklen_t length;
	ssize_t size;
	int seq = 0;
	int fd;

	fd = open_listener(SOCK_DGRAM, port);
	if (fd < 0)
		return fail("listen");
	for (;;) {
		length = sizeof(from);
		size = recvfrom(fd, got, sizeof(got), 0,
				(struct sockaddr *)&from, &length);
		if (size < 0)
			return fail("receive");
		if (memcmp(&from, &sender, sizeof(from))) {
			sender = from;
			seq = 0;
		}
		if (seq == TOTAL)
			continue;
		make_datagram(&want, seq);
		if (size != want.size || memcmp(got, want.bytes, size)) {
			complain(seq, &want, size, got);
			seq = TOTAL;
			continue;
		}
		sendto(fd, &seq, sizeof(seq), 0, (struct sockaddr *)&from,
		       length);
		seq++;
	}
}

/*
 * Returns the size of the largest datagram that is not fragmented. Whole and
 * fragmented datagrams of one flow have different hashes, so with several queues
 * they may legitimately overtake each other: the sender waits between the two
 * kinds.
 */
static int one_piece(int fd)
{
	socklen_t length = sizeof(int);
	int mtu;

	if (!getsockopt(fd, IPPROTO_IPV6, IPV6_MTU, &mtu, &length))
		return mtu - 48;
	if (!getsockopt(fd, IPPROTO_IP, IP_MTU, &mtu, &length))
		return mtu - 28;
	return 0;
}

/* Waits for the next acknowledgment. Returns the new count of them, or -1. */
static int next_ack(int fd, int acked)
{
	int seq;

	if (recv(fd, &seq, sizeof(seq), 0) != sizeof(seq)) {
		fprintf(stderr,
			"probe: no answer to datagram %d of %d bytes: %s\n",
			acked, edges[acked % EDGES], strerror(errno));
		return -1;
	}
	if (seq != acked) {
		fprintf(stderr, "probe: received answer %d, expected %d\n", seq,
			acked);
		return -1;
	}
	return acked + 1;
}

static int send_udp(const char *host, const char *port)
{
	struct timeval limit = { .tv_sec = ACK_SECONDS };
	static struct datagram datagram;
	int size = SOCKET_BUFFER;
	int under_way = 0;
	int was_fragment = 0;
	int acked = 0;
	int fd, seq, split, room, fragment;

	fd = open_connected(SOCK_DGRAM, host, port);
	if (fd < 0)
		return fail("connect");
	split = one_piece(fd);
	setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size));
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	for (seq = 0; seq < TOTAL; seq++) {
		make_datagram(&datagram, seq);
		room = WINDOW_BYTES - datagram.size;
		fragment = datagram.size > split;
		if (fragment != was_fragment)
			room = 0;
		was_fragment = fragment;
		while (acked < seq && (under_way > room ||
				       seq - acked >= WINDOW_PACKETS)) {
			under_way -= edges[acked % EDGES];
			acked = next_ack(fd, acked);
			if (acked < 0)
				return 1;
		}
		if (send(fd, datagram.bytes, datagram.size, 0) !=
		    datagram.size)
			return fail("send");
		under_way += datagram.size;
	}
	while (acked < TOTAL) {
		acked = next_ack(fd, acked);
		if (acked < 0)
			return 1;
	}
	return 0;
}

static int write_all(int fd, const unsigned char *bytes, size_t size)
{
	ssize_t done;

	while (size) {
		done = write(fd, bytes, size);
		if (done <= 0)
			return fail("write");
		bytes += done;
		size -= done;
	}
	return 0;
}

static int write_pattern(int fd, const char *mib, const char *seed)
{
	unsigned long long state = 0x9e3779b97f4a7c15ULL * (atoi(seed) + 1);
	long left = atol(mib) * (MIB / CHUNK);
	static unsigned char chunk[CHUNK];

	for (; left > 0; left--) {
		fill(chunk, sizeof(chunk), &state);
		if (write_all(fd, chunk, sizeof(chunk)))
			return 1;
	}
	return 0;
}

/* The peer answers with the checksum of the received stream. */
static int send_tcp(const char *host, const char *port, const char *mib,
		    const char *seed)
{
	int fd = open_connected(SOCK_STREAM, host, port);
	char answer[128];
	ssize_t size;

	if (fd < 0)
		return fail("connect");
	if (write_pattern(fd, mib, seed))
		return 1;
	shutdown(fd, SHUT_WR);
	while ((size = read(fd, answer, sizeof(answer))) > 0)
		if (write_all(STDOUT_FILENO, (unsigned char *)answer, size))
			return 1;
	return size < 0 ? fail("answer") : 0;
}

static int serve_tcp(const char *port)
{
	int fd = open_listener(SOCK_STREAM, port);
	int from;

	if (fd < 0)
		return fail("listen");
	signal(SIGCHLD, SIG_IGN);
	for (;;) {
		from = accept(fd, NULL, NULL);
		if (from < 0)
			return fail("accept");
		if (!fork()) {
			dup2(from, STDIN_FILENO);
			dup2(from, STDOUT_FILENO);
			execlp("sha256sum", "sha256sum", NULL);
			_exit(1);
		}
		close(from);
	}
}

static int serve(const char *port)
{
	if (!fork()) {
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		_exit(serve_udp(port));
	}
	return serve_tcp(port);
}

/* Executes a long NOP that spells MKR. It tells the plugins of scripts/bench that a
 * window opens (0) or closes (1).
 */
static int mark(const char *which)
{
	if (atoi(which))
		__asm__ volatile(".byte 0x0f, 0x1f, 0x84, 0, 'M', 'K', 'R', 1");
	else
		__asm__ volatile(".byte 0x0f, 0x1f, 0x84, 0, 'M', 'K', 'R', 0");
	return 0;
}

/* Sends each datagram back to its sender. */
static int serve_echo(const char *port)
{
	static unsigned char bytes[MAX_DATAGRAM];
	struct sockaddr_in6 from;
	socklen_t length;
	ssize_t size;
	int fd;

	fd = open_listener(SOCK_DGRAM, port);
	if (fd < 0)
		return fail("listen");
	for (;;) {
		length = sizeof(from);
		size = recvfrom(fd, bytes, sizeof(bytes), 0,
				(struct sockaddr *)&from, &length);
		if (size >= 0)
			sendto(fd, bytes, size, 0, (struct sockaddr *)&from,
			       length);
	}
}

static long long now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static int compare_times(const void *a, const void *b)
{
	long long difference = *(const long long *)a - *(const long long *)b;

	return difference < 0 ? -1 : difference > 0;
}

static int send_question(int fd, int round)
{
	char question[60] = {};

	memcpy(question, &round, sizeof(round));
	return send(fd, question, sizeof(question), 0) < 0 ? fail("send") : 0;
}

/* Ignores late answers to earlier rounds. A lost question or answer, which may
 * happen beside a stream, is sent again and counts with its time. Returns the
 * number of losses, or -1.
 */
static int await_answer(int fd, int round)
{
	char answer[60];
	int lost = 0, asked = round - 1;

	while (asked != round) {
		if (recv(fd, answer, sizeof(answer), 0) >= 0) {
			memcpy(&asked, answer, sizeof(asked));
			continue;
		}
		if (++lost > MAX_LOST || send_question(fd, round)) {
			fprintf(stderr, "probe: no answer after %d tries\n",
				lost);
			return -1;
		}
	}
	return lost;
}

/* Sends a datagram to each address, then waits for all answers. Returns the number
 * of losses, or -1.
 */
static int ask_all(const int *fds, int count, int round, long long *times)
{
	long long start = now();
	int lost = 0, i, more;

	for (i = 0; i < count; i++)
		if (send_question(fds[i], round))
			return -1;
	for (i = 0; i < count; i++) {
		more = await_answer(fds[i], round);
		if (more < 0)
			return -1;
		lost += more;
		times[i] = now() - start;
	}
	return lost;
}

/* Prints the median, 99th percentile and maximum of the time to an answer, in ns,
 * and the number of lost questions and answers.
 */
static int ask_rounds(const int *fds, int count, int rounds)
{
	long long *times = calloc((size_t)count * rounds, sizeof(*times));
	int total = count * rounds;
	long long first[MAX_HOSTS];
	int lost = 0, round, more;

	if (rounds && !times)
		return fail("memory");
	/* The first round resolves the neighbours, and does not count. */
	if (ask_all(fds, count, -1, first) < 0)
		return 1;
	if (!rounds)
		return 0;
	mark("0");
	for (round = 0; round < rounds; round++) {
		more = ask_all(fds, count, round, times + round * count);
		if (more < 0)
			return 1;
		lost += more;
	}
	mark("1");
	qsort(times, total, sizeof(*times), compare_times);
	printf("%lld %lld %lld %d\n", times[total / 2],
	       times[total * 99 / 100], times[total - 1], lost);
	return 0;
}

static int ask(const char *port, const char *rounds, char **hosts, int count)
{
	struct timeval limit = { .tv_usec = ANSWER_MICROSECONDS };
	int fds[MAX_HOSTS];
	int i;

	if (count > MAX_HOSTS || atoi(rounds) < 0) {
		errno = EINVAL;
		return fail("ask");
	}
	for (i = 0; i < count; i++) {
		fds[i] = open_connected(SOCK_DGRAM, hosts[i], port);
		if (fds[i] < 0)
			return fail("connect");
		setsockopt(fds[i], SOL_SOCKET, SO_RCVTIMEO, &limit,
			   sizeof(limit));
	}
	return ask_rounds(fds, count, atoi(rounds));
}

/* Sends datagrams of that size as long as fewer are under way, until all have an
 * answer. Prints the microseconds that took, and how many datagrams were lost: if no
 * answer comes for a while, all that are under way count as lost.
 */
static int turn_around(const char *port, int count, int window, int size,
		       const char *host)
{
	struct timeval limit = { .tv_usec = ANSWER_MICROSECONDS };
	static unsigned char bytes[MAX_DATAGRAM];
	int room = SOCKET_BUFFER;
	int answers = 0, away = 0, lost = 0;
	long long start;
	int fd;

	if (count < 1 || window < 1 || size < 1 || size > MAX_DATAGRAM) {
		errno = EINVAL;
		return fail("turn");
	}
	fd = open_connected(SOCK_DGRAM, host, port);
	if (fd < 0)
		return fail("connect");
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room));
	mark("0");
	start = now();
	while (answers < count) {
		for (; away < window && answers + away < count; away++)
			if (send(fd, bytes, size, 0) < 0)
				return fail("send");
		if (recv(fd, bytes, size, 0) >= 0) {
			answers++;
			away--;
			continue;
		}
		lost += away;
		away = 0;
		if (lost > count) {
			fprintf(stderr, "probe: %d answers, %d lost\n",
				answers, lost);
			return 1;
		}
	}
	start = now() - start;
	mark("1");
	printf("%lld %d\n", start / 1000, lost);
	return 0;
}

static int read_numbers(char **files, int count, long long *numbers)
{
	char text[32];
	ssize_t len;
	int i, fd;

	for (i = 0; i < count; i++) {
		fd = open(files[i], O_RDONLY);
		len = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
		if (fd >= 0)
			close(fd);
		if (len < 0)
			return -1;
		text[len] = '\0';
		numbers[i] = atoll(text);
	}
	return 0;
}

/* Counts the traffic of other processes for a while. The priority keeps them from
 * running between the reading of the numbers and a mark: their work would then be
 * in the numbers, but not between the marks.
 */
static int watch_window(const char *usec, char **files, int count)
{
	struct sched_param param = { .sched_priority = 50 };
	long long *before = calloc(count, sizeof(*before));
	long long *after = calloc(count, sizeof(*after));
	int i;

	if (!before || !after || sched_setscheduler(0, SCHED_FIFO, &param) ||
	    read_numbers(files, count, before))
		return fail("window");
	mark("0");
	usleep(atoi(usec));
	mark("1");
	if (read_numbers(files, count, after))
		return fail("window");
	for (i = 0; i < count; i++)
		printf("%lld\n", after[i] - before[i]);
	return 0;
}

static int load_xdp(int verdict)
{
	/* r0 = verdict; return */
	const struct bpf_insn program[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .imm = verdict },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	union bpf_attr attr = {
		.prog_type = BPF_PROG_TYPE_XDP,
		.insns = (uintptr_t)program,
		.insn_cnt = ARRAY_SIZE(program),
		.license = (uintptr_t)"GPL",
	};

	return syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof(attr));
}

/* Attaches an XDP program with the same verdict for each packet, until this process
 * ends.
 */
static int run_xdp(const char *device, const char *name)
{
	static const char * const verdicts[] = {
		[XDP_DROP] = "drop", [XDP_PASS] = "pass", [XDP_TX] = "tx",
	};
	unsigned int verdict = 0;
	union bpf_attr attr = {};

	while (!verdicts[verdict] || strcmp(verdicts[verdict], name)) {
		if (++verdict == ARRAY_SIZE(verdicts)) {
			errno = EINVAL;
			return fail(name);
		}
	}
	attr.link_create.prog_fd = load_xdp(verdict);
	attr.link_create.target_ifindex = if_nametoindex(device);
	attr.link_create.attach_type = BPF_XDP;
	attr.link_create.flags = XDP_FLAGS_DRV_MODE;
	if (syscall(SYS_bpf, BPF_LINK_CREATE, &attr, sizeof(attr)) < 0)
		return fail("xdp");
	puts("attached");
	fflush(stdout);
	pause();
	return 0;
}

static int usage(void)
{
	fputs("Usage: probe serve PORT               answer \"send\", forever\n"
	      "       probe send udp ADDRESS PORT    send datagrams, check the answers\n"
	      "       probe send tcp ADDRESS PORT MIB SEED\n"
	      "                                      send a stream, print its sha256\n"
	      "       probe pattern MIB SEED         print the same stream\n"
	      "       probe mark 0|1                 execute a mark of scripts/bench\n"
	      "       probe window USEC FILE...      execute both marks, print how much\n"
	      "                                      the numbers in the files grew\n"
	      "       probe echo PORT                answer \"ask\", forever\n"
	      "       probe ask PORT ROUNDS ADDRESS...\n"
	      "                                      send a datagram to each address in\n"
	      "                                      each round, print the times to an\n"
	      "                                      answer; 0 rounds only check that\n"
	      "                                      all addresses answer\n"
	      "       probe turn PORT COUNT WINDOW SIZE ADDRESS\n"
	      "                                      send datagrams of SIZE bytes, up to\n"
	      "                                      WINDOW of them before an answer,\n"
	      "                                      print the microseconds until COUNT\n"
	      "                                      answers, and how many were lost\n"
	      "       probe qstats DEVICE            print the counters of the queues\n"
	      "       probe xdp DEVICE pass|drop|tx  attach an XDP program with that\n"
	      "                                      verdict while this runs\n",
	      stderr);
	return 2;
}

int main(int argc, char **argv)
{
	const char *verb = argc > 1 ? argv[1] : "";
	const char *kind = argc > 2 ? argv[2] : "";
	int send_side = !strcmp(verb, "send");

	if (argc == 3 && !strcmp(verb, "serve"))
		return serve(argv[2]);
	if (argc == 3 && !strcmp(verb, "echo"))
		return serve_echo(argv[2]);
	if (argc > 4 && !strcmp(verb, "ask"))
		return ask(argv[2], argv[3], argv + 4, argc - 4);
	if (argc == 7 && !strcmp(verb, "turn"))
		return turn_around(argv[2], atoi(argv[3]), atoi(argv[4]),
				   atoi(argv[5]), argv[6]);
	if (argc == 4 && !strcmp(verb, "xdp"))
		return run_xdp(kind, argv[3]);
	/* The verbs above run until they are killed, or have limits of their own. */
	alarm(LIMIT_SECONDS);
	if (argc == 3 && !strcmp(verb, "mark"))
		return mark(kind);
	if (argc > 3 && !strcmp(verb, "window"))
		return watch_window(kind, argv + 3, argc - 3);
	if (argc == 3 && !strcmp(verb, "qstats"))
		return tell_qstats(kind) ? fail("qstats") : 0;
	if (argc == 4 && !strcmp(verb, "pattern"))
		return write_pattern(STDOUT_FILENO, argv[2], argv[3]);
	if (argc == 5 && send_side && !strcmp(kind, "udp"))
		return send_udp(argv[3], argv[4]);
	if (argc == 7 && send_side && !strcmp(kind, "tcp"))
		return send_tcp(argv[3], argv[4], argv[5], argv[6]);
	return usage();
}

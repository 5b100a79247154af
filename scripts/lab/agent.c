// SPDX-License-Identifier: GPL-2.0
/*
 * Runs commands in a guest for dom0, and in dom0 for a driver domain. The channel is
 * xenstore, because the network is under test. It has two nodes in a folder:
 *
 * cmd:	"SEQ LIMIT COMMAND", written by the end that asks
 * done: "SEQ STATUS" and, from the second line on, the end of the output
 *
 * SEQ ensures that a command runs once, even if a watch fires twice or the guest is
 * restored from a file into a new domain. Both ends sleep until a node is written:
 * what is measured meanwhile must not contain a program that asks again and again.
 *
 * One static program at each end takes the place of six programs that a shell starts,
 * each of which costs the emulated machine 40 to 60 ms.
 *
 * usage: agent serve [FOLDER]              FOLDER is data by default
 *        agent ask FOLDER LIMIT COMMAND    LIMIT in seconds; the status is that of
 *                                          COMMAND, 124 without an answer, 125 if
 *                                          xenstore fails
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Types of messages, from Xen's public header io/xs_wire.h. */
#define XS_READ		2
#define XS_WATCH	4
#define XS_WRITE	11
#define XS_WATCH_EVENT	15
#define XS_ERROR	16

/* The longest message without its header. */
#define MESSAGE_MAX	4096

/* Bytes of output in an answer. An unprivileged domain can write at most 2048 bytes
 * to a node.
 */
#define OUTPUT_OWN	1800
#define OUTPUT_MAX	3800

#define OUTPUT_FILE	"/tmp/agent.out"
#define DEFAULT_FOLDER	"data"

#define NO_ANSWER	124
#define NO_STORE	125
#define KILLED		128

struct header {
	uint32_t type;
	uint32_t request;
	uint32_t transaction;
	uint32_t length;
};

struct message {
	struct header header;
	char bytes[MESSAGE_MAX + 1];
};

static int store = -1;
static int events;	/* of watches, received while a reply was awaited */

static int fail(const char *what)
{
	fprintf(stderr, "agent: %s: %s\n", what, strerror(errno));
	return -1;
}

/* xenstored's socket is in its own domain, the device is in all. Events of the device
 * come through the kernel's xenwatch thread, which a driver may keep busy.
 */
static int open_store(void)
{
	static const struct sockaddr_un address = {
		.sun_family = AF_UNIX,
		.sun_path = "/var/run/xenstored/socket",
	};

	store = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (store >= 0 && !connect(store, (const struct sockaddr *)&address,
				   sizeof(address)))
		return 0;
	close(store);
	store = open("/dev/xen/xenbus", O_RDWR | O_CLOEXEC);
	return store < 0 ? fail("cannot open /dev/xen/xenbus") : 0;
}

static int read_all(void *to, size_t length)
{
	char *at = to;
	ssize_t done;

	while (length) {
		done = read(store, at, length);
		if (done <= 0) {
			if (done < 0 && errno == EINTR)
				continue;
			return fail("xenstore ends");
		}
		at += done;
		length -= done;
	}
	return 0;
}

static int receive(struct message *message)
{
	if (read_all(&message->header, sizeof(message->header)))
		return -1;
	if (message->header.length > MESSAGE_MAX) {
		errno = EMSGSIZE;
		return fail("xenstore says too much");
	}
	message->bytes[message->header.length] = 0;
	return read_all(message->bytes, message->header.length);
}

/* Sends a request of one or two parts, each with its end, but for the last of XS_WRITE.
 * Returns 0 and the reply, or -1 with errno of xenstore's error.
 */
static int request(uint32_t type, const char *path, const char *more,
		   struct message *reply)
{
	struct message message = { .header.type = type };
	size_t length = strlen(path) + 1;
	size_t rest = 0;

	if (more)
		rest = strlen(more) + (type != XS_WRITE);
	if (length + rest > MESSAGE_MAX) {
		errno = E2BIG;
		return -1;
	}
	memcpy(message.bytes, path, length);
	if (more)
		memcpy(message.bytes + length, more, rest);
	message.header.length = length + rest;
	length = sizeof(message.header) + message.header.length;
	if (write(store, &message, length) != (ssize_t)length)
		return fail("cannot write to xenstore");

	for (;;) {
		if (receive(reply))
			return -1;
		if (reply->header.type == XS_ERROR) {
			errno = strcmp(reply->bytes, "ENOENT") ? EIO : ENOENT;
			return -1;
		}
		if (reply->header.type != XS_WATCH_EVENT)
			return 0;
		events++;
	}
}

static long long milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/* Waits for an event of a watch until a time in milliseconds, or without end if it is
 * negative. Returns 1, 0 if the time is over, or -1.
 */
static int wait_event(long long until)
{
	struct pollfd ready = { .fd = store, .events = POLLIN };
	struct message message;
	long long left = -1;

	while (!events) {
		if (until >= 0) {
			left = until - milliseconds();
			if (left <= 0)
				return 0;
		}
		if (poll(&ready, 1, left) <= 0)
			continue;
		if (receive(&message))
			return -1;
		events += message.header.type == XS_WATCH_EVENT;
	}
	events = 0;
	return 1;
}

/* Runs a command, whose output goes to a file, for so many seconds at most. What it
 * leaves in the background lives on. Returns its status as a shell would.
 */
static int run(const char *command, long seconds)
{
	struct timespec left = { .tv_sec = seconds };
	sigset_t child, before;
	int status, in, out;
	pid_t pid;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, &before);
	pid = fork();
	if (!pid) {
		/* xl, for example, waits for its children by SIGCHLD. */
		sigprocmask(SIG_SETMASK, &before, NULL);
		signal(SIGPIPE, SIG_DFL);
		in = open("/dev/null", O_RDONLY);
		out = open(OUTPUT_FILE, O_WRONLY | O_CREAT | O_TRUNC, 0600);
		dup2(in, STDIN_FILENO);
		dup2(out, STDOUT_FILENO);
		dup2(out, STDERR_FILENO);
		if (in > STDERR_FILENO)
			close(in);
		if (out > STDERR_FILENO)
			close(out);
		execl("/bin/sh", "sh", "-c", command, NULL);
		_exit(127);
	}
	if (pid < 0) {
		sigprocmask(SIG_SETMASK, &before, NULL);
		return KILLED;
	}
	while (waitpid(pid, &status, WNOHANG) != pid) {
		if (sigtimedwait(&child, NULL, &left) < 0 && errno == EAGAIN) {
			kill(pid, SIGKILL);
			waitpid(pid, &status, 0);
			break;
		}
	}
	sigprocmask(SIG_SETMASK, &before, NULL);
	return WIFEXITED(status) ? WEXITSTATUS(status) :
				   KILLED + WTERMSIG(status);
}

/* Reads the end of the output, without line ends behind it. */
static void read_output(char *to, size_t most)
{
	int fd = open(OUTPUT_FILE, O_RDONLY | O_CLOEXEC);
	struct stat file;
	ssize_t size;

	to[0] = 0;
	if (fd < 0)
		return;
	if (!fstat(fd, &file) && file.st_size > (off_t)most)
		lseek(fd, file.st_size - most, SEEK_SET);
	size = read(fd, to, most);
	close(fd);
	while (size > 0 && to[size - 1] == '\n')
		size--;
	to[size > 0 ? size : 0] = 0;
}

/* Runs the command in a request unless its number is the last one's. */
static void serve_request(const char *folder, char *last, size_t last_size)
{
	char path[256], answer[MESSAGE_MAX], output[OUTPUT_MAX + 1];
	struct message request_of, reply;
	char *limit, *command;
	int status;

	snprintf(path, sizeof(path), "%s/cmd", folder);
	if (request(XS_READ, path, NULL, &request_of))
		return;
	limit = strchr(request_of.bytes, ' ');
	command = limit ? strchr(limit + 1, ' ') : NULL;
	if (!command)
		return;
	*limit++ = 0;
	*command++ = 0;
	if (!strcmp(request_of.bytes, last))
		return;
	snprintf(last, last_size, "%.*s", (int)last_size - 1,
		 request_of.bytes);

	status = run(command, atol(limit));
	read_output(output, strcmp(folder, DEFAULT_FOLDER) ? OUTPUT_MAX :
							     OUTPUT_OWN);
	snprintf(answer, sizeof(answer), "%s %d\n%s", last, status, output);
	snprintf(path, sizeof(path), "%s/done", folder);
	if (request(XS_WRITE, path, answer, &reply))
		fail("cannot write an answer");
}

static int serve(const char *folder)
{
	char path[256], last[64] = "";
	struct message reply;

	snprintf(path, sizeof(path), "%s/done", folder);
	if (!request(XS_READ, path, NULL, &reply))
		snprintf(last, sizeof(last), "%.*s",
			 (int)strcspn(reply.bytes, " "), reply.bytes);
	snprintf(path, sizeof(path), "%s/ready", folder);
	if (request(XS_WRITE, path, "1", &reply))
		return fail("cannot write to the folder");
	/* A watch fires once when it is set, and then once for each write. */
	snprintf(path, sizeof(path), "%s/cmd", folder);
	if (request(XS_WATCH, path, "cmd", &reply))
		return fail("cannot watch the folder");
	while (wait_event(-1) > 0)
		serve_request(folder, last, sizeof(last));
	return -1;
}

/* Prints the output in an answer, and returns the status in it. */
static int tell(const char *answer)
{
	const char *output = strchr(answer, '\n');

	if (output && output[1])
		puts(output + 1);
	return atoi(answer);
}

static int ask(const char *folder, long seconds, const char *command)
{
	long long until = milliseconds() + (seconds + 5) * 1000;
	char path[256], sequence[64], text[MESSAGE_MAX];
	struct message reply;
	struct timespec now;
	int length;

	clock_gettime(CLOCK_BOOTTIME, &now);
	length = snprintf(sequence, sizeof(sequence), "%lld.%09ld ",
			  (long long)now.tv_sec, now.tv_nsec);
	if ((size_t)snprintf(text, sizeof(text), "%s%ld %s", sequence, seconds,
			     command) >= sizeof(text)) {
		errno = E2BIG;
		fail("the command is too long");
		return NO_STORE;
	}
	snprintf(path, sizeof(path), "%s/cmd", folder);
	if (request(XS_WRITE, path, text, &reply)) {
		fail("cannot write the command");
		return NO_STORE;
	}
	snprintf(path, sizeof(path), "%s/done", folder);
	if (request(XS_WATCH, path, "done", &reply)) {
		fail("cannot watch for the answer");
		return NO_STORE;
	}
	while (wait_event(until) > 0)
		if (!request(XS_READ, path, NULL, &reply) &&
		    !strncmp(reply.bytes, sequence, length))
			return tell(reply.bytes + length);
	return NO_ANSWER;
}

int main(int argc, char **argv)
{
	signal(SIGPIPE, SIG_IGN);
	if (argc >= 2 && argc <= 3 && !strcmp(argv[1], "serve"))
		return open_store() ||
		       serve(argc > 2 ? argv[2] : DEFAULT_FOLDER);
	if (argc == 5 && !strcmp(argv[1], "ask"))
		return open_store() ? NO_STORE :
				      ask(argv[2], atol(argv[3]), argv[4]);
	fprintf(stderr,
		"usage: agent serve [FOLDER] | agent ask FOLDER LIMIT COMMAND\n");
	return 2;
}

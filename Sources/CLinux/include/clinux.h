// GNU and Linux calls that the Swift overlay of Glibc does not have, each behind a plain function.
// Each returns what its system call returns: -1 with errno set where it failed.
#ifndef CLINUX_H
#define CLINUX_H

#include <stdint.h>
#include <sys/types.h>

// What epoll_wait reports of one descriptor: its events (EPOLLIN and so on) and the caller's own number.
struct clinux_event {
    uint32_t events;
    uint64_t data;
};

enum { CLINUX_IN = 0x001, CLINUX_OUT = 0x004, CLINUX_ERROR = 0x008, CLINUX_HANGUP = 0x010, CLINUX_READ_HANGUP = 0x2000 };

int clinux_epoll_create(void);
int clinux_epoll_add(int epoll, int descriptor, uint32_t events, uint64_t data);
int clinux_epoll_modify(int epoll, int descriptor, uint32_t events, uint64_t data);
int clinux_epoll_remove(int epoll, int descriptor);

// Waits for up to `capacity` (64 at most) events, for `nanoseconds` at most; negative: for ever.
int clinux_epoll_wait(int epoll, struct clinux_event *events, int capacity, int64_t nanoseconds);

int clinux_eventfd(void);
int clinux_signalfd(const int *signals, int count);
// The next signal number waiting on a signalfd, 0 when there is none.
int clinux_signalfd_read(int descriptor);

// Accepts one connection, non-blocking and close-on-exec.
int clinux_accept(int listener);
// A Unix stream socket, non-blocking and close-on-exec.
int clinux_unix_socket(void);

// Who is at the other end of a Unix socket (SO_PEERCRED).
int clinux_peer(int descriptor, pid_t *pid, uid_t *uid, gid_t *gid);

// Names the calling thread, for top and gdb; at most 15 characters count.
void clinux_name_thread(const char *name);
// Lets the calling thread run only when nothing else wants the processor (SCHED_IDLE).
int clinux_idle_priority(void);

// Whether the kernel's clock is kept by something such as NTP: 1 or 0.
int clinux_clock_synchronised(void);

#endif

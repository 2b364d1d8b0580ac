// The floor that the services are measured against: a C server on one epoll loop, which gives each frame
// (a 4-byte big-endian length, then that many bytes) back as it came. usage: echo SOCKET
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { capacity = 128 << 10 };

struct connection {
    int descriptor;
    size_t length;
    char bytes[capacity];
};

static void fail(const char *what) {
    perror(what);
    exit(1);
}

// Writes back the whole frames that are there, and keeps the rest.
static int echo(struct connection *connection) {
    size_t used = 0;
    while (connection->length - used >= 4) {
        uint32_t announced;
        memcpy(&announced, connection->bytes + used, 4);
        size_t frame = 4 + (size_t)ntohl(announced);
        if (frame > capacity) return -1;
        if (connection->length - used < frame) break;
        used += frame;
    }
    for (size_t sent = 0; sent < used;) {
        ssize_t count = send(connection->descriptor, connection->bytes + sent, used - sent, MSG_NOSIGNAL);
        if (count < 0) return -1;
        sent += (size_t)count;
    }
    memmove(connection->bytes, connection->bytes + used, connection->length - used);
    connection->length -= used;
    return 0;
}

int main(int count, char **arguments) {
    if (count != 2) return fprintf(stderr, "usage: echo SOCKET\n"), 64;
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    strncpy(address.sun_path, arguments[1], sizeof address.sun_path - 1);
    unlink(arguments[1]);
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, sizeof address) < 0) fail("bind");
    if (listen(listener, 1024) < 0) fail("listen");
    int loop = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = { .events = EPOLLIN, .data.ptr = NULL };
    epoll_ctl(loop, EPOLL_CTL_ADD, listener, &event);
    for (;;) {
        struct epoll_event events[64];
        int ready = epoll_wait(loop, events, 64, -1);
        for (int i = 0; i < ready; i++) {
            struct connection *connection = events[i].data.ptr;
            if (connection == NULL) {
                connection = calloc(1, sizeof *connection);
                if (connection == NULL) fail("calloc");
                connection->descriptor = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
                struct epoll_event in = { .events = EPOLLIN, .data.ptr = connection };
                epoll_ctl(loop, EPOLL_CTL_ADD, connection->descriptor, &in);
                continue;
            }
            ssize_t got = recv(connection->descriptor, connection->bytes + connection->length,
                               capacity - connection->length, 0);
            if (got > 0) connection->length += (size_t)got;
            if (got <= 0 || echo(connection) != 0) {
                close(connection->descriptor);
                free(connection);
            }
        }
    }
}

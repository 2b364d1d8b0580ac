// Makes one call again and again: CALLERS connections, each with one call in flight, for SECONDS.
// usage: callers SOCKET FRAME-FILE CALLERS SECONDS
// Prints: calls a second, then the median and the 99th percentile of the latency in microseconds.
// The answers are read whole but not looked into, so that both sides of a comparison cost the caller the same;
// the first answer of each connection is compared with the others' in length, so that a refusal does not pass for one.
// In the frame, ######## becomes the number of the call and ##### its last five digits: then each call is another.
// A file with many frames has each of them sent once, and the calls end with them where that is earlier.
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
#include <time.h>
#include <unistd.h>

enum { capacity = 128 << 10, most = 4096, buckets = 4000000 };

struct caller {
    int descriptor;
    uint64_t started;
    size_t length;
    char bytes[capacity];
};

static char *frames, *frame, *frames_end;
static size_t frame_length;
static int are_many;
static char *whole_number, *last_digits;  // where they stand in the frame, if they do
static unsigned calls_begun;
static uint32_t latencies[buckets];  // counts by tenth of a microsecond

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static uint64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

// Finds a mark of `length` signs that is none of a longer one.
static char *mark(size_t length) {
    for (char *at = frame; at < frame + frame_length; at++) {
        size_t run = 0;
        while (at + run < frame + frame_length && at[run] == '#') run++;
        if (run == length) return at;
        at += run;
    }
    return NULL;
}

// The length of the frame at a place, its own four bytes with it.
static size_t length_at(const char *at) {
    uint32_t announced;
    if (frames_end - at < 4) return fprintf(stderr, "callers: the frame is cut short\n"), exit(1), 0;
    memcpy(&announced, at, 4);
    return 4 + (size_t)ntohl(announced);
}

// Reads the file, and goes to its first frame.
static void read_frames(const char *path) {
    FILE *file = fopen(path, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0) fail(path);
    long size = ftell(file);
    rewind(file);
    frames = malloc((size_t)size + 1);
    if (frames == NULL || fread(frames, 1, (size_t)size, file) != (size_t)size) fail(path);
    fclose(file);
    frames_end = frames + size;
    frame = frames;
    frame_length = length_at(frame);
    are_many = frame + frame_length < frames_end;
}

// Sends the next call; 0 where there is none.
static int call(struct caller *caller) {
    if (are_many) {
        if (calls_begun > 0) frame += frame_length;
        if (frame >= frames_end) return 0;
        frame_length = length_at(frame);
    }
    char digits[16];
    snprintf(digits, sizeof digits, "%08u", calls_begun++ % 100000000);
    if (whole_number != NULL) memcpy(whole_number, digits, 8);
    if (last_digits != NULL) memcpy(last_digits, digits + 3, 5);
    caller->started = now();
    if (send(caller->descriptor, frame, frame_length, MSG_NOSIGNAL) != (ssize_t)frame_length) fail("send");
    return 1;
}

// Reads; 1 once the answer is whole.
static int answered(struct caller *caller) {
    ssize_t got = recv(caller->descriptor, caller->bytes + caller->length, capacity - caller->length, 0);
    if (got <= 0) fail("the server closed the connection");
    caller->length += (size_t)got;
    if (caller->length < 4) return 0;
    uint32_t announced;
    memcpy(&announced, caller->bytes, 4);
    return caller->length >= 4 + (size_t)ntohl(announced);
}

static double percentile(uint64_t calls, double part) {
    uint64_t wanted = (uint64_t)((double)calls * part), seen = 0;
    size_t count = sizeof latencies / sizeof *latencies;
    for (size_t i = 0; i < count; i++) {
        seen += latencies[i];
        if (seen > wanted) return (double)i / 10;
    }
    return (double)count / 10;
}

int main(int count, char **arguments) {
    if (count != 5) return fprintf(stderr, "usage: callers SOCKET FRAME-FILE CALLERS SECONDS\n"), 64;
    read_frames(arguments[2]);
    whole_number = mark(8);
    last_digits = mark(5);
    int callers = atoi(arguments[3]);
    double seconds = atof(arguments[4]);
    if (callers < 1 || callers > most || seconds <= 0) return fprintf(stderr, "callers: bad numbers\n"), 64;
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    strncpy(address.sun_path, arguments[1], sizeof address.sun_path - 1);
    int loop = epoll_create1(EPOLL_CLOEXEC);
    struct caller **all = calloc((size_t)callers, sizeof *all);
    for (int i = 0; i < callers; i++) {
        all[i] = calloc(1, sizeof **all);
        all[i]->descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (connect(all[i]->descriptor, (struct sockaddr *)&address, sizeof address) < 0) fail(arguments[1]);
        struct epoll_event event = { .events = EPOLLIN, .data.ptr = all[i] };
        epoll_ctl(loop, EPOLL_CTL_ADD, all[i]->descriptor, &event);
    }
    // A tenth of the time to warm up, not counted.
    uint64_t begun = now(), counted = begun + (uint64_t)(seconds * 1e8), end = counted + (uint64_t)(seconds * 1e9);
    uint64_t calls = 0, moment = begun, expected = 0;
    int goes_on = 1;
    for (int i = 0; i < callers && goes_on; i++) goes_on = call(all[i]);
    while (moment < end && goes_on) {
        struct epoll_event events[64];
        int ready = epoll_wait(loop, events, 64, 1000);
        for (int i = 0; i < ready; i++) {
            struct caller *caller = events[i].data.ptr;
            if (!answered(caller)) continue;
            if (expected == 0) expected = caller->length;
            if (caller->length != expected) return fprintf(stderr, "answers differ in length\n"), 1;
            moment = now();
            if (moment >= counted) {
                calls++;
                uint64_t tenth = (moment - caller->started) / 100;
                size_t last = sizeof latencies / sizeof *latencies - 1;
                latencies[tenth < last ? tenth : last]++;
            }
            caller->length = 0;
            if (!call(caller)) goes_on = 0;
        }
        if (ready <= 0) moment = now();
    }
    if (moment <= counted) return fprintf(stderr, "callers: all frames were sent while warming up\n"), 1;
    printf("%.0f %.1f %.1f\n", (double)calls * 1e9 / (double)(moment - counted), percentile(calls, 0.5), percentile(calls, 0.99));
    return 0;
}

/* The same relay in C, as the limit: frames of two packet sockets, each held for a delay.
 * crelay FD_A FD_B DELAY_US; ends with the process that started it. */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <signal.h>
#include <time.h>

#define SLOTS 65536
#define BATCH 64

struct slot {
    int64_t due;
    ssize_t size;
    char *data;
};

struct way {
    int from, to;
    struct slot *line;
    unsigned head, tail;
};

static int64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void receive(struct way *way, int64_t delay) {
    static char buffer[65536 + 256];
    for (int i = 0; i < BATCH && way->head - way->tail < SLOTS; i++) {
        ssize_t size = recv(way->from, buffer, sizeof buffer, MSG_DONTWAIT);
        if (size < 0)
            return;
        struct slot *slot = &way->line[way->head++ % SLOTS];
        slot->data = malloc(size);
        memcpy(slot->data, buffer, size);
        slot->size = size;
        slot->due = now_ns() + delay;
    }
}

static void serve(struct way *way) {
    int64_t now = now_ns();
    for (int i = 0; i < BATCH && way->tail != way->head; i++) {
        struct slot *slot = &way->line[way->tail % SLOTS];
        if (slot->due > now)
            return;
        send(way->to, slot->data, slot->size, MSG_DONTWAIT);
        free(slot->data);
        way->tail++;
    }
}

int main(int argc, char **argv) {
    if (argc != 4)
        return 2;
    int a = atoi(argv[1]), b = atoi(argv[2]);
    int64_t delay = atoll(argv[3]) * 1000;
    struct way ways[2] = {{.from = a, .to = b}, {.from = b, .to = a}};
    for (int i = 0; i < 2; i++)
        ways[i].line = calloc(SLOTS, sizeof *ways[i].line);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    prctl(PR_SET_TIMERSLACK, 1);
    setpriority(PRIO_PROCESS, 0, -10);
    for (;;) {
        int64_t next = INT64_MAX;
        for (int i = 0; i < 2; i++)
            if (ways[i].tail != ways[i].head && ways[i].line[ways[i].tail % SLOTS].due < next)
                next = ways[i].line[ways[i].tail % SLOTS].due;
        int64_t wait = next - now_ns();
        struct timespec timeout = {wait / 1000000000, wait % 1000000000};
        struct pollfd sockets[2] = {{.fd = a, .events = POLLIN}, {.fd = b, .events = POLLIN}};
        if (wait < 0)
            timeout.tv_sec = timeout.tv_nsec = 0;
        ppoll(sockets, 2, next == INT64_MAX ? NULL : &timeout, NULL);
        for (int i = 0; i < 2; i++) {
            if (sockets[i].revents)
                receive(&ways[i], delay);
            serve(&ways[i]);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
/*
 * Sends queries at a fixed rate and waits for no answer, which dnsperf can't: flood ADDRESS PORT NAMES RATE SECONDS
 * Names are the first words of the lines of a file, all asked for with type A. Prints how many were sent.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { MAX_QUERIES = 65536, MAX_BYTES = 300, BATCH = 32 };

static unsigned char queries[MAX_QUERIES][MAX_BYTES];
static int lengths[MAX_QUERIES];

static int compose(unsigned char *query, const char *name)
{
    static const unsigned char header[12] = {0, 0, 1, 0, 0, 1}, type_and_class[4] = {0, 1, 0, 1};
    memcpy(query, header, sizeof header);
    int at = sizeof header;
    for (const char *label = name; *label;) {
        int length = strcspn(label, ".");
        query[at++] = length;
        memcpy(query + at, label, length);
        at += length;
        label += length + (label[length] == '.');
    }
    query[at++] = 0;
    memcpy(query + at, type_and_class, sizeof type_and_class);
    return at + sizeof type_and_class;
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
    if (argc != 6) {
        fprintf(stderr, "usage: flood ADDRESS PORT NAMES RATE SECONDS\n");
        return 2;
    }
    FILE *names = fopen(argv[3], "r");
    if (!names) {
        perror(argv[3]);
        return 1;
    }
    char name[256];
    int count = 0;
    while (count < MAX_QUERIES && fscanf(names, "%255s%*[^\n]", name) == 1) {
        lengths[count] = compose(queries[count], name);
        count++;
    }
    fclose(names);
    if (count == 0) {
        fprintf(stderr, "%s: no names\n", argv[3]);
        return 1;
    }
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
    if (inet_pton(AF_INET, argv[1], &to.sin_addr) != 1) {
        fprintf(stderr, "%s: not an IPv4 address\n", argv[1]);
        return 1;
    }
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    if (connect(fd, (struct sockaddr *)&to, sizeof to)) {
        perror("connect");
        return 1;
    }
    double rate = atof(argv[4]), start = now(), end = start + atof(argv[5]);
    long sent = 0, taken = 0;
    for (double time = start; time < end; time = now()) {
        struct mmsghdr batch[BATCH] = {0};
        struct iovec parts[BATCH];
        int due = (int)((time - start) * rate - sent);
        for (int i = 0; i < due && i < BATCH; i++) {
            int query = (sent + i) % count;
            parts[i] = (struct iovec){queries[query], lengths[query]};
            batch[i].msg_hdr = (struct msghdr){.msg_iov = &parts[i], .msg_iovlen = 1};
        }
        if (due > 0) {
            int done = sendmmsg(fd, batch, due < BATCH ? due : BATCH, 0);
            taken += done > 0 ? done : 0;
            sent += due < BATCH ? due : BATCH;
        }
        if (due < BATCH)
            nanosleep(&(struct timespec){.tv_nsec = 100000}, NULL);
    }
    printf("Queries sent: %ld\n", taken);
}

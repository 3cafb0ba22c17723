// SPDX-License-Identifier: Apache-2.0
/*
 * Sends one query from each of many addresses of 127.0.0.0/8, all of which are local: sources ADDRESS PORT SOURCES RATE NAMES
 * Where NAMES is 1 each query asks for another name below flood.bench.test, else all for one. Prints how many were sent and how fast.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { BATCH = 64, MAX_BYTES = 64, FIRST_SOURCE = 0x7f010000, HEX_DIGITS = 8 };

static const unsigned char start_of_query[] = {0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, HEX_DIGITS};
static const unsigned char rest_of_query[] = "\5flood\5bench\4test\0\0\1\0\1";

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
    if (argc != 6) {
        fprintf(stderr, "usage: sources ADDRESS PORT SOURCES RATE NAMES\n");
        return 2;
    }
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
    if (inet_pton(AF_INET, argv[1], &to.sin_addr) != 1) {
        fprintf(stderr, "%s: not an IPv4 address\n", argv[1]);
        return 1;
    }
    long sources = atol(argv[3]);
    int names = atoi(argv[5]);
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    if (fd < 0) {
        perror("socket");
        return 1;
    }
    double rate = atof(argv[4]), start = now();
    long sent = 0, taken = 0;
    while (sent < sources) {
        static unsigned char queries[BATCH][MAX_BYTES];
        static union {
            char bytes[CMSG_SPACE(sizeof(struct in_pktinfo))];
            struct cmsghdr align;
        } controls[BATCH];
        struct mmsghdr batch[BATCH] = {0};
        struct iovec parts[BATCH];
        long due = (long)((now() - start) * rate) - sent;
        due = due > BATCH ? BATCH : due;
        due = due > sources - sent ? sources - sent : due;
        for (int i = 0; i < due; i++) {
            char digits[HEX_DIGITS + 1];
            snprintf(digits, sizeof digits, "%08lx", names == 1 ? sent + i : 0);
            memcpy(queries[i], start_of_query, sizeof start_of_query);
            memcpy(queries[i] + sizeof start_of_query, digits, HEX_DIGITS);
            memcpy(queries[i] + sizeof start_of_query + HEX_DIGITS, rest_of_query, sizeof rest_of_query - 1);
            parts[i] = (struct iovec){queries[i], sizeof start_of_query + HEX_DIGITS + sizeof rest_of_query - 1};
            batch[i].msg_hdr = (struct msghdr){.msg_name = &to, .msg_namelen = sizeof to, .msg_iov = &parts[i], .msg_iovlen = 1,
                .msg_control = controls[i].bytes, .msg_controllen = sizeof controls[i].bytes};
            struct cmsghdr *header = CMSG_FIRSTHDR(&batch[i].msg_hdr);
            header->cmsg_level = IPPROTO_IP;
            header->cmsg_type = IP_PKTINFO;
            header->cmsg_len = CMSG_LEN(sizeof(struct in_pktinfo));
            struct in_pktinfo from = {.ipi_spec_dst.s_addr = htonl(FIRST_SOURCE + sent + i)};
            memcpy(CMSG_DATA(header), &from, sizeof from);
        }
        if (due > 0) {
            int done = sendmmsg(fd, batch, due, 0);
            taken += done > 0 ? done : 0;
            sent += due;
        }
        if (due < BATCH)
            nanosleep(&(struct timespec){.tv_nsec = 100000}, NULL);
    }
    printf("%ld queries sent from as many addresses in %.1f s\n", taken, now() - start);
}

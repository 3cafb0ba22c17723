// SPDX-License-Identifier: Apache-2.0
/*
 * Sends queries as frames, 64 with a system call: frames INTERFACE FIRST ADDRESSES COUNT
 * Each comes from one of so many IPv4 addresses from FIRST (a number in hexadecimal) on, picked at random by the same numbers each time.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { BATCH = 64, SOURCE = 14 + 12 };

/* To 198.18.0.53, port 53: www.example.com, type A. Checksums are left out: nobody looks at them before the guard. */
static const unsigned char query[] = {
    2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0,
    0x45, 0, 0, 61, 0, 0, 0, 0, 64, 17, 0, 0, 0, 0, 0, 0, 198, 18, 0, 53,
    16, 146, 0, 53, 0, 41, 0, 0,
    0, 77, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 3, 'w', 'w', 'w', 7, 'e', 'x', 'a', 'm', 'p', 'l', 'e', 3, 'c', 'o', 'm', 0, 0, 1, 0, 1,
};

static uint64_t next_random(void)
{
    static uint64_t state = 88172645463325252;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

int main(int count, char **words)
{
    if (count != 5) {
        fprintf(stderr, "usage: frames INTERFACE FIRST ADDRESSES COUNT\n");
        return 2;
    }
    uint32_t first = strtoul(words[2], NULL, 16), addresses = strtoul(words[3], NULL, 10);
    long left = strtol(words[4], NULL, 10);
    struct sockaddr_ll device = {
        .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL), .sll_ifindex = if_nametoindex(words[1])};
    int out = socket(AF_PACKET, SOCK_RAW, 0);
    if (out < 0 || bind(out, (struct sockaddr *)&device, sizeof device) < 0) {
        perror(words[1]);
        return 1;
    }
    static unsigned char frames[BATCH][sizeof query];
    struct iovec parts[BATCH];
    struct mmsghdr messages[BATCH] = {0};
    for (int i = 0; i < BATCH; i++) {
        memcpy(frames[i], query, sizeof query);
        parts[i] = (struct iovec){frames[i], sizeof query};
        messages[i].msg_hdr.msg_iov = &parts[i];
        messages[i].msg_hdr.msg_iovlen = 1;
    }
    while (left > 0) {
        for (int i = 0; i < BATCH; i++) {
            uint32_t source = htonl(first + (addresses > 1 ? next_random() % addresses : 0));
            memcpy(frames[i] + SOURCE, &source, sizeof source);
        }
        int sent = sendmmsg(out, messages, BATCH, 0);
        if (sent < 0 && errno != ENOBUFS) {
            perror("sendmmsg");
            return 1;
        }
        left -= sent > 0 ? sent : 0;
    }
    return 0;
}

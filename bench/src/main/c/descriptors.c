// SPDX-License-Identifier: Apache-2.0
/*
 * Takes a server's descriptors in two ways: descriptors ADDRESS PORT CLIENTS SILENT_PORT QUERIES
 * TCP clients ask once and then stay; datagrams go to a backend that is spoken to over TCP and never answers, which is this program, too.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

static struct sockaddr_in server, silent;
static int accepted;

static void *be_silent(void *unused)
{
    int listener = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (struct sockaddr *)&silent, sizeof silent) < 0 || listen(listener, 4096) < 0) {
        perror("listen");
        exit(2);
    }
    while (accept(listener, NULL, NULL) >= 0)
        accepted++;
    return unused;
}

// A query for nNUMBER.ZONE.bench.test, A, behind its length; returns length and all.
static int query(unsigned char *to, int number, const char *zone)
{
    static const unsigned char header[12] = {0, 0, 1, 0, 0, 1};
    int at = 2;
    char first[16];
    memcpy(to + at, header, sizeof header);
    to[at] = number >> 8, to[at + 1] = number;
    at += sizeof header;
    snprintf(first, sizeof first, "n%d", number);
    const char *labels[] = {first, zone, "bench", "test", ""};
    for (int i = 0; i < 5; i++) {
        int length = strlen(labels[i]);
        to[at++] = length;
        memcpy(to + at, labels[i], length);
        at += length;
    }
    memcpy(to + at, "\0\1\0\1", 4);
    at += 4;
    to[0] = (at - 2) >> 8, to[1] = at - 2;
    return at;
}

int main(int count, char **arguments)
{
    if (count != 6)
        return 2;
    server.sin_family = silent.sin_family = AF_INET;
    inet_pton(AF_INET, arguments[1], &server.sin_addr);
    server.sin_port = htons(atoi(arguments[2]));
    silent.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    silent.sin_port = htons(atoi(arguments[4]));
    int clients = atoi(arguments[3]), queries = atoi(arguments[5]);
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    pthread_t thread;
    pthread_create(&thread, NULL, be_silent, NULL);

    struct timeval patience = {2, 0};
    unsigned char packet[512], answer[512];
    int answered = 0, refused = 0;
    struct pollfd *open = calloc(clients, sizeof *open);
    for (int i = 0; i < clients; i++) {
        int client = open[i].fd = socket(AF_INET, SOCK_STREAM, 0);
        open[i].events = POLLIN;
        setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        int length = query(packet, i, "idle");
        if (client >= 0 && connect(client, (struct sockaddr *)&server, sizeof server) == 0
            && send(client, packet, length, MSG_NOSIGNAL) == length && recv(client, answer, sizeof answer, 0) > 0)
            answered++;
        else
            refused++;
    }
    poll(open, clients, 0);
    int closed = 0;
    for (int i = 0; i < clients; i++)
        closed += open[i].revents != 0;
    int datagrams = socket(AF_INET, SOCK_DGRAM, 0);
    for (int i = 0; i < queries; i++) {
        int length = query(packet, i, "silent");
        sendto(datagrams, packet + 2, length - 2, 0, (struct sockaddr *)&server, sizeof server);
        if (i % 100 == 99)
            usleep(10000);
    }
    sleep(5);
    printf("%d TCP clients that ask once and stay: %d answered, %d refused, %d closed by the server\n", clients, answered, refused, closed);
    printf("%d datagrams for the silent backend, to which %d connections were opened\n", queries, accepted);
    return 0;
}

// SPDX-License-Identifier: Apache-2.0
/* The yardstick for MapThroughput: the same work on a hash map with nothing between it and bpf(2). */
#include <errno.h>
#include <linux/bpf.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define ENTRIES 16384
#define BATCH 64

static long bpf(int command, union bpf_attr *attr)
{
    return syscall(SYS_bpf, command, attr, sizeof *attr);
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec * 1e-9;
}

static void die(const char *what)
{
    perror(what);
    exit(1);
}

int main(int argc, char **argv)
{
    double seconds = argc > 1 ? atof(argv[1]) : 1, start, end;
    union bpf_attr attr = { .map_type = BPF_MAP_TYPE_HASH, .key_size = 4, .value_size = 8, .max_entries = 2 * ENTRIES };
    int map = bpf(BPF_MAP_CREATE, &attr);
    if (map < 0)
        die("BPF_MAP_CREATE");
    uint32_t key = 0, keys[BATCH], position, next;
    uint64_t value = 0, values[BATCH];
    long done;

    memset(&attr, 0, sizeof attr);
    attr.map_fd = map;
    attr.key = (uintptr_t)&key;
    attr.value = (uintptr_t)&value;
    for (done = 0, start = now(); (end = now()) < start + seconds;)
        for (int i = 0; i < 1024; i++, done++) {
            key = done % ENTRIES;
            value = done;
            if (bpf(BPF_MAP_UPDATE_ELEM, &attr))
                die("BPF_MAP_UPDATE_ELEM");
        }
    printf("update %.0f\n", done / (end - start));

    for (done = 0, start = now(); (end = now()) < start + seconds;)
        for (int i = 0; i < 1024; i++, done++) {
            key = done % ENTRIES;
            if (bpf(BPF_MAP_LOOKUP_ELEM, &attr))
                die("BPF_MAP_LOOKUP_ELEM");
        }
    printf("lookup %.0f\n", done / (end - start));

    memset(&attr, 0, sizeof attr);
    attr.batch.map_fd = map;
    attr.batch.keys = (uintptr_t)keys;
    attr.batch.values = (uintptr_t)values;
    for (done = 0, start = now(); (end = now()) < start + seconds;)
        for (int turn = 0; turn < 16; turn++) {
            for (int i = 0; i < BATCH; i++, done++) {
                keys[i] = done % ENTRIES;
                values[i] = done;
            }
            attr.batch.count = BATCH;
            if (bpf(BPF_MAP_UPDATE_BATCH, &attr))
                die("BPF_MAP_UPDATE_BATCH");
        }
    printf("update_batch_64 %.0f\n", done / (end - start));

    uint64_t sum = 0;
    for (done = 0, start = now(); (end = now()) < start + seconds;) {
        long result;
        attr.batch.in_batch = 0;
        do {
            attr.batch.out_batch = (uintptr_t)&next;
            attr.batch.count = BATCH;
            result = bpf(BPF_MAP_LOOKUP_BATCH, &attr);
            if (result && errno != ENOENT)
                die("BPF_MAP_LOOKUP_BATCH");
            for (unsigned i = 0; i < attr.batch.count; i++)
                sum += keys[i] + values[i];
            done += attr.batch.count;
            position = next;
            attr.batch.in_batch = (uintptr_t)&position;
        } while (!result);
    }
    printf("lookup_batch_64 %.0f\n", done / (end - start));
    return sum == 42;
}

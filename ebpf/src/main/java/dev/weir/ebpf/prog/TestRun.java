package dev.weir.ebpf.prog;

import dev.weir.sys.TestRunAttr;

/**
 * What came of running a program on a packet.
 *
 * @param returned the program's return value
 * @param data the packet after the run
 * @param context the context after the run, empty if none went in
 * @param meanNs nanoseconds that one run took on average
 */
public record TestRun(int returned, byte[] data, byte[] context, int meanNs) {
    static TestRun of(TestRunAttr.Result result) {
        return new TestRun(result.returned(), result.data(), result.context(), result.meanNs());
    }
}

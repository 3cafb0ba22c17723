package dev.weir.ebpf.probe;

import java.util.Locale;

/**
 * Helper functions that packet programs use, with their numbers and first kernels: {@code bpf_} and the constant's name. Any other number can be
 * probed as well.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/bpf-helpers.7.html">bpf-helpers(7)</a>
 */
public enum Helper {
    MAP_LOOKUP_ELEM(1, "3.19"),
    MAP_UPDATE_ELEM(2, "3.19"),
    MAP_DELETE_ELEM(3, "3.19"),
    KTIME_GET_NS(5, "4.1"),
    TRACE_PRINTK(6, "4.1"),
    GET_PRANDOM_U32(7, "4.1"),
    GET_SMP_PROCESSOR_ID(8, "4.1"),
    TAIL_CALL(12, "4.2"),
    SKB_LOAD_BYTES(26, "4.5"),
    CSUM_DIFF(28, "4.6"),
    XDP_ADJUST_HEAD(44, "4.10"),
    REDIRECT_MAP(51, "4.14"),
    XDP_ADJUST_META(54, "4.15"),
    XDP_ADJUST_TAIL(65, "4.18"),
    FIB_LOOKUP(69, "4.18"),
    SPIN_LOCK(93, "5.1"),
    KTIME_GET_BOOT_NS(125, "5.8"),
    RINGBUF_OUTPUT(130, "5.8"),
    RINGBUF_RESERVE(131, "5.8"),
    KTIME_GET_COARSE_NS(160, "5.11"),
    FOR_EACH_MAP_ELEM(164, "5.13"),
    TIMER_INIT(169, "5.15"),
    LOOP(181, "5.17"),
    STRNCMP(182, "5.17"),
    XDP_GET_BUFF_LEN(188, "5.18"),
    XDP_LOAD_BYTES(189, "5.18"),
    XDP_STORE_BYTES(190, "5.18"),
    KTIME_GET_TAI_NS(208, "6.1");

    private final int number;
    private final String minimumKernel;

    Helper(int number, String minimumKernel) {
        this.number = number;
        this.minimumKernel = minimumKernel;
    }

    public int number() {
        return number;
    }

    public String minimumKernel() {
        return minimumKernel;
    }

    @Override
    public String toString() {
        return "bpf_" + name().toLowerCase(Locale.ROOT);
    }
}

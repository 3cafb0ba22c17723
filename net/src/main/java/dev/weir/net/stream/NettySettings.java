package dev.weir.net.stream;

/** What Netty is told before its first class that asks is loaded. */
final class NettySettings {
    private NettySettings() {}

    /**
     * Netty's lines go into our log, and what makes its channels' ids unique over hosts and processes, which nobody needs, is not looked for:
     * that is slow, and complains where no interface has a hardware address. Nor is the flight recorder told of each buffer: its first event
     * costs 0.2 s. Lost buffers are looked for by tests, not at work: a stack for each hundredth buffer took 3 % of the time of DNS over TLS.
     */
    static void apply() {
        NettyLog.install();
        setIfAbsent("io.netty.machineId", "00:00:00:00:00:00:00:00");
        setIfAbsent("io.netty.processId", "1");
        setIfAbsent("io.netty.jfr.enabled", "false");
        setIfAbsent("io.netty.leakDetection.level", "disabled");
    }

    private static void setIfAbsent(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}

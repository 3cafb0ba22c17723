package dev.weir.engine.stat;

/** Everything that data threads count for the whole process, each in its {@link StatShard}. */
public enum Counter implements Metric {
    ACL_DROPS("acl-drops", "Queries dropped because the client is not in the ACL"),
    CACHE_HITS("cache-hits", "Queries answered from a packet cache"),
    CACHE_MISSES("cache-misses", "Queries looked up in a packet cache in vain"),
    DESCRIPTOR_REFUSALS(
            "descriptor-refusals",
            "TCP connections of clients and to backends not opened because descriptors ran short",
            Export.OURS),
    DOWNSTREAM_SEND_ERRORS("downstream-send-errors", "Queries that could not be handed to a backend"),
    DOWNSTREAM_TIMEOUTS("downstream-timeouts", "Queries a backend did not answer in time"),
    DYN_BLOCK_OVERFLOWS(
            "dyn-block-overflows", "Dynamic blocks not inserted because the table of them was full", Export.OURS),
    DYN_BLOCK_UNSEEN(
            "dyn-block-unseen",
            "Ring entries that limits did not see because as many clients or names were in hand",
            Export.OURS),
    DYN_BLOCKED("dyn-blocked", "Queries stopped by a dynamic block"),
    EMPTY_QUERIES("empty-queries", "Queries without a question"),
    FRONTEND_NOERROR("frontend-noerror", "NOERROR answers sent to clients"),
    FRONTEND_NXDOMAIN("frontend-nxdomain", "NXDOMAIN answers sent to clients"),
    FRONTEND_SERVFAIL("frontend-servfail", "SERVFAIL answers sent to clients"),
    LATENCY0_1("latency0-1", "Queries answered in less than 1 ms"),
    LATENCY1_10("latency1-10", "Queries answered in 1 to 10 ms"),
    LATENCY10_50("latency10-50", "Queries answered in 10 to 50 ms"),
    LATENCY50_100("latency50-100", "Queries answered in 50 to 100 ms"),
    LATENCY100_1000("latency100-1000", "Queries answered in 100 ms to 1 s"),
    LATENCY_SLOW("latency-slow", "Queries answered in more than 1 s"),
    LATENCY_COUNT("latency-count", "Queries whose latency was measured", Export.HISTOGRAM),
    LATENCY_SUM(
            "latency-sum",
            "Sum of all measured latencies, in microseconds here and milliseconds where shown",
            Export.HISTOGRAM),
    LUA_ERRORS("lua-errors", "Lua rules, actions and policies that raised an error", Export.OURS),
    NO_POLICY("no-policy", "Queries for which no backend was available"),
    NONCOMPLIANT_QUERIES("noncompliant-queries", "Queries dropped as malformed"),
    NONCOMPLIANT_RESPONSES("noncompliant-responses", "Backend answers dropped as malformed or not asked for"),
    PROXY_PROTOCOL_INVALID("proxy-protocol-invalid", "Queries dropped because of a missing or broken PROXY header"),
    QUERIES("queries", "Queries accepted from clients"),
    QUERY_COUNT_OVERFLOWS(
            "query-count-overflows", "Queries not counted by key because there were too many keys", Export.OURS),
    RATE_TABLE_EVICTIONS(
            "rate-table-evictions",
            "Client networks that a MaxQPSIPRule forgot early to make room for others",
            Export.OURS),
    RDQUERIES("rdqueries", "Queries with the RD bit"),
    RESPONSES("responses", "Answers received from backends"),
    RULE_DROP("rule-drop", "Queries dropped by a rule"),
    RULE_NXDOMAIN("rule-nxdomain", "NXDOMAIN answers that a Lua action asked for"),
    RULE_REFUSED("rule-refused", "REFUSED answers that a Lua action asked for"),
    RULE_SERVFAIL("rule-servfail", "SERVFAIL answers that a Lua action asked for"),
    RULE_TRUNCATED("rule-truncated", "Truncated answers made by a rule"),
    SELF_ANSWERED("self-answered", "Queries answered by ourselves"),
    SERVFAIL_RESPONSES("servfail-responses", "SERVFAIL answers received from backends"),
    TCP_CLIENT_OVERFLOWS(
            "tcp-client-overflows",
            "TCP connections not counted for their client because there were too many clients",
            Export.OURS),
    TCP_CLIENTS_EVICTED(
            "tcp-clients-evicted",
            "TCP connections of clients closed, idle longest, because descriptors ran short",
            Export.OURS),
    TCP_QUERY_PIPE_FULL("tcp-query-pipe-full", "TCP connections closed because too many waited for their thread"),
    TRUNC_FAILURES("trunc-failures", "Answers that could not be truncated");

    /** Under which name Prometheus is told. */
    private enum Export {
        DNSDIST,
        /** dnsdist does not count it. */
        OURS,
        /** As a part of the histogram of latencies. */
        HISTOGRAM
    }

    private final String metric;
    private final String sentence;
    private final Export export;

    Counter(String metric, String sentence) {
        this(metric, sentence, Export.DNSDIST);
    }

    Counter(String metric, String sentence, Export export) {
        this.metric = metric;
        this.sentence = sentence;
        this.export = export;
    }

    @Override
    public String metric() {
        return metric;
    }

    @Override
    public String prometheusName() {
        return switch (export) {
            case DNSDIST -> Metric.prometheusName("dnsdist_", metric);
            case OURS -> Metric.prometheusName("weir_", metric) + "_total";
            case HISTOGRAM -> "";
        };
    }

    /** As it is shown; {@link #LATENCY_SUM} is counted in microseconds. */
    @Override
    public Unit unit() {
        return this == LATENCY_SUM ? Unit.MILLISECONDS : Unit.NUMBER;
    }

    @Override
    public String sentence() {
        return sentence;
    }
}

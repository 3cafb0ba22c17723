package dev.weir.engine.stat;

import java.util.List;

/**
 * What a figure of the process is, wherever it is shown: each is a constant of an enum, one enum for each kind of owner, and everything that
 * shows figures ({@code dumpStats()}, the console's tables, carbon, Prometheus, the API, SNMP) is a loop over those constants.
 */
public interface Metric {
    /** Whether a figure only grows, or goes up and down. */
    enum Type {
        COUNTER,
        GAUGE
    }

    /** What one is one of, as it is shown. */
    enum Unit {
        NUMBER,
        OCTETS,
        SECONDS,
        MILLISECONDS,
        MICROSECONDS,
        /** USER_HZ: 1/100 s. */
        TICKS
    }

    /** The name that dnsdist has for it in {@code dumpStats()} and its kin, or ours where it has none. */
    String metric();

    /** The name for Prometheus; empty if it is not shown there. */
    String prometheusName();

    /** A counter, unless it says otherwise. */
    default Type type() {
        return Type.COUNTER;
    }

    /** A number, unless it says otherwise. */
    default Unit unit() {
        return Unit.NUMBER;
    }

    /** When it goes up, or what it tells, without a full stop. */
    String sentence();

    /** Names of the labels that tell its owners apart; none for what the process has once. */
    default List<String> labels() {
        return List.of();
    }

    /** A name of ours or dnsdist's as Prometheus takes it. */
    static String prometheusName(String prefix, String metric) {
        return prefix + metric.replace('-', '_');
    }
}

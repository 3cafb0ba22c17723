package dev.weir.gate.filter;

import java.util.function.LongSupplier;

/**
 * Who we are among those who claim entries, and where claims are written down.
 *
 * @param origin our name, empty for the operator's commands
 */
record Claimants(Claims claims, String origin, LongSupplier nanoClock) {
    <K> Contest<K> contest(Contest.Entries<K> entries) {
        return new Contest<>(entries, claims, origin, nanoClock);
    }
}

package dev.weir.engine.cache;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * What a packet cache is to be: dnsdist's {@code newPacketCache} options, by their names there. All times are in seconds.
 *
 * @param maxEntries answers it may hold, at least 1
 * @param maxTtl upper limit of an entry's life
 * @param minTtl answers that live shorter are not stored; above {@code maxTtl}: nothing is
 * @param temporaryFailureTtl life of SERVFAIL and REFUSED answers; 0 does not store them
 * @param staleTtl TTL shown in an answer served after its time
 * @param truncatedTtl life of TC=1 answers without records; 0 does not store them
 * @param maxNegativeTtl upper limit of the life of NXDOMAIN, and of NOERROR with a SOA in the authority section
 * @param dontAge answers keep their TTLs while in the cache
 * @param numberOfShards independently locked parts; no more than {@code maxEntries} and {@link #MOST_SHARDS}
 * @param deferrableInsertLock an answer is not stored, instead of waiting, when its shard is locked
 * @param parseEcs the client subnet in the query is part of an entry's identity
 * @param keepStaleData no cleaning while a pool that uses the cache has servers but none is up
 * @param skippedOptions EDNS options whose data is no part of the key, ascending
 * @param maximumEntrySize octets of the longest answer stored
 * @param payloadRanks EDNS payload sizes are rounded down to these in the key, ascending; a smaller one stays as it is
 * @param shuffle A and AAAA records are put into random order when served
 */
public record CacheSpec(
        int maxEntries,
        int maxTtl,
        int minTtl,
        int temporaryFailureTtl,
        int staleTtl,
        int truncatedTtl,
        int maxNegativeTtl,
        boolean dontAge,
        int numberOfShards,
        boolean deferrableInsertLock,
        boolean parseEcs,
        boolean keepStaleData,
        List<Integer> skippedOptions,
        int maximumEntrySize,
        List<Integer> payloadRanks,
        boolean shuffle) {

    /** Far more than threads that could meet; each costs about 700 octets when it is empty. */
    public static final int MOST_SHARDS = 1 << 14;

    private static final int COOKIE = 10;
    private static final int PADDING = 12;

    public CacheSpec {
        require("maxEntries", maxEntries, 1, Integer.MAX_VALUE);
        require("maxTTL", maxTtl, 0, Integer.MAX_VALUE);
        require("minTTL", minTtl, 0, Integer.MAX_VALUE);
        require("temporaryFailureTTL", temporaryFailureTtl, 0, Integer.MAX_VALUE);
        require("staleTTL", staleTtl, 0, Integer.MAX_VALUE);
        require("truncatedTTL", truncatedTtl, 0, Integer.MAX_VALUE);
        require("maxNegativeTTL", maxNegativeTtl, 0, Integer.MAX_VALUE);
        require("numberOfShards", numberOfShards, 1, Integer.MAX_VALUE);
        require("maximumEntrySize", maximumEntrySize, 12, 0xffff);
        numberOfShards = Math.min(numberOfShards, Math.min(maxEntries, MOST_SHARDS));
        skippedOptions = List.copyOf(new TreeSet<>(skippedOptions));
        payloadRanks = usableRanks(payloadRanks, maximumEntrySize);
        for (int code : skippedOptions) {
            require("skipOptions", code, 0, 0xffff);
        }
    }

    private static void require(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(option + " is " + value + ", not " + least + " to " + most);
        }
    }

    /** Ranks below 512 or above the largest entry can never be of use and are dropped, as documented. */
    private static List<Integer> usableRanks(List<Integer> ranks, int maximumEntrySize) {
        List<Integer> usable = new ArrayList<>();
        for (int rank : new TreeSet<>(ranks)) {
            if (rank >= 512 && rank <= maximumEntrySize) {
                usable.add(rank);
            }
        }
        return List.copyOf(usable);
    }

    /** A spec with the documented defaults. */
    public static CacheSpec of(int maxEntries) {
        return builder(maxEntries).build();
    }

    /** Starts from the documented defaults. */
    public static Builder builder(int maxEntries) {
        return new Builder(maxEntries);
    }

    /** Collects options by name. Not for several threads. */
    public static final class Builder {
        private final int maxEntries;
        private int maxTtl = 86_400;
        private int minTtl;
        private int temporaryFailureTtl = 60;
        private int staleTtl = 60;
        private int truncatedTtl;
        private int maxNegativeTtl = 3_600;
        private boolean dontAge;
        private int numberOfShards = 20;
        private boolean deferrableInsertLock = true;
        private boolean parseEcs;
        private boolean keepStaleData;
        private boolean cookieHashing;
        private List<Integer> skipOptions = List.of(COOKIE, PADDING);
        private int maximumEntrySize = 4_096;
        private List<Integer> payloadRanks = List.of();
        private boolean shuffle;

        private Builder(int maxEntries) {
            this.maxEntries = maxEntries;
        }

        public Builder maxTtl(int seconds) {
            maxTtl = seconds;
            return this;
        }

        public Builder minTtl(int seconds) {
            minTtl = seconds;
            return this;
        }

        public Builder temporaryFailureTtl(int seconds) {
            temporaryFailureTtl = seconds;
            return this;
        }

        public Builder staleTtl(int seconds) {
            staleTtl = seconds;
            return this;
        }

        public Builder truncatedTtl(int seconds) {
            truncatedTtl = seconds;
            return this;
        }

        public Builder maxNegativeTtl(int seconds) {
            maxNegativeTtl = seconds;
            return this;
        }

        public Builder dontAge(boolean on) {
            dontAge = on;
            return this;
        }

        public Builder numberOfShards(int shards) {
            numberOfShards = shards;
            return this;
        }

        public Builder deferrableInsertLock(boolean on) {
            deferrableInsertLock = on;
            return this;
        }

        public Builder parseEcs(boolean on) {
            parseEcs = on;
            return this;
        }

        public Builder keepStaleData(boolean on) {
            keepStaleData = on;
            return this;
        }

        /** Cookies are part of the key, whatever {@link #skipOptions} says. */
        public Builder cookieHashing(boolean on) {
            cookieHashing = on;
            return this;
        }

        /** Options not to be part of the key; COOKIE is always added unless {@link #cookieHashing}. */
        public Builder skipOptions(List<Integer> codes) {
            List<Integer> all = new ArrayList<>(codes);
            all.add(COOKIE);
            skipOptions = all;
            return this;
        }

        public Builder maximumEntrySize(int octets) {
            maximumEntrySize = octets;
            return this;
        }

        public Builder payloadRanks(List<Integer> sizes) {
            payloadRanks = sizes;
            return this;
        }

        public Builder shuffle(boolean on) {
            shuffle = on;
            return this;
        }

        /**
         * The spec.
         *
         * @throws IllegalArgumentException naming the option whose value cannot be
         */
        public CacheSpec build() {
            TreeSet<Integer> skipped = new TreeSet<>(skipOptions);
            if (cookieHashing) {
                skipped.remove(COOKIE);
            }
            return new CacheSpec(
                    maxEntries,
                    maxTtl,
                    minTtl,
                    temporaryFailureTtl,
                    staleTtl,
                    truncatedTtl,
                    maxNegativeTtl,
                    dontAge,
                    numberOfShards,
                    deferrableInsertLock,
                    parseEcs,
                    keepStaleData,
                    List.copyOf(skipped),
                    maximumEntrySize,
                    payloadRanks,
                    shuffle);
        }
    }
}

package dev.weir.engine.listen;

import dev.weir.engine.stat.Tally;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What came and went at a listener for DNS over HTTP. Any thread. */
public final class HttpCounters {
    /** The status codes that are told apart; others are one. */
    public static final List<Integer> STATUSES = List.of(200, 400, 403, 500, 502);

    private static final int VERSIONS = 3;

    /** Connections. */
    public final Tally connects = new Tally();

    public final Tally get = new Tally();
    public final Tally post = new Tally();
    public final Tally badRequests = new Tally();
    public final Tally errors = new Tally();
    public final Tally redirects = new Tally();
    public final Tally valid = new Tally();

    private final List<Tally> queries =
            Stream.generate(Tally::new).limit(VERSIONS).toList();
    private final List<Tally> responses = IntStream.range(0, VERSIONS * (STATUSES.size() + 1))
            .mapToObj(i -> new Tally())
            .toList();

    HttpCounters() {}

    /** Requests with DNS, by version 1, 2 or 3. */
    public Tally queries(int version) {
        return queries.get(version - 1);
    }

    /**
     * Answers by version 1, 2 or 3.
     *
     * @param place of the status in {@link #STATUSES}; its size for all others
     */
    public Tally responses(int version, int place) {
        return Objects.requireNonNull(responses.get((version - 1) * (STATUSES.size() + 1) + place));
    }

    /** Where a status is counted. */
    public static int place(int status) {
        int place = STATUSES.indexOf(status);
        return place < 0 ? STATUSES.size() : place;
    }
}

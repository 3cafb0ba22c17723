package dev.weir.engine.view;

import dev.weir.engine.listen.Frontend;
import dev.weir.engine.listen.HttpCounters;
import dev.weir.engine.stat.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** What is known of a frontend for DNS over HTTP, under the names that dnsdist has; most by version, method or status. */
public enum HttpMetric implements Metric {
    HTTP_CONNECTS(
            List.of(),
            "Connections",
            counters -> List.of(new Figure("http-connects", counters.connects.sum(), List.of()))),
    DOH_HTTP_VERSION_QUERIES(List.of("version"), "Requests with DNS by HTTP's version", counters -> {
        List<Figure> all = new ArrayList<>();
        for (int version = 1; version <= 2; version++) {
            all.add(new Figure(
                    "http" + version + "-queries", counters.queries(version).sum(), List.of(String.valueOf(version))));
        }
        return all;
    }),
    DOH_VERSION_STATUS_RESPONSES(
            List.of("httpversion", "status"), "Responses by HTTP's version and status", counters -> {
                List<Figure> all = new ArrayList<>();
                for (int version = 1; version <= 2; version++) {
                    for (int place = 0; place <= HttpCounters.STATUSES.size(); place++) {
                        String status = place == HttpCounters.STATUSES.size()
                                ? "other"
                                : HttpCounters.STATUSES.get(place).toString();
                        all.add(new Figure(
                                "http" + version + "-" + status + "-responses",
                                counters.responses(version, place).sum(),
                                List.of(String.valueOf(version), status)));
                    }
                }
                return all;
            }),
    DOH_HTTP_METHOD_QUERIES(
            List.of("method"),
            "Requests with DNS by method",
            counters -> List.of(
                    new Figure("get-queries", counters.get.sum(), List.of("get")),
                    new Figure("post-queries", counters.post.sum(), List.of("post")))),
    DOH_BAD_REQUESTS(
            List.of(),
            "Requests that could not be understood",
            counters -> List.of(new Figure("bad-requests", counters.badRequests.sum(), List.of()))),
    DOH_RESPONSES(
            List.of("type"),
            "Responses by what they were",
            counters -> List.of(
                    new Figure("error-responses", counters.errors.sum(), List.of("error")),
                    new Figure("redirect-responses", counters.redirects.sum(), List.of("redirect")),
                    new Figure("valid-responses", counters.valid.sum(), List.of("valid"))));

    /**
     * One value.
     *
     * @param name the one it has where there are no labels: in JSON and for carbon
     * @param values of the labels of {@link #ownLabels}
     */
    public record Figure(String name, long value, List<String> values) {}

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> ownLabels;

    private final String sentence;

    @SuppressWarnings("ImmutableEnumChecker") // functions without state
    private final Function<HttpCounters, List<Figure>> reading;

    HttpMetric(List<String> ownLabels, String sentence, Function<HttpCounters, List<Figure>> reading) {
        this.ownLabels = ownLabels;
        this.sentence = sentence;
        this.reading = reading;
    }

    /** Its values now; none for a frontend without HTTP. */
    public List<Figure> read(Frontend frontend) {
        HttpCounters counters = frontend.http();
        return counters == null ? List.of() : reading.apply(counters);
    }

    /** Names of the labels that tell several values apart. */
    public List<String> ownLabels() {
        return ownLabels;
    }

    @Override
    public String metric() {
        return name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String prometheusName() {
        return Metric.prometheusName("dnsdist_frontend_", metric());
    }

    @Override
    public String sentence() {
        return sentence;
    }

    @Override
    public List<String> labels() {
        List<String> all = new ArrayList<>(List.of("frontend", "thread"));
        all.addAll(ownLabels);
        return all;
    }
}

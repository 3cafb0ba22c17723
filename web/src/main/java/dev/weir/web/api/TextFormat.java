package dev.weir.web.api;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Prometheus' text format, version 0.0.4, which has no native histograms. */
final class TextFormat implements ExpositionFormat {
    private static final long MICROS_PER_MILLI = 1_000;

    private final StringBuilder text = new StringBuilder(16_384);
    private final String instance;
    private String family = "";

    /** @param instance the value of a label that every sample gets; empty for none */
    TextFormat(String instance) {
        this.instance = instance;
    }

    @Override
    public void family(String name, String help, Kind kind) {
        family = name;
        text.append("# HELP ").append(name).append(' ');
        escaped(help, false);
        text.append("\n# TYPE ").append(name).append(' ').append(kind.name().toLowerCase(Locale.ROOT));
        text.append('\n');
    }

    @Override
    public void sample(List<String> labels, Number value) {
        line("", labels, value);
    }

    @Override
    public void histogram(List<String> labels, Histogram histogram) {
        for (Histogram.Bucket bucket : histogram.buckets()) {
            List<String> bounded = new ArrayList<>(labels);
            bounded.addAll(List.of("le", bucket.bound()));
            line("_bucket", bounded, bucket.cumulative());
        }
        line("_sum", labels, histogram.sumMicros() / MICROS_PER_MILLI);
        line("_count", labels, histogram.count());
    }

    @Override
    public String mediaType() {
        return "text/plain; version=0.0.4";
    }

    @Override
    public byte[] octets() {
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void line(String suffix, List<String> labels, Number value) {
        text.append(family).append(suffix);
        char before = '{';
        for (int i = 0; i < labels.size(); i += 2) {
            before = label(before, labels.get(i), labels.get(i + 1));
        }
        if (!instance.isEmpty()) {
            before = label(before, "instance", instance);
        }
        text.append(before == ',' ? "} " : " ");
        number(value);
        text.append('\n');
    }

    private char label(char before, String name, String value) {
        text.append(before).append(name).append("=\"");
        escaped(value, true);
        text.append('"');
        return ',';
    }

    private void escaped(String value, boolean quoted) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '"' -> text.append(quoted ? "\\\"" : "\"");
                default -> text.append(c);
            }
        }
    }

    private void number(Number value) {
        if (value instanceof Double number && number == Math.rint(number) && Math.abs(number) < 1e15) {
            text.append((long) (double) number);
        } else {
            text.append(value);
        }
    }
}

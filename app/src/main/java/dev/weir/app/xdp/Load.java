package dev.weir.app.xdp;

import dev.weir.engine.kernel.KernelException;
import dev.weir.engine.kernel.KernelException.Reason;
import dev.weir.engine.kernel.KernelFilter;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * {@code load}: many entries from a file. A line is a subject, to which the options of the command apply, or {@code block} or {@code limit} with
 * words of its own, as {@link Save} writes them. What stands behind {@code #} is for people.
 */
final class Load {
    /** Entries that are written in one turn. */
    private static final int TOGETHER = 2_000;

    /** What follows is it, to the end of the line. */
    private static final String REASON = " --reason ";

    private static final long PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** Of a file of something else each line is a fault. */
    private static final int FAULTS_TOLD = 10;

    private final Session session;
    private final String file;
    private final long startNanos = System.nanoTime();
    private long toldNanos = startNanos;
    private long lines;
    private long added;
    private long present;
    private long failed;

    Load(Session session) {
        this.session = session;
        this.file = session.words().operands().getFirst();
    }

    void run() throws IOException, NotUnderstoodException {
        // What is wrong with the command's own options is wrong with each line.
        order("192.0.2.1", true);
        try (KernelFilter filter = session.filterToWrite();
                BufferedReader reader = new BufferedReader(new InputStreamReader(input(), StandardCharsets.UTF_8))) {
            List<Order> orders = new ArrayList<>();
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines++;
                read(line, orders);
                if (orders.size() == TOGETHER) {
                    write(filter, orders);
                }
            }
            write(filter, orders);
        }
        report();
        if (failed > 0) {
            throw new IOException(failed + " of " + lines + " lines of " + file + " were not loaded");
        }
    }

    @SuppressWarnings("resource") // descriptor 0 lives as long as the process
    private InputStream input() throws IOException {
        return file.equals("-") ? new FileInputStream(FileDescriptor.in) : Files.newInputStream(Path.of(file));
    }

    private void read(String line, List<Order> orders) {
        int comment = line.indexOf('#');
        String text = (comment < 0 ? line : line.substring(0, comment)).strip();
        if (text.isEmpty()) {
            return;
        }
        try {
            orders.add(order(text, false));
        } catch (NotUnderstoodException e) {
            fault(String.valueOf(e.getMessage()));
        }
    }

    /** @param probe whether only the options count, not what they are for */
    private Order order(String text, boolean probe) throws NotUnderstoodException {
        int reason = text.indexOf(REASON);
        if (reason > 0) {
            List<String> words = new ArrayList<>(
                    Arrays.asList(text.substring(0, reason).strip().split("\\s+", -1)));
            words.addAll(List.of(
                    Option.REASON.toString(),
                    text.substring(reason + REASON.length()).strip()));
            return order(words, text, probe);
        }
        List<String> words =
                text.indexOf(' ') < 0 && text.indexOf('\t') < 0 ? List.of(text) : Arrays.asList(text.split("\\s+", -1));
        return order(words, text, probe);
    }

    private Order order(List<String> words, String text, boolean probe) throws NotUnderstoodException {
        if (words.size() > 1 && words.getFirst().equals("block")) {
            return Order.block(Words.parse(Command.BLOCK, words.subList(1, words.size())));
        }
        if (words.size() > 1 && words.getFirst().equals("limit")) {
            return Order.limit(Words.parse(Command.LIMIT, words.subList(1, words.size())));
        }
        if (words.size() > 1) {
            throw new NotUnderstoodException(
                    "'" + text + "' is neither one subject nor 'block' or 'limit' with what belongs to them");
        }
        return probe ? Order.plain(session.words(), null) : Order.plain(session.words(), text);
    }

    private void write(KernelFilter filter, List<Order> orders) throws IOException {
        filter.together(() -> {
            for (Order order : orders) {
                try {
                    session.checkTable(filter, order);
                    order.carryOut(filter);
                    added++;
                } catch (KernelException e) {
                    if (e.reason() == Reason.DUPLICATE) {
                        present++;
                    } else {
                        fault(String.valueOf(e.getMessage()));
                    }
                }
            }
        });
        orders.clear();
        long now = System.nanoTime();
        if (now - toldNanos >= PROGRESS_NANOS) {
            toldNanos = now;
            session.note(
                    String.format(Locale.ROOT, "%,d lines, %,.0f a second", lines, lines / ((now - startNanos) / 1e9)));
        }
    }

    private void fault(String what) {
        if (failed++ < FAULTS_TOLD) {
            session.note(file + ", up to line " + lines + ": " + what);
        }
    }

    private void report() {
        double seconds = Math.round((System.nanoTime() - startNanos) / 1e6) / 1e3;
        if (session.json()) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("lines", lines);
            row.put("added", added);
            row.put("present", present);
            row.put("failed", failed);
            row.put("seconds", seconds);
            session.emit(row);
        } else {
            session.say(added + " entries added, " + present + " were there, in " + seconds + " s");
        }
    }
}

package dev.weir.wire;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the parts of a whole message are: its question and all its records. Immutable but for the octets, which it keeps and which must not change.
 * Names are read when they are asked for, so that a message of pointers costs no more than its octets.
 */
public final class PacketOverlay {
    /**
     * A record.
     *
     * @param place {@link Records#ANSWER}, {@link Records#AUTHORITY} or {@link Records#ADDITIONAL}
     * @param nameOffset where its owner stands
     * @param contentOffset where its RDATA starts
     */
    public record Entry(
            int place, int nameOffset, int type, int recordClass, long ttl, int contentOffset, int contentLength) {}

    private final byte[] message;
    private final Question question;
    private final List<Entry> records;

    private PacketOverlay(byte[] message, Question question, List<Entry> records) {
        this.message = message;
        this.question = question;
        this.records = records;
    }

    /** Reads a message; null if it is no well-formed one with exactly one question. */
    public static @Nullable PacketOverlay of(byte[] message) {
        Question question = new Question();
        if (message.length < Header.LENGTH
                || Header.qdcount(message) != 1
                || question.parse(message, message.length) < 0) {
            return null;
        }
        List<Entry> entries = new ArrayList<>();
        byte[] name = new byte[Name.MAX_LENGTH];
        Records records = new Records();
        int state = records.start(message, message.length);
        while (state >= 0 && (state = records.next()) > 0) {
            if (Names.decompress(message, records.end(), records.offset(), name, 0) < 0) {
                return null;
            }
            entries.add(new Entry(
                    records.section(),
                    records.offset(),
                    records.type(),
                    records.recordClass(),
                    records.ttl(),
                    records.rdOffset(),
                    records.rdLength()));
        }
        return state < 0 ? null : new PacketOverlay(message, question, List.copyOf(entries));
    }

    /** A copy of the header. */
    public byte[] header() {
        return java.util.Arrays.copyOf(message, Header.LENGTH);
    }

    public Name name() {
        return Name.ofWire(message, Question.OFFSET, question.nameLength());
    }

    public int type() {
        return question.type();
    }

    public int recordClass() {
        return question.recordClass();
    }

    /** All records, in the message's order. */
    public List<Entry> records() {
        return records;
    }

    /** How many records stand in a section. */
    public int count(int section) {
        return (int) records.stream().filter(entry -> entry.place == section).count();
    }

    /** The name that a record belongs to. */
    public Name name(Entry entry) {
        return Name.at(message, message.length, entry.nameOffset);
    }
}

package dev.weir.engine.expression;

import java.util.Arrays;

/**
 * One thread's way of matching one expression: a deterministic automaton that is made while it is used (Thompson, 1968; Aho, Sethi and
 * Ullman, 1986).
 *
 * <p>A row of the table is a set of states of the {@link Automaton} that some text has led to, and has a field for each class of octets: the
 * row that comes next, or that it is not known yet, that nothing can match any more, or that the text matches whatever comes. A text thus
 * costs one look-up per octet once its rows are there.
 *
 * <pre>
 *   row r:  table[r .. r + classes]      the next row per class, then the verdict if the text ends
 *           sets[r / width * words ..]   the set of states it stands for
 * </pre>
 *
 * <p>Some expressions have more rows than memory. When the table is full, a text that leads out of it goes on by the automaton's bare steps;
 * when those have cost much more than filling the table would, the table starts anew. So the worst case of a text is one bare step and one
 * search for a known row per octet, whatever clients choose, and a table filled by yesterday's texts does not stay for ever.
 *
 * <p>Makes garbage only while the table grows.
 */
final class Scanner {
    /**
     * Octets of table and sets, which growing and starting anew copy or clear while a client waits. A bound per thread stands in
     * {@link Scanners}.
     */
    static final int MOST_MEMORY = 256 << 10;

    /** Rows that large sets may have beyond that. */
    private static final int USUAL_ROWS = 512;

    private static final int MOST_MEMORY_OF_USUAL_ROWS = 1 << 20;

    private static final int UNKNOWN = 0;
    private static final int MATCHES = -1;
    private static final int FAILS = -2;

    /** Bare steps per row after which the table starts anew. */
    private static final int PATIENCE = 10;

    private static final int FIRST_ROWS = 8;
    private static final int FEWEST_ROWS = 4;

    private final Automaton automaton;
    private final Scanners owner;
    private final int width;
    private final int words;
    private final int mostRows;

    /** Row 0 is not used, so that zero can say unknown. */
    private int[] table;

    private long[] sets;
    private int rows;

    /** Rows by the hash of their sets; twice as many places as rows fit. */
    private int[] places;

    private int start;

    private long[] current;
    private long[] next;

    private long bareSteps;
    private long stepsMade;

    Scanner(Automaton automaton, Scanners owner) {
        this(automaton, owner, MOST_MEMORY);
    }

    Scanner(Automaton automaton, Scanners owner, int mostMemory) {
        this.automaton = automaton;
        this.owner = owner;
        width = automaton.classes + 1;
        words = automaton.words;
        int rowsOfLargeSets =
                Math.min(USUAL_ROWS, Math.min(mostMemory * 4, MOST_MEMORY_OF_USUAL_ROWS) / octetsPerRow());
        mostRows = Math.max(FEWEST_ROWS, Math.max(mostMemory / octetsPerRow(), rowsOfLargeSets));
        int room = Math.min(FIRST_ROWS, mostRows);
        table = new int[room * width];
        sets = new long[room * words];
        places = new int[placesFor(room)];
        current = new long[words];
        next = new long[words];
        owner.grew(memory());
        startAnew();
    }

    private int octetsPerRow() {
        return 4 * width + 8 * words + 16;
    }

    private static int placesFor(int room) {
        return Integer.highestOneBit(room) * 4;
    }

    /** Octets that table and sets take. */
    int memory() {
        return 4 * table.length + 8 * sets.length + 4 * places.length;
    }

    /** Steps of the automaton that matching has cost so far, besides look-ups. */
    long stepsMade() {
        return stepsMade;
    }

    boolean matches(byte[] text, int length) {
        byte[] classOfOctet = automaton.classOfOctet;
        int[] fields = table;
        int row = start;
        if (row < 0) {
            return row == MATCHES;
        }
        for (int at = 0; at < length; at++) {
            int octetClass = classOfOctet[text[at] & 0xff] & 0xff;
            int to = fields[row + octetClass];
            if (to <= 0) {
                if (to == UNKNOWN) {
                    to = extend(row, octetClass);
                    fields = table;
                }
                if (to == UNKNOWN) {
                    return goOnBare(text, at + 1, length);
                }
                if (to < 0) {
                    return to == MATCHES;
                }
            }
            row = to;
        }
        return fields[row + automaton.classes] == MATCHES;
    }

    /** What follows a row: a row, a verdict, or {@link #UNKNOWN} if there is no room for it; then its set is the current one. */
    private int extend(int row, int octetClass) {
        System.arraycopy(sets, row / width * words, current, 0, words);
        int to;
        if (!step(octetClass)) {
            to = FAILS;
        } else if (automaton.isCertain(current)) {
            to = MATCHES;
        } else {
            int rowsBefore = rows;
            to = find();
            if (to == UNKNOWN || rows < rowsBefore) {
                return to; // the table is full, or is a new one that doesn't have the row where this came from
            }
        }
        table[row + octetClass] = to;
        return to;
    }

    private boolean step(int octetClass) {
        stepsMade++;
        boolean any = automaton.step(current, octetClass, next);
        long[] swapped = current;
        current = next;
        next = swapped;
        return any;
    }

    private boolean goOnBare(byte[] text, int from, int length) {
        bareSteps++;
        for (int at = from; at < length; at++) {
            bareSteps++;
            if (!step(automaton.classOfOctet[text[at] & 0xff] & 0xff)) {
                return false;
            }
            if (automaton.isCertain(current)) {
                return true;
            }
        }
        return automaton.accepts(current);
    }

    /** The row of the current set, made if it is not there; {@link #UNKNOWN} if there is no room. */
    private int find() {
        int mask = places.length - 1;
        int place = hash() & mask;
        for (; places[place] != 0; place = place + 1 & mask) {
            if (isCurrent(places[place])) {
                return places[place];
            }
        }
        if ((rows + 1) * width > table.length && !grow()) {
            if (bareSteps < (long) PATIENCE * rows) {
                return UNKNOWN;
            }
            System.arraycopy(current, 0, next, 0, words);
            startAnew();
            System.arraycopy(next, 0, current, 0, words);
        }
        return add();
    }

    /** Adds the current set, which is not there. */
    private int add() {
        int row = rows++ * width;
        System.arraycopy(current, 0, sets, row / width * words, words);
        table[row + automaton.classes] = automaton.accepts(current) ? MATCHES : FAILS;
        enter(row, hash());
        return row;
    }

    private void enter(int row, int hash) {
        int mask = places.length - 1;
        int place = hash & mask;
        while (places[place] != 0) {
            place = place + 1 & mask;
        }
        places[place] = row;
    }

    private boolean isCurrent(int row) {
        int at = row / width * words;
        return Arrays.equals(sets, at, at + words, current, 0, words);
    }

    private int hash() {
        long hash = 0;
        for (int word = 0; word < words; word++) {
            hash = (hash ^ current[word]) * 0x9e3779b97f4a7c15L;
            hash ^= hash >>> 32;
        }
        return (int) hash;
    }

    private boolean grow() {
        int old = table.length / width;
        int room = Math.min(old * 2, mostRows);
        int placed = placesFor(room);
        long more = 4L * (room - old) * width + 8L * (room - old) * words + 4L * (placed - places.length);
        if (room <= old || !owner.mayGrow(more)) {
            return false;
        }
        table = Arrays.copyOf(table, room * width);
        sets = Arrays.copyOf(sets, room * words);
        places = new int[placed];
        long[] kept = current;
        current = next;
        for (int row = 1; row < rows; row++) {
            System.arraycopy(sets, row * words, current, 0, words);
            enter(row * width, hash());
        }
        next = current;
        current = kept;
        return true;
    }

    private void startAnew() {
        Arrays.fill(table, UNKNOWN);
        Arrays.fill(places, 0);
        rows = 1;
        bareSteps = 0;
        automaton.start(current);
        start = automaton.isCertain(current) ? MATCHES : automaton.words == 0 ? FAILS : add();
    }
}

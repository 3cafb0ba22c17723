package dev.weir.app.xdp;

import static dev.weir.app.xdp.Option.ACTION;
import static dev.weir.app.xdp.Option.ALL;
import static dev.weir.app.xdp.Option.ANY_IS_255;
import static dev.weir.app.xdp.Option.BURST;
import static dev.weir.app.xdp.Option.CHAIN;
import static dev.weir.app.xdp.Option.COUNT;
import static dev.weir.app.xdp.Option.EVERYTHING;
import static dev.weir.app.xdp.Option.FOR;
import static dev.weir.app.xdp.Option.FRESH;
import static dev.weir.app.xdp.Option.HELP;
import static dev.weir.app.xdp.Option.INTERFACE;
import static dev.weir.app.xdp.Option.INTERVAL;
import static dev.weir.app.xdp.Option.JSON;
import static dev.weir.app.xdp.Option.LOCAL;
import static dev.weir.app.xdp.Option.MAPS;
import static dev.weir.app.xdp.Option.MAX_ADDRESSES;
import static dev.weir.app.xdp.Option.MAX_ITEMS;
import static dev.weir.app.xdp.Option.MAX_LIMITS;
import static dev.weir.app.xdp.Option.MAX_NAMES;
import static dev.weir.app.xdp.Option.MAX_RANGES;
import static dev.weir.app.xdp.Option.MAX_SOURCES;
import static dev.weir.app.xdp.Option.MAX_SUFFIXES;
import static dev.weir.app.xdp.Option.MODE;
import static dev.weir.app.xdp.Option.ONCE;
import static dev.weir.app.xdp.Option.PER;
import static dev.weir.app.xdp.Option.PORT;
import static dev.weir.app.xdp.Option.PURGE;
import static dev.weir.app.xdp.Option.REASON;
import static dev.weir.app.xdp.Option.REPLACE;
import static dev.weir.app.xdp.Option.SAMPLE;
import static dev.weir.app.xdp.Option.SLIP;
import static dev.weir.app.xdp.Option.SUFFIX;
import static dev.weir.app.xdp.Option.TYPE;
import static dev.weir.app.xdp.Option.UNANSWERABLE;
import static dev.weir.app.xdp.Option.WHOEVER;
import static dev.weir.app.xdp.Option.XSK;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What {@code weir xdp} can be told to do; {@code --help} is made from this. */
enum Command {
    ATTACH(
            "-i NAME...",
            0,
            Integer.MAX_VALUE,
            "guard interfaces; a guard that is there is replaced without a gap",
            INTERFACE,
            MODE,
            PORT,
            MAX_ADDRESSES,
            MAX_RANGES,
            MAX_NAMES,
            MAX_SUFFIXES,
            MAX_LIMITS,
            MAX_ITEMS,
            UNANSWERABLE,
            ANY_IS_255,
            LOCAL,
            MAX_SOURCES,
            CHAIN,
            FRESH,
            REPLACE,
            XSK),
    DETACH("-i NAME...|--all", 0, Integer.MAX_VALUE, "take guards off; the tables stay", INTERFACE, ALL, PURGE),
    STATUS("[-i NAME...]", 0, Integer.MAX_VALUE, "guards with their counters, and how full the tables are", INTERFACE),
    TOP("", 0, 0, "the entries that are hit most, live", COUNT, INTERVAL, ONCE),
    BLOCK("ADDRESS|RANGE|NAME", 1, 1, "add an entry", SUFFIX, TYPE, ACTION, FOR, REASON, EVERYTHING),
    UNBLOCK("ADDRESS|RANGE|NAME", 1, 1, "remove an entry", SUFFIX, TYPE, WHOEVER),
    LIMIT(
            "RANGE QPS",
            2,
            2,
            "limit the queries per second of a range, together or for each network in it",
            BURST,
            SLIP,
            PER),
    UNLIMIT("RANGE", 1, 1, "remove such a limit"),
    LS("[addresses|ranges|names|suffixes|limits]", 0, 1, "list entries with their hits"),
    LOAD(
            "FILE|-",
            1,
            1,
            "add many entries: a subject a line, or a line as 'save' writes it",
            SUFFIX,
            TYPE,
            ACTION,
            FOR,
            REASON,
            EVERYTHING),
    SAVE("FILE|-", 1, 1, "write the entries down as lines for 'load'"),
    WATCH("", 0, 0, "print packets as the guards judge them", SAMPLE, COUNT);

    /** Where explanations start in the help. */
    private static final int MEANING_COLUMN = 32;

    final String operands;
    final int least;
    final int most;
    final String summary;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.copyOf
    final List<Option> options;

    Command(String operands, int least, int most, String summary, Option... options) {
        this.operands = operands;
        this.least = least;
        this.most = most;
        this.summary = summary;
        List<Option> all = new ArrayList<>(List.of(options));
        all.addAll(List.of(MAPS, JSON, HELP));
        this.options = List.copyOf(all);
    }

    /** Returns the help of the whole. */
    static String help() {
        StringBuilder text = new StringBuilder("usage: weir xdp COMMAND [--help]\n\n");
        for (Command command : values()) {
            line(text, command + (command.operands.isEmpty() ? "" : " " + command.operands), command.summary);
        }
        return text.append("\nAll take --maps DIR and --json. Exit status: 0 done, 1 failed, 2 not understood.\n")
                .toString();
    }

    /** Returns the help of one command. */
    String usage() {
        StringBuilder text = new StringBuilder("usage: weir xdp " + this + " [OPTION]...");
        text.append(operands.isEmpty() ? "" : " " + operands);
        text.append('\n').append(Character.toUpperCase(summary.charAt(0))).append(summary, 1, summary.length());
        text.append(".\n\n");
        for (Option option : options) {
            String letter = option.letter == 0 ? "    " : "-" + option.letter + ", ";
            line(text, letter + option + (option.value == null ? "" : " " + option.value), option.meaning);
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String what, String meaning) {
        text.append("  ").append(what);
        if (what.length() >= MEANING_COLUMN - 3) {
            text.append('\n').repeat(' ', MEANING_COLUMN);
        } else {
            text.repeat(' ', MEANING_COLUMN - 2 - what.length());
        }
        text.append(meaning).append('\n');
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}

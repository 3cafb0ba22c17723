package dev.weir.ebpf.prog;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds in a verifier's log the one line that says what is wrong.
 *
 * <p>A log is a trace: instructions as {@code 12: (79) r1 = *(u64 *)(r2 +0)}, states as {@code R1=ctx() R10=fp0} or after a semicolon,
 * source lines as {@code ; code @ file.c:12}, then the complaint, then statistics ({@code processed 14 insns ...}). The complaint is the last
 * line that is none of the others, with the one before if that is none either.
 */
final class VerifierLog {
    private static final int MAX_LINE = 160;
    private static final String STATISTICS = "processed ";

    private VerifierLog() {}

    /** Returns the complaint with the last instruction and source line before it; never empty. */
    static String summary(String log) {
        List<String> lines = log.lines().map(String::strip).toList();
        int complaint = complaint(lines);
        if (complaint < 0) {
            return "no reason given";
        }
        // Some complaints have a first line with the numbers and a second with the meaning.
        int first = complaint > 0 && !isTrace(lines.get(complaint - 1)) ? complaint - 1 : complaint;
        StringBuilder summary = new StringBuilder(first == complaint ? "" : cut(lines.get(first)) + "; ")
                .append(cut(lines.get(complaint)));
        String instruction = lastBefore(lines, first, true);
        String source = lastBefore(lines, first, false);
        if (instruction != null) {
            summary.append(" (insn ").append(cut(instruction)).append(')');
        }
        if (source != null) {
            summary.append(" at `").append(cut(source)).append('`');
        }
        return summary.toString();
    }

    /** Whether the statistics are there, which come last: of a log that was cut at its end they are not. */
    static boolean hasItsEnd(String log) {
        return log.startsWith(STATISTICS, log.lastIndexOf('\n', log.length() - 2) + 1);
    }

    private static int complaint(List<String> lines) {
        for (int i = lines.size() - 1; i >= 0; i--) {
            if (!isTrace(lines.get(i))) {
                return i;
            }
        }
        return -1;
    }

    private static boolean isTrace(String line) {
        return line.isEmpty()
                || line.startsWith(";")
                || line.startsWith(STATISTICS)
                || line.startsWith("verification time ")
                || line.startsWith("stack depth ")
                || line.startsWith("mark_precise:")
                || line.startsWith("parent ")
                || line.startsWith("last_idx ")
                || line.startsWith("regs=")
                || line.startsWith("from ")
                || line.startsWith("func#")
                || line.startsWith("arg#")
                || line.startsWith("Func#")
                || line.startsWith("Validating ")
                || isInstruction(line)
                || isState(line);
    }

    /** {@code 12: (79) ...} */
    private static boolean isInstruction(String line) {
        int colon = digits(line);
        return colon > 0 && line.startsWith(": (", colon);
    }

    /** {@code 12: R1=ctx() R10=fp0}, or without the number. */
    private static boolean isState(String line) {
        int colon = digits(line);
        String rest = colon > 0 && line.startsWith(":", colon)
                ? line.substring(colon + 1).strip()
                : line;
        int equals = rest.indexOf('=');
        return rest.startsWith("R") && equals > 1 && equals <= 6 && rest.indexOf(' ') != 2 && rest.indexOf(' ') != 3;
    }

    private static int digits(String line) {
        int i = 0;
        while (i < line.length() && Character.isDigit(line.charAt(i))) {
            i++;
        }
        return i;
    }

    private static @Nullable String lastBefore(List<String> lines, int end, boolean instruction) {
        for (int i = end - 1; i >= 0; i--) {
            String line = lines.get(i);
            if (instruction && isInstruction(line)) {
                // The state after the instruction follows a semicolon.
                int state = line.indexOf(" ; ");
                return (state < 0 ? line : line.substring(0, state)).strip();
            }
            if (!instruction && line.startsWith("; ")) {
                return line.substring(2).strip();
            }
        }
        return null;
    }

    private static String cut(String line) {
        return line.length() <= MAX_LINE ? line : line.substring(0, MAX_LINE) + "…";
    }
}

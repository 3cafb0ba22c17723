package dev.weir.gate.filter;

import dev.weir.ebpf.map.Codec;
import dev.weir.engine.kernel.KernelFilter;
import dev.weir.engine.kernel.MatchAction;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one origin wants of an entry. Those of an entry lie side by side, the first that is not used ends the list:
 *
 * <pre>{@code
 * struct claim {
 *     __u64 end;        // CLOCK_MONOTONIC nanoseconds; 0: never
 *     __u8 action;
 *     __u8 kind;        // 0 not used, 1 stays, 2 ends
 *     char origin[30];  // UTF-8, zeros behind it; empty: the operator, or a program that leaves no name
 *     char reason[40];
 * } claims[6];
 * }</pre>
 *
 * @param origin who wants it
 * @param ends whether it is one of those that end; an origin has one of each kind
 * @param action a number of {@link MatchAction}
 * @param endNanos {@link KernelFilter#FOREVER} if it has none
 */
record Claim(String origin, boolean ends, int action, long endNanos, String reason) {
    /** So many may want something of one entry. */
    static final int MOST = 6;

    private static final int ACTION = 8;
    private static final int KIND = 9;
    private static final int ORIGIN = 10;
    private static final int ORIGIN_BYTES = 30;
    private static final int REASON = ORIGIN + ORIGIN_BYTES;
    private static final int REASON_BYTES = 40;
    private static final int BYTES = REASON + REASON_BYTES;
    private static final byte STAYS = 1;
    private static final byte ENDS = 2;

    static final Codec<List<Claim>> LIST = Codec.of(MOST * BYTES, Claim::write, Claim::read);

    Claim {
        origin = cutPath(origin, ORIGIN_BYTES);
        reason = cut(reason, REASON_BYTES);
    }

    /** What an entry that nobody claims is taken for. */
    static Claim unnamed(int action, long endNanos) {
        return new Claim("", endNanos != KernelFilter.FOREVER, action, endNanos, "");
    }

    boolean isUnnamed() {
        return origin.isEmpty();
    }

    boolean hasEnded(long nowNanos) {
        return endNanos != KernelFilter.FOREVER && endNanos - nowNanos <= 0;
    }

    /** As many characters as there is room for. */
    private static String cut(String text, int room) {
        String cut = text;
        while (bytes(cut) > room) {
            cut = cut.substring(0, cut.length() - 1);
        }
        return cut;
    }

    /** "daemon" and a path, of which the end tells more than the start. */
    private static String cutPath(String text, int room) {
        int path = text.indexOf(' ') + 1;
        String cut = text;
        for (int from = path + 1; bytes(cut) > room && from < text.length(); from++) {
            cut = text.substring(0, path) + "…" + text.substring(from);
        }
        return cut(cut, room);
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static void write(List<Claim> claims, MemorySegment to) {
        to.fill((byte) 0);
        for (int i = 0; i < Math.min(MOST, claims.size()); i++) {
            Claim claim = claims.get(i);
            MemorySegment at = to.asSlice((long) i * BYTES, BYTES);
            at.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, claim.endNanos == KernelFilter.FOREVER ? 0 : claim.endNanos);
            at.set(ValueLayout.JAVA_BYTE, ACTION, (byte) claim.action);
            at.set(ValueLayout.JAVA_BYTE, KIND, claim.ends ? ENDS : STAYS);
            write(claim.origin, at.asSlice(ORIGIN, ORIGIN_BYTES));
            write(claim.reason, at.asSlice(REASON, REASON_BYTES));
        }
    }

    private static void write(String text, MemorySegment to) {
        to.copyFrom(MemorySegment.ofArray(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<Claim> read(MemorySegment from) {
        List<Claim> claims = new ArrayList<>();
        for (int i = 0; i < MOST; i++) {
            MemorySegment at = from.asSlice((long) i * BYTES, BYTES);
            byte kind = at.get(ValueLayout.JAVA_BYTE, KIND);
            if (kind == 0) {
                break;
            }
            long end = at.get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
            claims.add(new Claim(
                    text(at.asSlice(ORIGIN, ORIGIN_BYTES)),
                    kind == ENDS,
                    at.get(ValueLayout.JAVA_BYTE, ACTION) & 0xff,
                    end == 0 ? KernelFilter.FOREVER : end,
                    text(at.asSlice(REASON, REASON_BYTES))));
        }
        return claims;
    }

    private static String text(MemorySegment from) {
        byte[] bytes = from.toArray(ValueLayout.JAVA_BYTE);
        int length = 0;
        while (length < bytes.length && bytes[length] != 0) {
            length++;
        }
        return new String(Arrays.copyOf(bytes, length), StandardCharsets.UTF_8);
    }

    /**
     * Returns what all of them together want: the later end and the stricter action. What is let through for good is not stopped by what ends.
     *
     * @return null if there are none
     */
    static @Nullable Claim together(List<Claim> claims) {
        boolean letThrough = claims.stream().anyMatch(claim -> !claim.ends && claim.action == MatchAction.PASS.number())
                && claims.stream().allMatch(claim -> claim.ends || claim.action == MatchAction.PASS.number());
        Claim all = null;
        for (Claim claim : claims) {
            if (letThrough && claim.ends) {
                continue;
            }
            if (all == null) {
                all = claim;
                continue;
            }
            int action = strictness(claim.action) > strictness(all.action) ? claim.action : all.action;
            all = new Claim("", false, action, Math.max(all.endNanos, claim.endNanos), "");
        }
        return all;
    }

    /** Drop, Refused, NXDomain, Truncate, Pass. */
    private static int strictness(int number) {
        MatchAction action = MatchAction.ofNumber(number);
        return switch (action) {
            case null -> 0;
            case PASS -> 1;
            case TRUNCATE -> 2;
            case NXDOMAIN -> 3;
            case REFUSED -> 4;
            case DROP -> 5;
        };
    }
}

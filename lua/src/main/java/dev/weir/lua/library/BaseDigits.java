package dev.weir.lua.library;

import dev.weir.lua.LuaNumber;
import dev.weir.lua.LuaString;
import org.jspecify.annotations.Nullable;

/** Reads whole numbers in a base from 2 to 36, as C's strtoul does: what is too large becomes the largest. */
final class BaseDigits {
    private BaseDigits() {}

    static @Nullable Double parse(LuaString text, int base) {
        int at = 0;
        // C's text ends at its first zero octet.
        int end = 0;
        while (end < text.length() && text.octet(end) != 0) {
            end++;
        }
        while (at < end && isSpace(text.octet(at))) {
            at++;
        }
        while (end > at && isSpace(text.octet(end - 1))) {
            end--;
        }
        boolean negative = at < end && text.octet(at) == '-';
        if (negative || at < end && text.octet(at) == '+') {
            at++;
        }
        if (base == 16 && at + 1 < end && text.octet(at) == '0' && (text.octet(at + 1) | 0x20) == 'x') {
            at += 2;
        }
        if (at == end) {
            return null;
        }
        long value = 0;
        boolean tooLarge = false;
        for (; at < end; at++) {
            int octet = text.octet(at);
            int digit = octet < 0x80 ? Character.digit(octet, base) : -1;
            if (digit < 0) {
                return null;
            }
            tooLarge |= Long.compareUnsigned(value, Long.divideUnsigned(-1L - digit, base)) > 0;
            value = value * base + digit;
        }
        double size = tooLarge ? 0x1p64 : value >= 0 ? value : (value >>> 1) * 2.0 + (value & 1);
        return LuaNumber.box(negative ? -size : size);
    }

    private static boolean isSpace(int octet) {
        return octet == ' ' || octet >= '\t' && octet <= '\r';
    }
}

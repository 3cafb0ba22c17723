package dev.weir.engine.expression;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The classes of POSIX brackets ({@code [:alpha:]}) in the C locale. */
final class NamedClasses {
    private static final OctetSet LOWER = OctetSet.range('a', 'z');
    private static final OctetSet UPPER = OctetSet.range('A', 'Z');
    private static final OctetSet ALPHA = LOWER.or(UPPER);
    private static final OctetSet ALNUM = ALPHA.or(OctetSet.DIGITS);
    private static final OctetSet GRAPH = OctetSet.range(0x21, 0x7e);

    static final OctetSet SPACE = OctetSet.range('\t', '\r').or(OctetSet.of(' '));

    private static final Map<String, OctetSet> BY_NAME = Map.ofEntries(
            Map.entry("alnum", ALNUM),
            Map.entry("alpha", ALPHA),
            Map.entry("blank", OctetSet.of(' ').or(OctetSet.of('\t'))),
            Map.entry("cntrl", OctetSet.range(0, 0x1f).or(OctetSet.of(0x7f))),
            Map.entry("digit", OctetSet.DIGITS),
            Map.entry("graph", GRAPH),
            Map.entry("lower", LOWER),
            Map.entry("print", GRAPH.or(OctetSet.of(' '))),
            Map.entry("punct", GRAPH.and(ALNUM.not())),
            Map.entry("space", SPACE),
            Map.entry("upper", UPPER),
            Map.entry("xdigit", OctetSet.DIGITS.or(OctetSet.range('a', 'f')).or(OctetSet.range('A', 'F'))));

    private NamedClasses() {}

    static @Nullable OctetSet find(String name) {
        return BY_NAME.get(name);
    }
}

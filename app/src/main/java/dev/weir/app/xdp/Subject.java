package dev.weir.app.xdp;

import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.acl.Netmask;
import dev.weir.wire.Name;
import java.net.IDN;

/** What an entry is about, as it is written on the command line. */
sealed interface Subject {
    /** Of ::ffff:0:0/96. */
    int MAPPED_PREFIX = 96;

    /** Sharp s, final sigma, and the two joiners (RFC 5894 7.2). */
    String DEVIATIONS = "\u00df\u03c2\u200c\u200d";

    /** @param text in its canonical form */
    record Address(IpAddress address, String text) implements Subject {}

    /** @param text in its canonical form */
    record Range(Netmask range, String text) implements Subject {}

    /** @param text in its canonical form */
    record Domain(Name name, String text) implements Subject {}

    /** Returns the subject as people read it. */
    String text();

    /** Returns the subject as lists of entries show it: there, names end in a dot. */
    default String entryText() {
        return this instanceof Domain domain ? domain.name().toString() : text();
    }

    /** Reads an address, a range or a name; which, shows. */
    static Subject parse(String text) throws NotUnderstoodException {
        if (text.isBlank()) {
            throw new NotUnderstoodException("an empty word is neither an address nor a range nor a name");
        }
        boolean numbers = text.indexOf(':') >= 0 || text.matches("[0-9.]+[0-9]");
        if (text.indexOf('/') >= 0) {
            Netmask range = range(text);
            return new Range(range, range.toString());
        }
        if (!numbers) {
            Name name = name(text);
            return new Domain(name, name.isRoot() ? "." : name.toStringNoDot());
        }
        try {
            IpAddress address = unmapped(IpAddress.parse(text));
            return new Address(address, address.toString());
        } catch (IllegalArgumentException e) {
            throw new NotUnderstoodException(e.getMessage() + ", and as a name it would need a dot at its end");
        }
    }

    /** Whether it is about everybody, or about every question. */
    default boolean isEverything(boolean suffix) {
        return switch (this) {
            case Address(var address, var written) -> false;
            case Range(var range, var written) -> range.prefix() == 0;
            case Domain(var name, var written) -> suffix && name.isRoot();
        };
    }

    /** Reads a range, which must have no bits behind its prefix: 192.0.2.1/24 may be meant as one address or as 256. */
    static Netmask range(String text) throws NotUnderstoodException {
        Netmask range;
        try {
            range = unmapped(Netmask.parse(text));
        } catch (IllegalArgumentException e) {
            throw new NotUnderstoodException(String.valueOf(e.getMessage()));
        }
        if (range.negated()) {
            throw new NotUnderstoodException("'" + text + "' is no range: '!' has no meaning here");
        }
        if (text.indexOf('/') >= 0 && !range.ip().equals(range.network())) {
            throw new NotUnderstoodException("'" + text + "' has bits behind its prefix: the range is "
                    + Netmask.of(range.network(), range.prefix()) + ", the address " + range.ip());
        }
        return range;
    }

    /** IPv4 clients are IPv4 clients, however they are written (RFC 4291 2.5.5.2). */
    private static IpAddress unmapped(IpAddress address) {
        return address.isMappedV4() ? IpAddress.v4((int) address.lo()) : address;
    }

    private static Netmask unmapped(Netmask range) {
        boolean mapped = range.ip().isMappedV4() && range.prefix() >= MAPPED_PREFIX;
        return mapped ? Netmask.of(unmapped(range.ip()), range.prefix() - MAPPED_PREFIX) : range;
    }

    /**
     * Names beyond ASCII become their A-labels (RFC 3490). What the two editions of IDNA turn into different names is refused: nobody can say which
     * one is meant.
     */
    private static Name name(String text) throws NotUnderstoodException {
        try {
            boolean ascii = text.chars().allMatch(c -> c < 0x80);
            return Name.parse(ascii ? text : toAscii(text));
        } catch (IllegalArgumentException e) {
            throw new NotUnderstoodException(String.valueOf(e.getMessage()));
        }
    }

    private static String toAscii(String text) throws NotUnderstoodException {
        if (text.chars().anyMatch(c -> DEVIATIONS.indexOf(c) >= 0)) {
            throw new NotUnderstoodException(
                    "'" + text + "' has a letter that stands for itself or for others: write its A-label, xn--...");
        }
        try {
            return IDN.toASCII(text, IDN.USE_STD3_ASCII_RULES);
        } catch (IllegalArgumentException e) {
            throw new NotUnderstoodException("'" + text + "' is no internationalized name: " + e.getMessage());
        }
    }
}

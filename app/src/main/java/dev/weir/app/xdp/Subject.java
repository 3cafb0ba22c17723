package dev.weir.app.xdp;

import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.acl.Netmask;
import dev.weir.wire.Name;

/** What an entry is about, as it is written on the command line. */
sealed interface Subject {
    /** @param text as people write it */
    record Address(IpAddress address, String text) implements Subject {}

    /** @param text as people write it */
    record Range(Netmask range, String text) implements Subject {}

    /** @param text as people write it */
    record Domain(Name name, String text) implements Subject {}

    /** Returns the subject as people write it. */
    String text();

    /** Reads an address, a range or a name; which, shows. */
    static Subject parse(String text) throws NotUnderstoodException {
        boolean numbers = text.indexOf(':') >= 0 || text.matches("[0-9.]+[0-9]");
        if (text.indexOf('/') >= 0) {
            return new Range(range(text), text);
        }
        if (!numbers) {
            return new Domain(name(text), text);
        }
        try {
            IpAddress address = IpAddress.parse(text);
            return new Address(address, address.toString());
        } catch (IllegalArgumentException e) {
            throw new NotUnderstoodException(e.getMessage() + ", and as a name it would need a dot at its end");
        }
    }

    static Netmask range(String text) throws NotUnderstoodException {
        try {
            return Netmask.parse(text);
        } catch (IllegalArgumentException e) {
            throw new NotUnderstoodException(String.valueOf(e.getMessage()));
        }
    }

    private static Name name(String text) throws NotUnderstoodException {
        try {
            return Name.parse(text);
        } catch (IllegalArgumentException e) {
            throw new NotUnderstoodException(String.valueOf(e.getMessage()));
        }
    }
}

package dev.weir.wire;

import java.util.Locale;

/**
 * Mnemonics of response codes (IANA DNS parameters, RFC 6895 2.3). Codes from 16 on are extended: their upper eight bits travel in OPT. 16
 * is BADVERS in an OPT and BADSIG in a TSIG.
 */
public final class Rcode {
    public static final int NOERROR = 0;
    public static final int FORMERR = 1;
    public static final int SERVFAIL = 2;
    public static final int NXDOMAIN = 3;
    public static final int NOTIMP = 4;
    public static final int REFUSED = 5;
    public static final int YXDOMAIN = 6;
    public static final int YXRRSET = 7;
    public static final int NXRRSET = 8;
    public static final int NOTAUTH = 9;
    public static final int NOTZONE = 10;
    public static final int BADVERS = 16;
    public static final int BADSIG = 16;
    public static final int BADKEY = 17;
    public static final int BADTIME = 18;
    public static final int BADMODE = 19;
    public static final int BADNAME = 20;
    public static final int BADALG = 21;
    public static final int BADTRUNC = 22;
    public static final int BADCOOKIE = 23;

    private static final String[] LOW = {
        "NOERROR",
        "FORMERR",
        "SERVFAIL",
        "NXDOMAIN",
        "NOTIMP",
        "REFUSED",
        "YXDOMAIN",
        "YXRRSET",
        "NXRRSET",
        "NOTAUTH",
        "NOTZONE"
    };
    private static final String[] EXTENDED = {
        "BADVERS", "BADKEY", "BADTIME", "BADMODE", "BADNAME", "BADALG", "BADTRUNC", "BADCOOKIE"
    };

    /** What dnsdist calls them in its listings. */
    private static final String[] PHRASES = {
        "No Error",
        "Form Error",
        "Server Failure",
        "Non-Existent domain",
        "Not Implemented",
        "Query Refused",
        "Name Exists when it should not",
        "RR Set Exists when it should not",
        "RR Set that should exist does not",
        "Server Not Authoritative for zone / Not Authorized",
        "Name not contained in zone"
    };

    private static final String[] EXTENDED_PHRASES = {
        "Bad OPT Version / TSIG Signature Failure",
        "Key not recognized",
        "Signature out of time window",
        "Bad TKEY Mode",
        "Duplicate key name",
        "Algorithm not supported",
        "Bad Truncation",
        "Bad/missing Server Cookie"
    };

    private Rcode() {}

    /** A response code in words, or {@code Err#} and its number. */
    public static String phrase(int rcode) {
        if (rcode >= 0 && rcode < PHRASES.length) {
            return PHRASES[rcode];
        }
        int extended = rcode - BADVERS;
        return extended >= 0 && extended < EXTENDED_PHRASES.length ? EXTENDED_PHRASES[extended] : "Err#" + rcode;
    }

    /** The mnemonic of a response code, or {@code RCODE} and its number. */
    public static String toString(int rcode) {
        if (rcode >= 0 && rcode < LOW.length) {
            return LOW[rcode];
        }
        int extended = rcode - BADVERS;
        return extended >= 0 && extended < EXTENDED.length ? EXTENDED[extended] : "RCODE" + rcode;
    }

    /** The number of a mnemonic, case aside; {@code -1} when it is none. */
    public static int parse(String text) {
        String upper = text.toUpperCase(Locale.ROOT);
        if (upper.equals("BADSIG")) {
            return BADSIG;
        }
        for (int rcode = NOERROR; rcode <= BADCOOKIE; rcode++) {
            if (toString(rcode).equals(upper)) {
                return rcode;
            }
        }
        return -1;
    }
}

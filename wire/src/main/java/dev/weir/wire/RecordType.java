package dev.weir.wire;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Mnemonics of record types (IANA DNS parameters, resource record types): those that dnsdist's {@code DNSQType} table has. Others are
 * written {@code TYPE123} (RFC 3597 5).
 */
public final class RecordType {
    public static final int A = 1;
    public static final int NS = 2;
    public static final int CNAME = 5;
    public static final int SOA = 6;
    public static final int MB = 7;
    public static final int MG = 8;
    public static final int MR = 9;
    public static final int PTR = 12;
    public static final int HINFO = 13;
    public static final int MINFO = 14;
    public static final int MX = 15;
    public static final int TXT = 16;
    public static final int RP = 17;
    public static final int AFSDB = 18;
    public static final int SIG = 24;
    public static final int KEY = 25;
    public static final int AAAA = 28;
    public static final int LOC = 29;
    public static final int SRV = 33;
    public static final int NAPTR = 35;
    public static final int KX = 36;
    public static final int CERT = 37;
    public static final int A6 = 38;
    public static final int DNAME = 39;
    public static final int OPT = 41;
    public static final int APL = 42;
    public static final int DS = 43;
    public static final int SSHFP = 44;
    public static final int IPSECKEY = 45;
    public static final int RRSIG = 46;
    public static final int NSEC = 47;
    public static final int DNSKEY = 48;
    public static final int DHCID = 49;
    public static final int NSEC3 = 50;
    public static final int NSEC3PARAM = 51;
    public static final int TLSA = 52;
    public static final int SMIMEA = 53;
    public static final int RKEY = 57;
    public static final int CDS = 59;
    public static final int CDNSKEY = 60;
    public static final int OPENPGPKEY = 61;
    public static final int CSYNC = 62;
    public static final int ZONEMD = 63;
    public static final int SVCB = 64;
    public static final int HTTPS = 65;
    public static final int HHIT = 67;
    public static final int BRID = 68;
    public static final int SPF = 99;
    public static final int NID = 104;
    public static final int L32 = 105;
    public static final int L64 = 106;
    public static final int LP = 107;
    public static final int EUI48 = 108;
    public static final int EUI64 = 109;
    public static final int TKEY = 249;
    public static final int TSIG = 250;
    public static final int IXFR = 251;
    public static final int AXFR = 252;
    public static final int MAILB = 253;
    public static final int MAILA = 254;
    public static final int ANY = 255;
    public static final int URI = 256;
    public static final int CAA = 257;
    public static final int RESINFO = 261;
    public static final int WALLET = 262;
    public static final int DLV = 32769;
    public static final int ADDR = 65400;
    public static final int ALIAS = 65401;
    public static final int LUA = 65402;

    /** In ascending order; {@link #NAMES} has the mnemonic at the same index. */
    private static final int[] NUMBERS = {
        A,
        NS,
        CNAME,
        SOA,
        MB,
        MG,
        MR,
        PTR,
        HINFO,
        MINFO,
        MX,
        TXT,
        RP,
        AFSDB,
        SIG,
        KEY,
        AAAA,
        LOC,
        SRV,
        NAPTR,
        KX,
        CERT,
        A6,
        DNAME,
        OPT,
        APL,
        DS,
        SSHFP,
        IPSECKEY,
        RRSIG,
        NSEC,
        DNSKEY,
        DHCID,
        NSEC3,
        NSEC3PARAM,
        TLSA,
        SMIMEA,
        RKEY,
        CDS,
        CDNSKEY,
        OPENPGPKEY,
        CSYNC,
        ZONEMD,
        SVCB,
        HTTPS,
        HHIT,
        BRID,
        SPF,
        NID,
        L32,
        L64,
        LP,
        EUI48,
        EUI64,
        TKEY,
        TSIG,
        IXFR,
        AXFR,
        MAILB,
        MAILA,
        ANY,
        URI,
        CAA,
        RESINFO,
        WALLET,
        DLV,
        ADDR,
        ALIAS,
        LUA
    };

    private static final String[] NAMES = {
        "A",
        "NS",
        "CNAME",
        "SOA",
        "MB",
        "MG",
        "MR",
        "PTR",
        "HINFO",
        "MINFO",
        "MX",
        "TXT",
        "RP",
        "AFSDB",
        "SIG",
        "KEY",
        "AAAA",
        "LOC",
        "SRV",
        "NAPTR",
        "KX",
        "CERT",
        "A6",
        "DNAME",
        "OPT",
        "APL",
        "DS",
        "SSHFP",
        "IPSECKEY",
        "RRSIG",
        "NSEC",
        "DNSKEY",
        "DHCID",
        "NSEC3",
        "NSEC3PARAM",
        "TLSA",
        "SMIMEA",
        "RKEY",
        "CDS",
        "CDNSKEY",
        "OPENPGPKEY",
        "CSYNC",
        "ZONEMD",
        "SVCB",
        "HTTPS",
        "HHIT",
        "BRID",
        "SPF",
        "NID",
        "L32",
        "L64",
        "LP",
        "EUI48",
        "EUI64",
        "TKEY",
        "TSIG",
        "IXFR",
        "AXFR",
        "MAILB",
        "MAILA",
        "ANY",
        "URI",
        "CAA",
        "RESINFO",
        "WALLET",
        "DLV",
        "ADDR",
        "ALIAS",
        "LUA"
    };

    private RecordType() {}

    /** All mnemonics and their numbers, in ascending order of number. */
    public static Map<String, Integer> all() {
        Map<String, Integer> all = new LinkedHashMap<>();
        for (int i = 0; i < NAMES.length; i++) {
            all.put(NAMES[i], NUMBERS[i]);
        }
        return all;
    }

    /** The mnemonic of a type, or {@code TYPE} and its number. */
    public static String toString(int type) {
        int index = Arrays.binarySearch(NUMBERS, type);
        return index >= 0 ? NAMES[index] : "TYPE" + type;
    }

    /** The number of a mnemonic or of {@code TYPE123}, case aside; {@code -1} when it is neither. */
    public static int parse(String text) {
        for (int i = 0; i < NAMES.length; i++) {
            if (NAMES[i].equalsIgnoreCase(text)) {
                return NUMBERS[i];
            }
        }
        return Mnemonics.parseGeneric(text, "TYPE");
    }
}

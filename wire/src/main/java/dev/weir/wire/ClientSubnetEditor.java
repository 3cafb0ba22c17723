package dev.weir.wire;

/**
 * Tells a backend the client's network by EDNS Client Subnet, and takes the traces out of the answer (RFC 7871 7.1, 7.2).
 *
 * <p>What {@link #add} did to the query is an int that the caller keeps with the query in flight and hands to {@link #undo} with the answer,
 * so that a client sees EDNS only if it spoke EDNS. One editor serves one thread.
 */
public final class ClientSubnetEditor {
    /** The query was left as it was: its own option was kept, or there was no room. */
    public static final int UNCHANGED = 0;
    /** The query had no OPT; one was added with the option in it. */
    public static final int OPT_ADDED = 1;
    /** The query had an OPT; the option was added to it. */
    public static final int OPTION_ADDED = 2;
    /** The query's own option was replaced: the answer's option is the client's to see. */
    public static final int OPTION_REPLACED = 3;

    /** UDP payload size of an added OPT: a client without EDNS takes no more (RFC 1035 2.3.4). */
    public static final int PAYLOAD_SIZE = 512;

    private final Edns edns = new Edns();
    private final EdnsEditor editor = new EdnsEditor();
    private final ClientSubnet subnet = new ClientSubnet();
    private final byte[] option = new byte[ClientSubnet.MAX_LENGTH];
    private int change;

    /**
     * Puts a network into a query and returns its new length; {@link #change} then says what was done. On a {@link WireFault} code the
     * query is as it was, and may be sent so.
     *
     * @param override whether an option that the client sent is replaced, not kept
     */
    public int add(byte[] query, int length, int family, long hi, long lo, int prefix, boolean override) {
        change = UNCHANGED;
        int optionEnd = ClientSubnet.compose(option, 0, family, hi, lo, prefix);
        if (optionEnd < 0) {
            return optionEnd;
        }
        int found = edns.parse(query, length);
        if (found < 0) {
            return found;
        }
        if (found == 0) {
            return addWithOpt(query, length, optionEnd);
        }
        boolean had = edns.findOption(query, ClientSubnet.OPTION) >= 0;
        if (had && !override) {
            return length;
        }
        int newLength = editor.setOption(query, length, ClientSubnet.OPTION, option, 4, optionEnd - 4);
        if (newLength > 0) {
            change = had ? OPTION_REPLACED : OPTION_ADDED;
        }
        return newLength;
    }

    private int addWithOpt(byte[] query, int length, int optionEnd) {
        if (length + Edns.FIXED_LENGTH + optionEnd > query.length) {
            return WireFault.NO_ROOM.code();
        }
        int withOpt = editor.appendOpt(query, length, PAYLOAD_SIZE, 0, 0);
        if (withOpt < 0) {
            return withOpt;
        }
        int newLength = editor.appendOption(query, withOpt, ClientSubnet.OPTION, option, 4, optionEnd - 4);
        if (newLength < 0) {
            Octets.putU16(query, Header.ARCOUNT, Header.arcount(query) - 1);
            return newLength;
        }
        change = OPT_ADDED;
        return newLength;
    }

    /** What the last {@link #add} did. */
    public int change() {
        return change;
    }

    /** Removes from an answer what {@link #add} put into its query: OPT, the option, or nothing. Returns the new length or a fault. */
    public int undo(byte[] answer, int length, int queryChange) {
        return switch (queryChange) {
            case OPT_ADDED -> editor.removeOpt(answer, length);
            case OPTION_ADDED -> editor.removeOption(answer, length, ClientSubnet.OPTION);
            default -> length;
        };
    }

    /** The scope prefix of an answer's option in bits, or a {@link WireFault} code, ABSENT among them. */
    public int scope(byte[] answer, int length) {
        int found = edns.parse(answer, length);
        if (found > 0) {
            found = subnet.parse(answer, edns);
        }
        if (found <= 0) {
            return found < 0 ? found : WireFault.ABSENT.code();
        }
        return subnet.scopePrefix();
    }
}

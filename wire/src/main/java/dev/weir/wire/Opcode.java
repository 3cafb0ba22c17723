package dev.weir.wire;

/** Mnemonics of opcodes (IANA DNS parameters). */
public final class Opcode {
    public static final int QUERY = 0;
    public static final int IQUERY = 1;
    public static final int STATUS = 2;
    public static final int NOTIFY = 4;
    public static final int UPDATE = 5;

    private Opcode() {}

    /** The mnemonic of an opcode, spelt as in dnsdist's {@code DNSOpcode} table, or {@code OPCODE} and its number. */
    public static String toString(int opcode) {
        return switch (opcode) {
            case QUERY -> "Query";
            case IQUERY -> "IQuery";
            case STATUS -> "Status";
            case NOTIFY -> "Notify";
            case UPDATE -> "Update";
            default -> "OPCODE" + opcode;
        };
    }

    /** The number of a mnemonic, case aside; {@code -1} when it is none. */
    public static int parse(String text) {
        for (int opcode = QUERY; opcode <= UPDATE; opcode++) {
            if (toString(opcode).equalsIgnoreCase(text)) {
                return opcode;
            }
        }
        return -1;
    }
}

package dev.weir.engine.action;

/** What an {@link Action} wants done with the query: dnsdist's {@code DNSAction} in the order of its numbers. */
public enum Result {
    DROP("Drop"),
    NXDOMAIN("Nxdomain"),
    REFUSED("Refused"),
    SPOOF("Spoof"),
    ALLOW("Allow"),
    HEADER_MODIFY("HeaderModify"),
    POOL("Pool"),
    DELAY("Delay"),
    TRUNCATE("Truncate"),
    SERVFAIL("ServFail"),
    NONE("None"),
    NO_OP("NoOp"),
    NO_RECURSE("NoRecurse"),
    SPOOF_RAW("SpoofRaw"),
    SPOOF_PACKET("SpoofPacket"),
    SET_TAG("SetTag");

    private final String luaName;

    Result(String luaName) {
        this.luaName = luaName;
    }

    /** The key in Lua's {@code DNSAction} table. */
    public String luaName() {
        return luaName;
    }
}

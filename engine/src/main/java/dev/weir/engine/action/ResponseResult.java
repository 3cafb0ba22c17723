package dev.weir.engine.action;

/** What a {@link ResponseAction} wants done with the answer: dnsdist's {@code DNSResponseAction} in the order of its numbers. */
public enum ResponseResult {
    ALLOW("Allow"),
    DELAY("Delay"),
    DROP("Drop"),
    HEADER_MODIFY("HeaderModify"),
    SERVFAIL("ServFail"),
    TRUNCATE("Truncate"),
    NONE("None");

    private final String luaName;

    ResponseResult(String luaName) {
        this.luaName = luaName;
    }

    /** The key in Lua's {@code DNSResponseAction} table. */
    public String luaName() {
        return luaName;
    }
}

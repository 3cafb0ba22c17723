package dev.weir.lua.syntax;

import dev.weir.lua.LuaString;

/** A local of a function, as the text declares it. */
public final class LocalVariable {
    private final LuaString name;
    private final int slot;
    private boolean captured;
    private int assignments;
    /** Places (see {@link FunctionSyntax#sites}) from which and up to which {@code debug} shows it. */
    private int firstSite;

    private int lastSite = Integer.MAX_VALUE;

    LocalVariable(LuaString name, int slot) {
        this.name = name;
        this.slot = slot;
    }

    /** Its name; names of the interpreter's own begin with a parenthesis. */
    public LuaString name() {
        return name;
    }

    /** Where its value lies among the function's slots. */
    public int slot() {
        return slot;
    }

    /** Whether a function inside uses it: then the slot holds an {@code UpvalueCell}. */
    public boolean captured() {
        return captured;
    }

    /** How often the text assigns to it after the declaration. */
    public int assignments() {
        return assignments;
    }

    /** Whether {@code debug} shows it at a place. */
    public boolean visibleAt(int site) {
        return site >= firstSite && site < lastSite;
    }

    void capture() {
        captured = true;
    }

    void assigned() {
        assignments++;
    }

    void visibleFrom(int site) {
        firstSite = site;
    }

    void visibleUntil(int site) {
        lastSite = site;
    }
}

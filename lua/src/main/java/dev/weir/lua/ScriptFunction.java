package dev.weir.lua;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A function written in Lua, as error messages and {@code debug} see it.
 *
 * <p>A <i>site</i> is a number for a place in the function that can raise an error or call another function; the
 * interpreter notes it in {@link CallInfo#site}.
 */
public abstract class ScriptFunction extends LuaFunction {
    /** The chunk's name as it was given: {@code @FILE}, {@code =NAME} or the source itself. */
    public abstract LuaString source();

    /** The line of a place. */
    public abstract int line(int site);

    /** What the function called at a place is called there: {@code method 'x'}, {@code field 'x'}; null if nothing. */
    public abstract @Nullable SiteName calledName(int site);

    /** The line on which the function begins; 0 for a whole chunk. */
    public abstract int firstLine();

    /** The line on which it ends. */
    public abstract int lastLine();

    /** The octet of its chunk at which the parenthesis of its parameters opens; 0 for a whole chunk. */
    public abstract int begin();

    /** The octet of its chunk behind its {@code end}. */
    public abstract int end();

    /** The table in which it finds its globals. */
    public abstract LuaTable environment();

    /** Changes the table in which it finds its globals. */
    public abstract void environment(LuaTable changed);

    /** How many parameters it has. */
    public abstract int parameters();

    /** Whether it has {@code ...}. */
    public abstract boolean isVariadic();

    /** The lines on which something happens. */
    public abstract List<Integer> activeLines();

    /** How many variables of functions around it uses. */
    public abstract int upvalueCount();

    /** The name of an upvalue, counted from 1. */
    public abstract LuaString upvalueName(int index);

    /** The value of an upvalue. */
    public abstract @Nullable Object upvalue(int index);

    /** Changes the value of an upvalue. */
    public abstract void upvalue(int index, @Nullable Object value);

    /** Something that is the same for all functions that share the variable. */
    public abstract Object upvalueId(int index);

    /** Whether the text assigns to the variable after its declaration, in whatever function. */
    public abstract boolean isAssigned(int index);

    /** Makes an upvalue of this function the variable that an upvalue of another one is. */
    public abstract void joinUpvalue(int index, ScriptFunction other, int otherIndex);

    /**
     * The name of a local of one of its open calls, as far as it can be told.
     *
     * @param index counted from 1 among those visible; negative for those of {@code ...}
     */
    public abstract @Nullable LuaString localName(CallInfo call, int index);

    /** The value of a local that has a name. */
    public abstract @Nullable Object local(CallInfo call, int index);

    /** Changes the value of a local that has a name. */
    public abstract void local(CallInfo call, int index, @Nullable Object value);

    /** The chunk's name as messages show it. */
    public final String shortSource() {
        return ChunkNames.shorten(source());
    }
}

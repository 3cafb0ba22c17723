package dev.weir.lua.interpret;

import dev.weir.lua.CallInfo;
import dev.weir.lua.LuaFunction;
import dev.weir.lua.LuaState;
import dev.weir.lua.LuaString;
import dev.weir.lua.LuaTable;
import dev.weir.lua.ScriptFunction;
import dev.weir.lua.SiteName;
import dev.weir.lua.TailCall;
import dev.weir.lua.syntax.LocalVariable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A function of a script: its text together with the variables around it. */
public final class LuaClosure extends ScriptFunction {
    private static final LuaString VARARG = LuaString.of("(*vararg)");

    private final LuaState state;
    private final Prototype prototype;
    private final UpvalueCell[] upvalues;
    private LuaTable environment;

    LuaClosure(LuaState state, Prototype prototype, UpvalueCell[] upvalues, LuaTable environment) {
        this.state = state;
        this.prototype = prototype;
        this.upvalues = upvalues;
        this.environment = environment;
    }

    /** The world it belongs to. */
    public LuaState state() {
        return state;
    }

    /** Its text. */
    public Prototype prototype() {
        return prototype;
    }

    /** The variables of functions around that it uses. */
    public UpvalueCell[] upvalues() {
        return upvalues;
    }

    /** A function inside this one. */
    public LuaClosure inside(Prototype inner, UpvalueCell[] cells) {
        return new LuaClosure(state, inner, cells, environment);
    }

    /** Joins values of this function; places from the first one on name the operands. */
    public @Nullable Object concat(CallInfo info, @Nullable Object[] values, int firstSite) {
        return OperatorNodes.Concat.join(this, info, values, firstSite);
    }

    @Override
    public @Nullable Object call() {
        Object result = prototype.body.call(this);
        return result instanceof TailCall left ? complete(left) : result;
    }

    @Override
    public @Nullable Object call(@Nullable Object a) {
        Object result = prototype.body.call(this, a);
        return result instanceof TailCall left ? complete(left) : result;
    }

    @Override
    public @Nullable Object call(@Nullable Object a, @Nullable Object b) {
        Object result = prototype.body.call(this, a, b);
        return result instanceof TailCall left ? complete(left) : result;
    }

    @Override
    public @Nullable Object call(@Nullable Object a, @Nullable Object b, @Nullable Object c) {
        Object result = prototype.body.call(this, a, b, c);
        return result instanceof TailCall left ? complete(left) : result;
    }

    @Override
    public @Nullable Object invoke(@Nullable Object[] arguments) {
        Object result = prototype.body.invoke(this, arguments);
        return result instanceof TailCall left ? complete(left) : result;
    }

    /** Makes the calls that functions have left to their caller, one after the other. */
    private static @Nullable Object complete(TailCall left) {
        Object result = left;
        while (result instanceof TailCall call) {
            LuaFunction function = call.function();
            result = function instanceof LuaClosure closure
                    ? closure.prototype.body.invoke(closure, call.items())
                    : function.invoke(call.items());
        }
        return result;
    }

    @Override
    public LuaString source() {
        return prototype.syntax().source();
    }

    @Override
    public int line(int site) {
        return prototype.site(site).line();
    }

    @Override
    public @Nullable SiteName calledName(int site) {
        return prototype.site(site).called();
    }

    @Override
    public int firstLine() {
        return prototype.syntax().firstLine();
    }

    @Override
    public int lastLine() {
        return prototype.syntax().lastLine();
    }

    @Override
    public int begin() {
        return prototype.syntax().begin();
    }

    @Override
    public int end() {
        return prototype.syntax().end();
    }

    @Override
    public LuaTable environment() {
        return environment;
    }

    @Override
    public void environment(LuaTable changed) {
        environment = changed;
    }

    @Override
    public int parameters() {
        return prototype.syntax().parameters().size();
    }

    @Override
    public boolean isVariadic() {
        return prototype.syntax().variadic();
    }

    @Override
    public List<Integer> activeLines() {
        return prototype.syntax().lines();
    }

    // ---- upvalues and locals, for debug

    @Override
    public int upvalueCount() {
        return upvalues.length;
    }

    @Override
    public LuaString upvalueName(int index) {
        return prototype.syntax().upvalues().get(index - 1).name();
    }

    @Override
    public @Nullable Object upvalue(int index) {
        return upvalues[index - 1].value;
    }

    @Override
    public void upvalue(int index, @Nullable Object value) {
        upvalues[index - 1].value = value;
    }

    @Override
    public Object upvalueId(int index) {
        return upvalues[index - 1];
    }

    @Override
    public boolean isAssigned(int index) {
        return prototype.syntax().upvalues().get(index - 1).declared().assignments() > 0;
    }

    @Override
    public void joinUpvalue(int index, ScriptFunction other, int otherIndex) {
        if (other instanceof LuaClosure closure) {
            upvalues[index - 1] = closure.upvalues[otherIndex - 1];
        }
    }

    @Override
    public @Nullable LuaString localName(CallInfo call, int index) {
        if (!(call.frame instanceof Frame frame) || frame.closure != this) {
            return null;
        }
        if (index < 0) {
            return -index <= frame.varargs.length ? VARARG : null;
        }
        LocalVariable variable = visible(call, index);
        return variable == null ? null : variable.name();
    }

    private @Nullable LocalVariable visible(CallInfo call, int index) {
        int left = index;
        for (LocalVariable variable : prototype.syntax().locals()) {
            if (variable.visibleAt(call.site) && --left == 0) {
                return variable;
            }
        }
        return null;
    }

    @Override
    public @Nullable Object local(CallInfo call, int index) {
        if (!(call.frame instanceof Frame frame)) {
            return null;
        }
        if (index < 0) {
            return frame.varargs[-index - 1];
        }
        LocalVariable variable = visible(call, index);
        Object value = variable == null ? null : frame.slots[variable.slot()];
        return value instanceof UpvalueCell cell ? cell.value : value;
    }

    @Override
    public void local(CallInfo call, int index, @Nullable Object value) {
        LocalVariable variable = visible(call, index);
        if (!(call.frame instanceof Frame frame) || variable == null) {
            return;
        }
        if (frame.slots[variable.slot()] instanceof UpvalueCell cell) {
            cell.value = value;
        } else {
            frame.slots[variable.slot()] = value;
        }
    }
}

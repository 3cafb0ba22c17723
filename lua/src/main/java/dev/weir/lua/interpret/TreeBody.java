package dev.weir.lua.interpret;

import dev.weir.lua.CallInfo;
import dev.weir.lua.CallStack;
import dev.weir.lua.LuaState;
import dev.weir.lua.Values;
import dev.weir.lua.syntax.FunctionSyntax;
import dev.weir.lua.syntax.LocalVariable;
import org.jspecify.annotations.Nullable;

/** A function as a tree of nodes, translated when it is first called. */
public final class TreeBody extends FunctionBody {
    private static final @Nullable Object[] NO_VALUES = {};

    private final Prototype prototype;
    private final Translator translator;
    private final int slots;
    private final int parameters;
    private final boolean variadic;
    private final int[] capturedParameters;
    private @Nullable StatNode root;

    TreeBody(Prototype prototype, Translator translator) {
        this.prototype = prototype;
        this.translator = translator;
        FunctionSyntax syntax = prototype.syntax();
        slots = syntax.slots();
        parameters = syntax.parameters().size();
        variadic = syntax.variadic();
        int count = 0;
        int[] captured = new int[parameters];
        for (LocalVariable parameter : syntax.parameters()) {
            if (parameter.captured()) {
                captured[count++] = parameter.slot();
            }
        }
        capturedParameters = java.util.Arrays.copyOf(captured, count);
    }

    @Override
    public @Nullable Object call(LuaClosure closure) {
        return run(closure, new @Nullable Object[slots], NO_VALUES);
    }

    @Override
    public @Nullable Object call(LuaClosure closure, @Nullable Object a) {
        @Nullable Object[] values = new @Nullable Object[slots];
        if (parameters > 0) {
            values[0] = a;
        } else if (variadic) {
            return run(closure, values, new @Nullable Object[] {a});
        }
        return run(closure, values, NO_VALUES);
    }

    @Override
    public @Nullable Object call(LuaClosure closure, @Nullable Object a, @Nullable Object b) {
        if (variadic) {
            return invoke(closure, new @Nullable Object[] {a, b});
        }
        @Nullable Object[] values = new @Nullable Object[slots];
        if (parameters > 0) {
            values[0] = a;
            if (parameters > 1) {
                values[1] = b;
            }
        }
        return run(closure, values, NO_VALUES);
    }

    @Override
    public @Nullable Object call(LuaClosure closure, @Nullable Object a, @Nullable Object b, @Nullable Object c) {
        return invoke(closure, new @Nullable Object[] {a, b, c});
    }

    @Override
    public @Nullable Object invoke(LuaClosure closure, @Nullable Object[] arguments) {
        @Nullable Object[] values = new @Nullable Object[slots];
        int given = arguments.length;
        System.arraycopy(arguments, 0, values, 0, Math.min(parameters, given));
        if (!variadic || given <= parameters) {
            return run(closure, values, NO_VALUES);
        }
        if (parameters == 0) {
            return run(closure, values, arguments);
        }
        @Nullable Object[] rest = new @Nullable Object[given - parameters];
        System.arraycopy(arguments, parameters, rest, 0, rest.length);
        return run(closure, values, rest);
    }

    private @Nullable Object run(LuaClosure closure, @Nullable Object[] values, @Nullable Object[] varargs) {
        LuaState state = closure.state();
        CallStack calls = state.calls();
        CallInfo info = calls.enter(closure);
        Frame frame = new Frame(closure, calls, info, values, varargs);
        info.frame = frame;
        if (--state.fuel < 0) {
            state.refuel();
        }
        for (int slot : capturedParameters) {
            values[slot] = new UpvalueCell(values[slot]);
        }
        StatNode body = root;
        if (body == null) {
            body = translator.function(prototype);
            root = body;
        }
        prototype.called();
        boolean hooked = state.hook() != null;
        if (hooked) {
            Hooks.call(frame);
        }
        Object end = body.exec(frame);
        if (hooked) {
            Hooks.ret(frame);
        }
        calls.leave();
        return end == StatNode.RETURN ? frame.result : Values.NONE;
    }
}

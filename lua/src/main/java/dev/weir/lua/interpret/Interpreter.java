package dev.weir.lua.interpret;

import dev.weir.lua.LuaFunction;
import dev.weir.lua.LuaLoader;
import dev.weir.lua.LuaState;
import dev.weir.lua.LuaString;
import dev.weir.lua.LuaTable;
import dev.weir.lua.syntax.Parser;
import dev.weir.lua.syntax.WideIntegers;
import java.util.function.UnaryOperator;

/** Loads source text into one world. */
public final class Interpreter implements LuaLoader {
    private static final UpvalueCell[] NO_UPVALUES = {};

    private final LuaState state;
    private final WideIntegers wideIntegers;
    private final Translator translator;

    /**
     * A loader for one world.
     *
     * @param wideIntegers makes the values of literals with {@code LL}
     * @param hotCode makes code of the JVM of what is run often
     */
    public Interpreter(LuaState state, WideIntegers wideIntegers, HotCode hotCode) {
        this.state = state;
        this.wideIntegers = wideIntegers;
        this.translator = new Translator(hotCode);
    }

    @Override
    public LuaFunction load(LuaString source, LuaString name, LuaTable environment) {
        Prototype prototype = new Prototype(Parser.parse(source, name, new Constants(state), wideIntegers), translator);
        return new LuaClosure(state, prototype, NO_UPVALUES, environment);
    }

    /** The strings of one world's programs, one object for each. */
    private record Constants(LuaState state) implements UnaryOperator<LuaString> {
        @Override
        public LuaString apply(LuaString text) {
            return state.constant(text);
        }
    }
}

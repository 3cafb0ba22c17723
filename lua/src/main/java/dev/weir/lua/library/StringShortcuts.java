package dev.weir.lua.library;

import dev.weir.lua.LibraryFunction;
import dev.weir.lua.LuaNumber;
import dev.weir.lua.LuaState;
import dev.weir.lua.LuaString;
import dev.weir.lua.LuaTable;
import dev.weir.lua.Values;
import org.jspecify.annotations.Nullable;

/** What programs call all the time, for arguments of the usual types, without an array and without an entry among the open calls. */
final class StringShortcuts {
    private StringShortcuts() {}

    static void install(LuaState state, LuaTable library) {
        library.put(state.name("byte"), new OctetAt(state));
        library.put(state.name("len"), new Length(state));
        library.put(state.name("sub"), new Slice(state));
    }

    private static final class OctetAt extends LibraryFunction {
        OctetAt(LuaState state) {
            super(state, "byte", StringLibrary.Function.BYTE);
        }

        @Override
        public @Nullable Object call(@Nullable Object string) {
            return string instanceof LuaString octets ? at(octets, 1) : super.call(string);
        }

        @Override
        public @Nullable Object call(@Nullable Object string, @Nullable Object index) {
            if (string instanceof LuaString octets && index instanceof Double number) {
                return at(octets, LuaNumber.toInteger(number));
            }
            return super.call(string, index);
        }

        private static Object at(LuaString octets, int place) {
            int index = place < 0 ? place + octets.length() : place - 1;
            return index >= 0 && index < octets.length() ? LuaNumber.box(octets.octet(index)) : Values.NONE;
        }
    }

    private static final class Length extends LibraryFunction {
        Length(LuaState state) {
            super(state, "len", StringLibrary.Function.LEN);
        }

        @Override
        public @Nullable Object call(@Nullable Object string) {
            return string instanceof LuaString octets ? LuaNumber.box(octets.length()) : super.call(string);
        }
    }

    private static final class Slice extends LibraryFunction {
        Slice(LuaState state) {
            super(state, "sub", StringLibrary.Function.SUB);
        }

        @Override
        public @Nullable Object call(@Nullable Object string, @Nullable Object first) {
            if (string instanceof LuaString octets && first instanceof Double from) {
                return StringLibrary.slice(octets, LuaNumber.toInteger(from), -1);
            }
            return super.call(string, first);
        }

        @Override
        public @Nullable Object call(@Nullable Object string, @Nullable Object first, @Nullable Object last) {
            if (string instanceof LuaString octets && first instanceof Double from && last instanceof Double to) {
                return StringLibrary.slice(octets, LuaNumber.toInteger(from), LuaNumber.toInteger(to));
            }
            return super.call(string, first, last);
        }
    }
}

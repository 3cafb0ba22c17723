package dev.weir.script.lang;

import org.luaj.vm2.Globals;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;
import org.luaj.vm2.lib.VarArgFunction;

/** LuaJIT's {@code bit} library: 32-bit integers, signed results. */
final class BitLibrary extends VarArgFunction {
    private final String function;

    private BitLibrary(String function) {
        this.function = function;
    }

    static LuaTable load(Globals globals) {
        LuaTable bit = new LuaTable();
        for (String name : "tobit bnot band bor bxor lshift rshift arshift rol ror bswap tohex".split(" ", -1)) {
            bit.rawset(name, new BitLibrary(name));
        }
        globals.get("package").get("loaded").set("bit", bit);
        return bit;
    }

    /** The low 32 bits of the nearest integer. */
    private static int bits(Varargs args, int index) {
        return (int) (long) Math.rint(args.checkdouble(index));
    }

    @Override
    public Varargs invoke(Varargs args) {
        int x = bits(args, 1);
        return switch (function) {
            case "tobit" -> valueOf(x);
            case "bnot" -> valueOf(~x);
            case "band", "bor", "bxor" -> combined(args, x);
            case "lshift" -> valueOf(x << bits(args, 2));
            case "rshift" -> valueOf(x >>> bits(args, 2));
            case "arshift" -> valueOf(x >> bits(args, 2));
            case "rol" -> valueOf(Integer.rotateLeft(x, bits(args, 2)));
            case "ror" -> valueOf(Integer.rotateRight(x, bits(args, 2)));
            case "bswap" -> valueOf(Integer.reverseBytes(x));
            case "tohex" -> hexadecimal(x, args.optint(2, 8));
            default -> throw new IllegalStateException(function);
        };
    }

    private LuaValue combined(Varargs args, int first) {
        int result = first;
        for (int i = 2; i <= args.narg(); i++) {
            int x = bits(args, i);
            result = switch (function) {
                case "band" -> result & x;
                case "bor" -> result | x;
                default -> result ^ x;
            };
        }
        return valueOf(result);
    }

    private static LuaValue hexadecimal(int x, int digits) {
        int shown = Math.min(8, Math.abs(digits));
        String text = String.format(java.util.Locale.ROOT, "%08x", x).substring(8 - shown);
        return valueOf(digits < 0 ? text.toUpperCase(java.util.Locale.ROOT) : text);
    }
}

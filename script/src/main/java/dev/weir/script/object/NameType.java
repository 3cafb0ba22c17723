package dev.weir.script.object;

import dev.weir.script.lang.Args;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ObjectType;
import dev.weir.wire.Name;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/** DNSName. */
public final class NameType extends ObjectType<Name> {
    private final ObjectTypes objects;

    NameType(ObjectTypes objects) {
        super(
                "DNSName",
                Name.class,
                "append chopOff countLabels hash isPartOf makeRelative prepend toDNSString toString tostring "
                        + "toStringNoDot wirelength",
                "");
        this.objects = objects;
    }

    @Override
    protected Varargs call(Name self, LuaObject object, String method, Args args) {
        return switch (method) {
            case "append" -> exchange(object, self.concat(name(args, 1, "labels")));
            case "prepend" -> exchange(object, name(args, 1, "labels").concat(self));
            case "chopOff" -> {
                if (self.isRoot()) {
                    yield LuaValue.FALSE;
                }
                object.m_instance = self.parent();
                yield LuaValue.TRUE;
            }
            case "countLabels" -> LuaValue.valueOf(self.countLabels());
            case "hash" -> LuaValue.valueOf((double) Integer.toUnsignedLong(self.hash(0)));
            case "isPartOf" -> LuaValue.valueOf(self.isPartOf(name(args, 1, "name")));
            case "makeRelative" -> objects.name.wrap(self.relativeTo(name(args, 1, "name")));
            case "toDNSString" -> LuaString.valueOf(self.toLowerWire());
            case "toString", "tostring" -> LuaValue.valueOf(self.toString());
            case "toStringNoDot" -> LuaValue.valueOf(self.toStringNoDot());
            case "wirelength" -> LuaValue.valueOf(self.wireLength());
            default -> throw unknown(method);
        };
    }

    private static Varargs exchange(LuaObject object, Name name) {
        object.m_instance = name;
        return LuaValue.NONE;
    }

    /** A name given as an object or as a text. */
    public static Name name(Args args, int index, String parameter) {
        return name(args, args.at(index), parameter);
    }

    /** A name given as an object or as a text. */
    public static Name name(Args args, LuaValue value, String parameter) {
        Name name = Args.objectOrNull(value, Name.class);
        if (name != null) {
            return name;
        }
        return value.isstring() ? Name.parse(value.tojstring()) : args.fail(parameter, "a DNSName or a string", value);
    }
}

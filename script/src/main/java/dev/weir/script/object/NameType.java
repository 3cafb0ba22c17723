package dev.weir.script.object;

import dev.weir.lua.LuaString;
import dev.weir.lua.Values;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.FromLua;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ObjectType;
import dev.weir.script.lang.ToLua;
import dev.weir.wire.Name;
import org.jspecify.annotations.Nullable;

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
    protected @Nullable Object call(Name self, LuaObject object, String method, Args args) {
        return switch (method) {
            case "append" -> exchange(object, self.concat(name(args, 1, "labels")));
            case "prepend" -> exchange(object, name(args, 1, "labels").concat(self));
            case "chopOff" -> {
                if (self.isRoot()) {
                    yield false;
                }
                object.become(self.parent());
                yield true;
            }
            case "countLabels" -> ToLua.of(self.countLabels());
            case "hash" -> ToLua.of((double) Integer.toUnsignedLong(self.hash(0)));
            case "isPartOf" -> ToLua.of(self.isPartOf(name(args, 1, "name")));
            case "makeRelative" -> objects.name.wrap(self.relativeTo(name(args, 1, "name")));
            case "toDNSString" -> LuaString.of(self.toLowerWire());
            case "toString", "tostring" -> ToLua.of(self.toString());
            case "toStringNoDot" -> ToLua.of(self.toStringNoDot());
            case "wirelength" -> ToLua.of(self.wireLength());
            default -> throw unknown(method);
        };
    }

    private static @Nullable Object exchange(LuaObject object, Name name) {
        object.become(name);
        return Values.NONE;
    }

    /** A name given as an object or as a text. */
    public static Name name(Args args, int index, String parameter) {
        return name(args, args.at(index), parameter);
    }

    /** A name given as an object or as a text. */
    public static Name name(Args args, @Nullable Object value, String parameter) {
        Name name = Args.objectOrNull(value, Name.class);
        if (name != null) {
            return name;
        }
        return FromLua.isText(value)
                ? Name.parse(FromLua.text(value))
                : args.fail(parameter, "a DNSName or a string", value);
    }
}

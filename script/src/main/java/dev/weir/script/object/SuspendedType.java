package dev.weir.script.object;

import dev.weir.engine.query.Query;
import dev.weir.engine.query.Suspended;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ObjectType;
import dev.weir.script.lang.ToLua;
import dev.weir.wire.Header;
import dev.weir.wire.ResponseEditor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** AsynchronousObject: a query or answer that waits. It is gone when it goes on or is dropped. */
public final class SuspendedType extends ObjectType<SuspendedType.Waiting> {
    /** One that a script owns, and the objects that it has of it. */
    public static final class Waiting {
        private final Suspended suspended;
        private final List<LuaObject> shown = new ArrayList<>();

        public Waiting(Suspended suspended) {
            this.suspended = suspended;
        }
    }

    private final ObjectTypes objects;
    private final ResponseEditor editor = new ResponseEditor();

    SuspendedType(ObjectTypes objects) {
        super("AsynchronousObject", Waiting.class, "drop getDQ getDR resume setRCode", "");
        this.objects = objects;
    }

    @Override
    protected @Nullable Object call(Waiting self, LuaObject object, String method, Args args) {
        return switch (method) {
            case "getDQ" -> show(self, objects.question.wrap(self.suspended.open()));
            case "getDR" -> {
                if (!self.suspended.isAnswer()) {
                    throw args.error("this is a query");
                }
                yield show(self, objects.response.wrap(self.suspended.open()));
            }
            case "setRCode" -> {
                setRcode(
                        self.suspended,
                        editor,
                        (int) args.integer(1, "rcode", 0, 0xff),
                        args.boolOr(2, "clearRecords", false));
                yield ToLua.of(true);
            }
            case "resume" -> {
                leave(self, object);
                self.suspended.resume();
                yield ToLua.of(true);
            }
            case "drop" -> {
                leave(self, object);
                self.suspended.drop();
                yield ToLua.of(true);
            }
            default -> throw unknown(method);
        };
    }

    private static LuaObject show(Waiting self, LuaObject shown) {
        self.shown.add(shown);
        return shown;
    }

    /** Whatever the script has kept of it belongs to the walk from now on. */
    private static void leave(Waiting self, LuaObject object) {
        self.shown.forEach(LuaObject::release);
        object.release();
    }

    /** Makes an answer of it, or gives an answer another response code. */
    public static void setRcode(Suspended suspended, ResponseEditor editor, int rcode, boolean clearRecords) {
        Query query = suspended.open();
        if (clearRecords) {
            int length = editor.stripRecords(query.packet(), query.length());
            query.setLength(length > 0 ? length : query.length());
        }
        Header.setRcode(query.packet(), rcode & Header.RCODE_MASK);
        Header.set(query.packet(), Header.QR, true);
    }

    @Override
    protected String text(Waiting self) {
        return "AsynchronousObject";
    }
}

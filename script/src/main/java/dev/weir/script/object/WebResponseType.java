package dev.weir.script.object;

import dev.weir.config.web.WebResponse;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ObjectType;
import java.util.LinkedHashMap;
import java.util.Map;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/** WebResponse: what the handler of a web path answers. */
public final class WebResponseType extends ObjectType<WebResponseType.Draft> {
    private static final int LEAST_STATUS = 100;
    private static final int MOST_STATUS = 599;

    /** A response in the making. Belongs to whoever holds the Lua lock. */
    static final class Draft {
        int status = 200;
        byte[] body = {};
        LuaTable headers = new LuaTable();

        WebResponse finished() {
            Map<String, String> texts = new LinkedHashMap<>();
            for (Varargs entry = headers.next(LuaValue.NIL);
                    !entry.arg1().isnil();
                    entry = headers.next(entry.arg1())) {
                texts.put(entry.arg1().tojstring(), entry.arg(2).tojstring());
            }
            return new WebResponse(status, texts, body);
        }
    }

    WebResponseType() {
        super("WebResponse", Draft.class, "", "body headers status");
    }

    @Override
    protected Varargs call(Draft self, LuaObject object, String method, Args args) {
        throw unknown(method);
    }

    @Override
    protected LuaValue get(Draft self, String attribute) {
        return switch (attribute) {
            case "body" -> LuaValue.valueOf(self.body);
            case "headers" -> self.headers;
            case "status" -> LuaValue.valueOf(self.status);
            default -> throw unknown(attribute);
        };
    }

    @Override
    protected void set(Draft self, String attribute, LuaValue value) {
        Args args = assigned(attribute, value);
        switch (attribute) {
            case "body" -> self.body = args.octets(1, attribute);
            case "headers" -> self.headers = args.table(1, attribute);
            case "status" -> self.status = (int) args.integer(1, attribute, LEAST_STATUS, MOST_STATUS);
            default -> throw unknown(attribute);
        }
    }
}

package dev.weir.script.object;

import dev.weir.config.web.WebRequest;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ObjectType;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/** WebRequest: what the handler of a web path is asked. */
public final class WebRequestType extends ObjectType<WebRequest> {
    WebRequestType() {
        super("WebRequest", WebRequest.class, "", "body getvars headers method path postvars version");
    }

    @Override
    protected Varargs call(WebRequest self, LuaObject object, String method, Args args) {
        throw unknown(method);
    }

    @Override
    protected LuaValue get(WebRequest self, String attribute) {
        return switch (attribute) {
            case "body" -> LuaString.valueOf(self.body().getBytes(StandardCharsets.ISO_8859_1));
            case "getvars" -> table(self.parameters());
            case "headers" -> table(self.headers());
            case "method" -> LuaValue.valueOf(self.method());
            case "path" -> LuaValue.valueOf(self.path());
            case "postvars" -> table(self.form());
            case "version" -> LuaValue.valueOf(self.version());
            default -> throw unknown(attribute);
        };
    }

    static LuaTable table(Map<String, String> texts) {
        LuaTable table = new LuaTable();
        texts.forEach((key, value) -> table.set(key, value));
        return table;
    }
}

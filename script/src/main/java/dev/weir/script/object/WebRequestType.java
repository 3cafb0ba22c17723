package dev.weir.script.object;

import dev.weir.config.web.WebRequest;
import dev.weir.lua.LuaString;
import dev.weir.lua.LuaTable;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ObjectType;
import dev.weir.script.lang.ToLua;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** WebRequest: what the handler of a web path is asked. */
public final class WebRequestType extends ObjectType<WebRequest> {
    WebRequestType() {
        super("WebRequest", WebRequest.class, "", "body getvars headers method path postvars version");
    }

    @Override
    protected @Nullable Object call(WebRequest self, LuaObject object, String method, Args args) {
        throw unknown(method);
    }

    @Override
    protected @Nullable Object get(WebRequest self, String attribute) {
        return switch (attribute) {
            case "body" -> LuaString.of(self.body().getBytes(StandardCharsets.ISO_8859_1));
            case "getvars" -> table(self.parameters());
            case "headers" -> table(self.headers());
            case "method" -> ToLua.of(self.method());
            case "path" -> ToLua.of(self.path());
            case "postvars" -> table(self.form());
            case "version" -> ToLua.of(self.version());
            default -> throw unknown(attribute);
        };
    }

    static LuaTable table(Map<String, String> texts) {
        LuaTable table = new LuaTable();
        texts.forEach((key, value) -> table.put(ToLua.of(key), ToLua.of(value)));
        return table;
    }
}

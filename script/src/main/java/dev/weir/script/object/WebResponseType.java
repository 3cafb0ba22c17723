package dev.weir.script.object;

import dev.weir.config.web.WebResponse;
import dev.weir.lua.LuaTable;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.FromLua;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ObjectType;
import dev.weir.script.lang.ToLua;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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
            for (FromLua.Entry entry : FromLua.entries(headers)) {
                texts.put(entry.name(), FromLua.text(entry.value()));
            }
            return new WebResponse(status, texts, body);
        }
    }

    WebResponseType() {
        super("WebResponse", Draft.class, "", "body headers status");
    }

    @Override
    protected @Nullable Object call(Draft self, LuaObject object, String method, Args args) {
        throw unknown(method);
    }

    @Override
    protected @Nullable Object get(Draft self, String attribute) {
        return switch (attribute) {
            case "body" -> ToLua.of(self.body);
            case "headers" -> self.headers;
            case "status" -> ToLua.of(self.status);
            default -> throw unknown(attribute);
        };
    }

    @Override
    protected void set(Draft self, String attribute, @Nullable Object value) {
        Args args = assigned(attribute, value);
        switch (attribute) {
            case "body" -> self.body = args.octets(1, attribute);
            case "headers" -> self.headers = args.table(1, attribute);
            case "status" -> self.status = (int) args.integer(1, attribute, LEAST_STATUS, MOST_STATUS);
            default -> throw unknown(attribute);
        }
    }
}

package dev.weir.script.function;

import static dev.weir.lua.Values.NONE;

import dev.weir.script.lang.Area;
import dev.weir.script.lang.Args;
import dev.weir.script.object.Context;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What Lua has to do with a configuration in YAML beside it. */
public final class YamlFunctions implements Area {
    private final Context context;

    public YamlFunctions(Context context) {
        this.context = context;
    }

    @Override
    public List<String> functions() {
        return List.of("enableLuaConfiguration", "getObjectFromYAMLConfiguration");
    }

    @Override
    public @Nullable Object call(String function, Args args) {
        if (function.equals("getObjectFromYAMLConfiguration")) {
            return context.named.find(args.string(1, "name"));
        }
        context.functionsOnly(false);
        return NONE;
    }
}

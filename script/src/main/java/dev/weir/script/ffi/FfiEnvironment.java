package dev.weir.script.ffi;

import dev.weir.engine.model.Engine;
import dev.weir.engine.model.Model;
import dev.weir.script.host.LuaHost;

/** What all worlds of Lua have in common. Any thread. */
public record FfiEnvironment(Model model, LuaHost host) {
    Engine engine() {
        return model.engine();
    }
}

package dev.weir.script.object;

import dev.weir.engine.log.Log;
import dev.weir.engine.stat.Counter;
import dev.weir.lua.LuaError;
import dev.weir.lua.LuaState;
import dev.weir.lua.LuaString;
import dev.weir.lua.LuaTable;
import dev.weir.lua.Values;
import dev.weir.script.lang.FromLua;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A thread of the operator's own ({@code newThread}): its code runs in a world that it shares with nobody, beside queries, for as long as it likes. What it has to say it
 * sends to {@code threadmessage()} in the world of the configuration.
 */
final class ScriptThread implements Runnable {
    private static final int MOST_WORDS = 80;

    private volatile Context context;
    private volatile boolean ending;
    private boolean started;
    private volatile boolean isRunning;
    private final LuaState state;
    private final LuaString code;

    ScriptThread(Context context, LuaState state, LuaString code) {
        this.context = context;
        this.state = state;
        this.code = code;
        state.timeLimitNs(Long.MAX_VALUE);
        state.register(state.globals(), "submitToMainThread", (world, args) -> {
            LuaTable table = args.table(2);
            Map<String, String> message = new LinkedHashMap<>();
            for (FromLua.Entry entry : FromLua.entries(table)) {
                message.put(entry.name(), FromLua.text(entry.value()));
            }
            if (!ending) {
                this.context.callbacks.threadMessage(args.string(1).toString(), message);
            }
            return Values.NONE;
        });
        logging("errlog");
        logging("infolog");
        logging("vinfolog");
        logging("warnlog");
    }

    private void logging(String name) {
        state.register(state.globals(), name, (world, args) -> {
            String line = args.string(1).toString();
            switch (name) {
                case "errlog" -> Log.error("Error from a Lua thread", "lua", "lua.message", line);
                case "warnlog" -> Log.warning("Warning from a Lua thread", "lua", "lua.message", line);
                case "infolog" -> Log.info("Information from a Lua thread", "lua", "lua.message", line);
                default -> Log.debug("Information from a Lua thread", "lua", "lua.message", line);
            }
            return Values.NONE;
        });
    }

    /** Starts, or goes on and sends what it has to say to another configuration. */
    synchronized void runFor(Context newContext) {
        context = newContext;
        if (!started) {
            started = true;
            isRunning = true;
            Thread.ofPlatform().daemon().name("lua-thread").start(this);
        }
    }

    /** The configuration that runs from now on has no such thread. One that waits in a function, such as another process's end, ends behind it. */
    synchronized void end() {
        if (!ending) {
            ending = true;
            state.stop();
            if (isRunning) {
                Log.info("A Lua thread is told to end, the configuration has it no more", "lua", "lua.code", words());
            }
        }
    }

    /** The beginning of its code. */
    private String words() {
        String text = code.toString().strip().replaceAll("\\s+", " ");
        return text.length() <= MOST_WORDS ? text : text.substring(0, MOST_WORDS) + "…";
    }

    @Override
    public void run() {
        try {
            var _ = state.call(state.load(code, LuaString.of("=newThread")));
        } catch (Throwable e) {
            if (!ending) {
                context.model.engine().statistics().add(Counter.LUA_ERRORS, 1);
                String message = e instanceof LuaError lua ? String.valueOf(lua.getMessage()) : e.toString();
                Log.error("A Lua thread ended with an error", "lua", "error", message);
            }
        } finally {
            isRunning = false;
            if (ending) {
                Log.info("A Lua thread has ended", "lua", "lua.code", words());
            }
        }
    }
}

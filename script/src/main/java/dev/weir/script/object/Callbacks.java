package dev.weir.script.object;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.log.Log;
import dev.weir.engine.log.LogLimit;
import dev.weir.engine.task.FaultGuard;
import dev.weir.lua.LuaFunction;
import dev.weir.lua.LuaTable;
import dev.weir.script.lang.ToLua;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Functions that the operator wants called: each second, when a server's state changes, at the end. Any thread.
 *
 * <p>Who reports an event never waits for Lua, which may be busy for long: events are told in order on a thread of their own, which waits for
 * the Lua lock. It starts with the first event that a function wants to hear of. Up to {@value #MOST_WAITING} events wait; what comes on top is lost, and
 * said.
 */
public final class Callbacks {
    private static final int MOST_WAITING = 4096;
    private static final FaultGuard GUARD = new FaultGuard("Error while calling back", "lua");
    private static final LogLimit LOST = new LogLimit(10);

    private final Context context;
    private final List<LuaFunction> exit = new CopyOnWriteArrayList<>();
    private final List<LuaFunction> maintenance = new CopyOnWriteArrayList<>();
    private final List<LuaFunction> serverState = new CopyOnWriteArrayList<>();
    private final ExecutorService events = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_WAITING),
            Thread.ofPlatform().daemon().name("callbacks").factory());

    Callbacks(Context context) {
        this.context = context;
    }

    public void onExit(LuaFunction callback) {
        exit.add(callback);
    }

    public void onMaintenance(LuaFunction callback) {
        maintenance.add(callback);
    }

    public void onServerStateChange(LuaFunction callback) {
        serverState.add(callback);
    }

    /** {@code maintenance()} and the maintenance callbacks, on the caller's thread. */
    public void maintenance() {
        context.lock.lock();
        try {
            Object hook = context.state.globals().get("maintenance");
            if (hook instanceof LuaFunction function) {
                call("maintenance", function);
            }
            maintenance.forEach(callback -> call("maintenance callback", callback));
        } finally {
            context.lock.unlock();
        }
    }

    /**
     * The exit callbacks, on the caller's thread.
     *
     * @return false if Lua was busy for so long that they were not called
     */
    public boolean exit(long patienceMillis) {
        if (exit.isEmpty()) {
            return true;
        }
        try {
            if (!context.lock.tryLock(patienceMillis, TimeUnit.MILLISECONDS)) {
                return false;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        try {
            exit.forEach(callback -> call("exit callback", callback));
        } finally {
            context.lock.unlock();
        }
        return true;
    }

    /** @param server name and address of the server */
    public void serverStateChanged(String server, boolean up) {
        if (!serverState.isEmpty()) {
            later(() -> serverState.forEach(
                    callback -> call("server state callback", callback, ToLua.of(server), ToLua.of(up))));
        }
    }

    /** A listener for TLS has a key for tickets that it had not. */
    public void ticketKeyAdded(LuaFunction hook, byte[] key) {
        later(() -> call("tickets key hook", hook, ToLua.of(key), ToLua.of(key.length)));
    }

    /** A host name was looked up. */
    public void resolved(LuaFunction callback, String host, InetAddress[] found) {
        later(() -> {
            LuaTable addresses = new LuaTable();
            for (int i = 0; i < found.length; i++) {
                IpAddress ip = IpAddress.of(found[i].getAddress());
                addresses.put(i + 1, context.objects.address.wrap(new Endpoint(ip, 0)));
            }
            call("getAddressInfo callback", callback, ToLua.of(host), addresses);
        });
    }

    /** Something that a function is to be told: at once if the caller is in Lua already, else in its turn. */
    void tell(Runnable event) {
        if (context.lock.isHeldByCurrentThread()) {
            event.run();
        } else {
            later(event);
        }
    }

    /** What a thread of the operator's own has to say: {@code threadmessage(cmd, dict)}. */
    void threadMessage(String command, Map<String, String> message) {
        later(() -> {
            if (context.state.globals().get("threadmessage") instanceof LuaFunction function) {
                LuaTable table = new LuaTable();
                message.forEach((key, value) -> table.put(ToLua.of(key), ToLua.of(value)));
                call("threadmessage", function, ToLua.of(command), table);
            } else {
                Log.warning("A Lua thread has a message, and there is no function threadmessage()", "lua");
            }
        });
    }

    /** Takes no more events; what waits is still told. */
    void close() {
        events.shutdown();
    }

    private void later(Runnable event) {
        try {
            events.execute(GUARD.around(() -> {
                context.lock.lock();
                try {
                    event.run();
                } finally {
                    context.lock.unlock();
                }
            }));
        } catch (RejectedExecutionException e) {
            long times = events.isShutdown() ? 0 : LOST.admit(System.nanoTime());
            if (times > 0) {
                Log.error("Events are not told: Lua is busy", "lua", "count", times);
            }
        }
    }

    private void call(String what, LuaFunction function, @Nullable Object... arguments) {
        try {
            var _ = context.state.call(function, arguments);
        } catch (Throwable e) {
            context.calls.failed(what, function, e);
        }
    }
}

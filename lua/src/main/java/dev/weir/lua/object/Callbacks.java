package dev.weir.lua.object;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.acl.IpAddress;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.luaj.vm2.LuaFunction;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;

/** Functions that the operator wants called: each second, when a server's state changes, at the end. Any thread; takes the Lua lock. */
public final class Callbacks {
    private final Context context;
    private final List<LuaFunction> exit = new ArrayList<>();
    private final List<LuaFunction> maintenance = new ArrayList<>();
    private final List<LuaFunction> serverState = new ArrayList<>();

    public Callbacks(Context context) {
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

    /** {@code maintenance()} and the maintenance callbacks. */
    public void maintenance() {
        context.lock.lock();
        try {
            LuaValue hook = context.globals.rawget("maintenance");
            if (hook instanceof LuaFunction function) {
                call("maintenance", function);
            }
            for (LuaFunction callback : List.copyOf(maintenance)) {
                call("maintenance callback", callback);
            }
        } finally {
            context.lock.unlock();
        }
    }

    public void exit() {
        context.lock.lock();
        try {
            for (LuaFunction callback : List.copyOf(exit)) {
                call("exit callback", callback);
            }
        } finally {
            context.lock.unlock();
        }
    }

    /** @param server name and address of the server */
    public void serverStateChanged(String server, boolean up) {
        context.lock.lock();
        try {
            for (LuaFunction callback : List.copyOf(serverState)) {
                call("server state callback", callback, LuaValue.valueOf(server), LuaValue.valueOf(up));
            }
        } finally {
            context.lock.unlock();
        }
    }

    /** A host name was looked up. */
    public void resolved(LuaFunction callback, String host, InetAddress[] found) {
        context.lock.lock();
        try {
            LuaTable addresses = new LuaTable();
            for (int i = 0; i < found.length; i++) {
                IpAddress ip = IpAddress.of(found[i].getAddress());
                addresses.set(i + 1, context.objects.address.wrap(new Endpoint(ip, 0)));
            }
            call("getAddressInfo callback", callback, LuaValue.valueOf(host), addresses);
        } finally {
            context.lock.unlock();
        }
    }

    private void call(String what, LuaFunction function, LuaValue... arguments) {
        try {
            function.invoke(LuaValue.varargsOf(arguments));
        } catch (RuntimeException | StackOverflowError e) {
            context.calls.failed(what, e);
        }
    }
}

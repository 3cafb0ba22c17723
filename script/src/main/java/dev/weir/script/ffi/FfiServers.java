package dev.weir.script.ffi;

import dev.weir.engine.backend.Backend;
import dev.weir.engine.policy.Policy;
import dev.weir.lua.LuaError;
import dev.weir.lua.ffi.CPointer;
import dev.weir.lua.ffi.FfiLibrary;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What policies see: {@code dnsdist_ffi_servers_list_...} and {@code dnsdist_ffi_server_...}. */
final class FfiServers extends FfiGroup {
    FfiServers(FfiLibrary library, FfiEnvironment environment) {
        super(library, environment);
        add("servers_list_get_count", at -> list(at).servers().size());
        add("servers_list_get_server", at -> {
            List<Backend> servers = list(at).servers();
            long index = at.integer(1);
            if (index < 0 || index >= servers.size()) {
                throw new LuaError("there are " + servers.size() + " servers, counted from 0");
            }
            at.storePointer(2, CPointer.toObject(servers.get((int) index)));
            return null;
        });
        add("servers_list_chashed", at -> {
            ServersHandle list = list(at);
            return index(list, Policy.ConsistentHashed.owner(list.servers(), (int) at.integer(2), list.context()));
        });
        add("servers_list_whashed", at -> {
            ServersHandle list = list(at);
            return index(list, Policy.WeightedHashed.owner(list.servers(), (int) at.integer(2), list.context()));
        });
        add("server_get_outstanding", at -> server(at).outstanding());
        add("server_is_up", at -> server(at).isUp());
        add("server_get_name", at -> string(server(at).name()));
        add("server_get_name_with_addr", at -> string(server(at).nameWithAddress()));
        add("server_get_weight", at -> server(at).weight());
        add("server_get_order", at -> server(at).order());
        add("server_get_latency", at -> server(at).latencyMicros());
    }

    private static ServersHandle list(dev.weir.lua.ffi.ForeignArguments at) {
        return target(at, 0, ServersHandle.class);
    }

    private static Backend server(dev.weir.lua.ffi.ForeignArguments at) {
        return target(at, 0, Backend.class);
    }

    /** The number of servers when none will do: out of range is no server. */
    private static int index(ServersHandle list, @Nullable Backend chosen) {
        int index = chosen == null ? -1 : list.servers().indexOf(chosen);
        return index < 0 ? list.servers().size() : index;
    }
}

package dev.weir.script.object;

import dev.weir.config.web.WebRequest;
import dev.weir.config.web.WebResponse;
import dev.weir.engine.action.Answering;
import dev.weir.engine.action.ResponseResult;
import dev.weir.engine.action.Result;
import dev.weir.engine.backend.Backend;
import dev.weir.engine.log.Log;
import dev.weir.engine.log.LogLimit;
import dev.weir.engine.policy.PolicyContext;
import dev.weir.engine.query.Query;
import dev.weir.lua.LuaError;
import dev.weir.lua.LuaFunction;
import dev.weir.lua.LuaNumber;
import dev.weir.lua.LuaString;
import dev.weir.lua.LuaTable;
import dev.weir.lua.Values;
import dev.weir.script.ffi.ThreadScripts;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.FromLua;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ToLua;
import dev.weir.wire.Header;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The way from a data thread into Lua and back: rules, actions and policies written by the operator. Takes the Lua lock for each call. An
 * error never leaves here: it is counted in {@code lua-errors}, logged once for each function and ten seconds, and becomes what dnsdist makes of it.
 */
public final class LuaCalls {
    private static final int COMPLAINT_SECONDS = 10;
    private static final Result[] RESULTS = Result.values();
    private static final ResponseResult[] RESPONSE_RESULTS = ResponseResult.values();

    private final Context context;
    /** One for each function, so that one that fails often hides no other. */
    private final Map<LuaFunction, LogLimit> complaints = new WeakHashMap<>();

    /** The servers last shown to a policy, and their table: pools seldom change. */
    private List<Backend> knownServers = List.of();

    private LuaTable knownTable = new LuaTable();

    LuaCalls(Context context) {
        this.context = context;
    }

    /** {@code LuaRule}: an error does not match, and what is no boolean is one. */
    public boolean matches(LuaFunction function, Query query) {
        context.lock.lock();
        LuaObject dq = null;
        try {
            dq = context.objects.question.wrap(query);
            return truth(context.state.call(function, dq));
        } catch (Throwable e) {
            failed("LuaRule", function, e);
            return false;
        } finally {
            leave(dq);
        }
    }

    /** {@code setHealthCheckResponseValidator}: an error does not accept. The function gets the message, and its header as an object. */
    public boolean accepts(LuaFunction function, byte[] answer) {
        context.lock.lock();
        try {
            HeaderType.Head head = new HeaderType.Head(Arrays.copyOf(answer, Header.LENGTH));
            return truth(context.state.call(function, LuaString.of(answer), context.objects.header.wrap(head)));
        } catch (Throwable e) {
            failed("health check validator", function, e);
            return false;
        } finally {
            context.lock.unlock();
        }
    }

    /** {@code setQueryCountFilter}: an error counts nothing. */
    public @Nullable String countKey(LuaFunction function, Query query) {
        context.lock.lock();
        LuaObject dq = null;
        try {
            dq = context.objects.question.wrap(query);
            Object returned = context.state.call(function, dq);
            LuaString key = truth(returned) ? FromLua.string(second(returned)) : null;
            return key == null ? null : key.toString();
        } catch (Throwable e) {
            failed("query count filter", function, e);
            return null;
        } finally {
            leave(dq);
        }
    }

    /** {@code LuaAction}: an error is SERVFAIL, and a number that says nothing is None. */
    public Result action(LuaFunction function, Query query) {
        context.lock.lock();
        LuaObject dq = null;
        try {
            dq = context.objects.question.wrap(query);
            Object returned = context.state.call(function, dq);
            int code = number(returned);
            parameter(query, second(returned));
            Result result = code >= 0 && code < RESULTS.length ? RESULTS[code] : Result.NONE;
            requireMessage(result, second(returned));
            return result;
        } catch (Throwable e) {
            failed("LuaAction", function, e);
            return Result.SERVFAIL;
        } finally {
            leave(dq);
        }
    }

    /** {@code LuaResponseAction}: an error is SERVFAIL, and a number that says nothing is None. */
    public ResponseResult responseAction(LuaFunction function, Query query) {
        context.lock.lock();
        LuaObject dr = null;
        try {
            dr = context.objects.response.wrap(query);
            Object returned = context.state.call(function, dr);
            int code = number(returned);
            parameter(query, second(returned));
            return code >= 0 && code < RESPONSE_RESULTS.length ? RESPONSE_RESULTS[code] : ResponseResult.NONE;
        } catch (Throwable e) {
            failed("LuaResponseAction", function, e);
            return ResponseResult.SERVFAIL;
        } finally {
            leave(dr);
        }
    }

    /** What is done in the world that all share. */
    private <T extends @Nullable Object> T shared(
            String what, LuaFunction function, ThreadScripts.Call<T> call, T otherwise) {
        context.lock.lock();
        try {
            return call.with(context.ffi, function);
        } catch (Throwable e) {
            failed(what, function, e);
            return otherwise;
        } finally {
            context.lock.unlock();
        }
    }

    /** A datagram of another process. */
    void datagram(LuaFunction function, int endpointId, byte[] payload, String from) {
        context.lock.lock();
        try {
            var _ = context.state.call(function, ToLua.of(endpointId), LuaString.of(payload), ToLua.of(from));
        } catch (Throwable e) {
            failed("network listener", function, e);
        } finally {
            context.lock.unlock();
        }
    }

    /** The same for a function of the FFI interface. */
    void ffiDatagram(LuaFunction function, int endpointId, byte[] payload) {
        var _ = shared(
                "network listener",
                function,
                (scripts, f) -> {
                    scripts.message(f, endpointId, payload);
                    return true;
                },
                false);
    }

    /** {@code LuaFFIRule}: an error does not match. */
    public boolean ffiMatches(LuaFunction function, Query query) {
        return shared("LuaFFIRule", function, (scripts, f) -> scripts.matches(f, query), false);
    }

    /** {@code LuaFFIAction}: an error is SERVFAIL. */
    public Result ffiAction(LuaFunction function, Query query) {
        return shared("LuaFFIAction", function, (scripts, f) -> scripts.action(f, query), Result.SERVFAIL);
    }

    /** {@code LuaFFIResponseAction}: an error is SERVFAIL. */
    public ResponseResult ffiResponseAction(LuaFunction function, Query query) {
        return shared(
                "LuaFFIResponseAction",
                function,
                (scripts, f) -> scripts.responseAction(f, query),
                ResponseResult.SERVFAIL);
    }

    /** An FFI policy: an error is no server. */
    public @Nullable Backend ffiChoose(
            String policy, LuaFunction function, List<Backend> servers, Query query, PolicyContext place) {
        return this.<@Nullable Backend>shared(
                "policy " + policy, function, (scripts, f) -> scripts.choose(f, servers, query, place), null);
    }

    /** The query may be used again from now on, whatever the script has kept of it. */
    private void leave(@Nullable LuaObject question) {
        try {
            if (question != null) {
                question.release();
            }
        } finally {
            context.lock.unlock();
        }
    }

    /** A packet that can't be a message is the function's mistake. */
    private static void requireMessage(Result result, @Nullable Object packet) {
        LuaString octets = FromLua.string(packet);
        if (result == Result.SPOOF_PACKET && octets != null) {
            Answering.SpoofPacket.requireLength(octets.length());
        }
    }

    /** Octets one to one: a spoofed packet may come this way. */
    private static void parameter(Query query, @Nullable Object value) {
        LuaString text = FromLua.string(value);
        if (text != null) {
            query.decided().setActionParameter(text.toLatin1());
        }
    }

    /** A policy: a number outside the list, or an error, is no server. */
    public @Nullable Backend choose(String policy, LuaFunction function, List<Backend> servers, Query query) {
        context.lock.lock();
        LuaObject dq = null;
        try {
            dq = context.objects.question.wrap(query);
            Object chosen = Values.first(context.state.call(function, table(servers), dq));
            Backend server = Args.objectOrNull(chosen, Backend.class);
            if (server != null) {
                return server; // what policies returned before they returned numbers
            }
            if (chosen == null) {
                return null; // what a policy gives that has been asked by this one and has nobody
            }
            int index = number(chosen) - 1;
            return index >= 0 && index < servers.size() ? servers.get(index) : null;
        } catch (Throwable e) {
            failed("policy " + policy, function, e);
            return null;
        } finally {
            leave(dq);
        }
    }

    /** {@code registerWebHandler}: an error is no response. */
    public @Nullable WebResponse respond(LuaFunction function, WebRequest request) {
        context.lock.lock();
        try {
            WebResponseType.Draft draft = new WebResponseType.Draft();
            var _ = context.state.call(
                    function, context.objects.webRequest.wrap(request), context.objects.webResponse.wrap(draft));
            return draft.finished();
        } catch (Throwable e) {
            failed("web handler " + request.path(), function, e);
            return null;
        } finally {
            context.lock.unlock();
        }
    }

    private static boolean truth(@Nullable Object returned) {
        if (Values.first(returned) instanceof Boolean truth) {
            return truth;
        }
        throw new LuaError("boolean expected, got " + FromLua.typeName(Values.first(returned)));
    }

    private static int number(@Nullable Object returned) {
        Double number = LuaNumber.coerce(Values.first(returned));
        if (number == null) {
            throw new LuaError("number expected, got " + FromLua.typeName(Values.first(returned)));
        }
        return LuaNumber.toInteger(number);
    }

    private static @Nullable Object second(@Nullable Object returned) {
        return returned instanceof Values several ? several.get(1) : null;
    }

    private LuaTable table(List<Backend> servers) {
        if (servers != knownServers || knownTable.length() != servers.size()) {
            knownTable = context.objects.servers(servers);
            knownServers = servers;
        }
        return knownTable;
    }

    /** Reports an error of Lua code that runs on behalf of nobody who could be told. With the Lua lock. */
    public void failed(String what, LuaFunction function, Throwable error) {
        context.countError();
        long count = complaints
                .computeIfAbsent(function, first -> new LogLimit(COMPLAINT_SECONDS))
                .admit(System.nanoTime());
        if (count > 0) {
            String message = error instanceof LuaError lua ? String.valueOf(lua.getMessage()) : error.toString();
            Log.error("Lua function failed", "lua", "function", what, "error", message, "occurrences", count);
        }
    }
}

package dev.weir.script.object;

import dev.weir.config.web.WebRequest;
import dev.weir.config.web.WebResponse;
import dev.weir.engine.action.Answering;
import dev.weir.engine.action.ResponseResult;
import dev.weir.engine.action.Result;
import dev.weir.engine.backend.Backend;
import dev.weir.engine.log.Log;
import dev.weir.engine.log.LogLimit;
import dev.weir.engine.query.Query;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.Messages;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.luaj.vm2.LuaError;
import org.luaj.vm2.LuaFunction;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/**
 * The way from a data thread into Lua and back: rules, actions and policies written by the operator. Takes the Lua lock for each call. An
 * error never leaves here: it is counted in {@code lua-errors}, logged at most every ten seconds, and becomes what dnsdist makes of it.
 */
public final class LuaCalls {
    private static final Result[] RESULTS = Result.values();
    private static final ResponseResult[] RESPONSE_RESULTS = ResponseResult.values();

    private final Context context;
    private final LogLimit complaints = new LogLimit(10);

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
            return function.call(dq).checkboolean();
        } catch (Throwable e) {
            failed("LuaRule", e);
            return false;
        } finally {
            leave(dq);
        }
    }

    /** {@code setQueryCountFilter}: an error counts nothing. */
    public @Nullable String countKey(LuaFunction function, Query query) {
        context.lock.lock();
        LuaObject dq = null;
        try {
            dq = context.objects.question.wrap(query);
            Varargs returned = function.invoke(dq);
            return returned.arg1().checkboolean() ? returned.checkjstring(2) : null;
        } catch (Throwable e) {
            failed("query count filter", e);
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
            Varargs returned = function.invoke(dq);
            int code = returned.arg1().checkint();
            parameter(query, returned.arg(2));
            Result result = code >= 0 && code < RESULTS.length ? RESULTS[code] : Result.NONE;
            requireMessage(result, returned.arg(2));
            return result;
        } catch (Throwable e) {
            failed("LuaAction", e);
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
            Varargs returned = function.invoke(dr);
            int code = returned.arg1().checkint();
            parameter(query, returned.arg(2));
            return code >= 0 && code < RESPONSE_RESULTS.length ? RESPONSE_RESULTS[code] : ResponseResult.NONE;
        } catch (Throwable e) {
            failed("LuaResponseAction", e);
            return ResponseResult.SERVFAIL;
        } finally {
            leave(dr);
        }
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
    private static void requireMessage(Result result, LuaValue packet) {
        if (result == Result.SPOOF_PACKET && packet.isstring()) {
            Answering.SpoofPacket.requireLength(packet.strvalue().m_length);
        }
    }

    /** Octets one to one: a spoofed packet may come this way. */
    private static void parameter(Query query, LuaValue value) {
        if (value instanceof LuaString text) {
            query.decided()
                    .setActionParameter(
                            new String(text.m_bytes, text.m_offset, text.m_length, StandardCharsets.ISO_8859_1));
        } else if (value.isstring()) {
            query.decided().setActionParameter(value.tojstring());
        }
    }

    /** A policy: a number outside the list, or an error, is no server. */
    public @Nullable Backend choose(String policy, LuaFunction function, List<Backend> servers, Query query) {
        context.lock.lock();
        LuaObject dq = null;
        try {
            dq = context.objects.question.wrap(query);
            LuaValue chosen = function.call(table(servers), dq);
            Backend server = Args.objectOrNull(chosen, Backend.class);
            if (server != null) {
                return server; // what policies returned before they returned numbers
            }
            int index = chosen.checkint() - 1;
            return index >= 0 && index < servers.size() ? servers.get(index) : null;
        } catch (Throwable e) {
            failed("policy " + policy, e);
            return null;
        } finally {
            leave(dq);
        }
    }

    /** {@code registerWebHandler}. @throws LuaError what the function raises */
    public WebResponse respond(LuaFunction function, WebRequest request) {
        context.lock.lock();
        try {
            WebResponseType.Draft draft = new WebResponseType.Draft();
            function.call(context.objects.webRequest.wrap(request), context.objects.webResponse.wrap(draft));
            return draft.finished();
        } finally {
            context.lock.unlock();
        }
    }

    private LuaTable table(List<Backend> servers) {
        if (servers != knownServers || knownTable.rawlen() != servers.size()) {
            knownTable = context.objects.servers(servers);
            knownServers = servers;
        }
        return knownTable;
    }

    /** Reports an error of Lua code that runs on behalf of nobody who could be told. */
    public void failed(String what, Throwable error) {
        context.countError();
        long count = complaints.admit(System.nanoTime());
        if (count > 0) {
            String message = error instanceof LuaError lua ? Messages.clean(lua) : error.toString();
            Log.error("Lua function failed", "lua", "function", what, "error", message, "occurrences", count);
        }
    }
}

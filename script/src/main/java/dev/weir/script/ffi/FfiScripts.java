package dev.weir.script.ffi;

import dev.weir.engine.action.ResponseResult;
import dev.weir.engine.action.Result;
import dev.weir.engine.backend.Backend;
import dev.weir.engine.block.BlockSpec;
import dev.weir.engine.policy.PolicyContext;
import dev.weir.engine.query.Query;
import dev.weir.engine.ring.NameTree;
import dev.weir.lua.LuaError;
import dev.weir.lua.LuaFunction;
import dev.weir.lua.LuaNumber;
import dev.weir.lua.LuaState;
import dev.weir.lua.Values;
import dev.weir.lua.ffi.CData;
import dev.weir.lua.ffi.CPointer;
import dev.weir.lua.ffi.FfiLibrary;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One world's way to call FFI functions of the operator, and the interface that these call back. Made when the first such function is; declared to Lua when a
 * script first asks for the library. Belongs to who may run Lua code in its world. What functions throw, it throws.
 */
public final class FfiScripts {
    private static final Result[] RESULTS = Result.values();
    private static final ResponseResult[] RESPONSE_RESULTS = ResponseResult.values();

    private final LuaState state;
    private final FfiLibrary library;
    private final QuestionHandle question = new QuestionHandle();
    private final ServersHandle servers = new ServersHandle();
    private @Nullable CData questionPointer;
    private @Nullable CData answerPointer;
    private @Nullable CData serversPointer;

    /** Makes the interface known in a world, where {@code require "ffi"} brings it in. */
    public FfiScripts(LuaState state, FfiEnvironment environment) {
        this.state = state;
        this.library = FfiLibrary.of(state);
        library.whenFirstUsed(() -> declare(library, environment));
    }

    private static void declare(FfiLibrary library, FfiEnvironment environment) {
        library.declare(declarations());
        for (FfiGroup each : List.of(
                new FfiQuestion(library, environment),
                new FfiQuestionChanges(library, environment),
                new FfiAnswer(library, environment),
                new FfiServers(library, environment),
                new FfiPackets(library, environment),
                new FfiStatistics(library, environment),
                new FfiBlocks(library, environment),
                new FfiAsync(library, environment),
                new FfiValues(library, environment))) {
            assert each.library == library;
        }
    }

    private static String declarations() {
        try (InputStream in = FfiScripts.class.getResourceAsStream("interface.h")) {
            if (in == null) {
                throw new IllegalStateException("the declarations are missing from the program");
            }
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private CData pointer(@Nullable CData known, String type, Object target) {
        if (known != null) {
            return known;
        }
        library.prepare();
        return library.pointer(type, CPointer.toObject(target));
    }

    /** {@code LuaFFIRule}: whether it matches. */
    public boolean matches(LuaFunction function, Query query) {
        Object said = first(onQuestion(function, query));
        if (said instanceof Boolean truth) {
            return truth;
        }
        throw new LuaError("boolean expected");
    }

    /** {@code LuaFFIAction}: a number that says nothing is None. */
    public Result action(LuaFunction function, Query query) {
        int code = number(onQuestion(function, query));
        return code >= 0 && code < RESULTS.length ? RESULTS[code] : Result.NONE;
    }

    private @Nullable Object onQuestion(LuaFunction function, Query query) {
        CData pointer = pointer(questionPointer, "dnsdist_ffi_dnsquestion_t *", question);
        questionPointer = pointer;
        Query before = question.lend(query);
        try {
            return state.call(function, pointer);
        } finally {
            question.giveBack(before);
        }
    }

    /** {@code LuaFFIResponseAction}: a number that says nothing is None. */
    public ResponseResult responseAction(LuaFunction function, Query query) {
        CData pointer = pointer(answerPointer, "dnsdist_ffi_dnsresponse_t *", question);
        answerPointer = pointer;
        Query before = question.lend(query);
        try {
            int code = number(state.call(function, pointer));
            return code >= 0 && code < RESPONSE_RESULTS.length ? RESPONSE_RESULTS[code] : ResponseResult.NONE;
        } finally {
            question.giveBack(before);
        }
    }

    /** A policy, which returns a number that counts from 0; outside the list it is nobody. */
    public @Nullable Backend choose(LuaFunction function, List<Backend> all, Query query, PolicyContext context) {
        CData list = pointer(serversPointer, "dnsdist_ffi_servers_list_t *", servers);
        serversPointer = list;
        CData pointer = pointer(questionPointer, "dnsdist_ffi_dnsquestion_t *", question);
        questionPointer = pointer;
        Query before = question.lend(query);
        servers.lend(all, context);
        try {
            int index = number(state.call(function, list, pointer));
            return index >= 0 && index < all.size() ? all.get(index) : null;
        } finally {
            servers.lend(null, null);
            question.giveBack(before);
        }
    }

    /** {@code setSuffixMatchRuleFFI}: the block that a name gets, null for none. */
    public @Nullable BlockSpec visit(
            LuaFunction function, NameTree.Node node, NameTree.Counts self, NameTree.Counts subtree, BlockSpec usual) {
        StatNodeHandle handle = new StatNodeHandle(node, self, subtree, usual);
        CData pointer = pointer(null, "dnsdist_ffi_stat_node_t *", handle);
        Object said = first(state.call(function, pointer));
        return said instanceof Boolean truth && truth ? handle.block : null;
    }

    /** {@code addUnixListeningEndpointFFI}: shows a datagram. */
    public void message(LuaFunction function, int endpointId, byte[] payload) {
        Object message = new FfiAsync.NetworkMessage(payload, endpointId);
        var _ = state.call(function, pointer(null, "dnsdist_ffi_network_message_t *", message));
    }

    private static @Nullable Object first(@Nullable Object returned) {
        return Values.first(returned);
    }

    /** Numbers of C among them. */
    private int number(@Nullable Object returned) {
        Object said = first(returned);
        Double number = LuaNumber.coerce(said);
        if (number == null && said instanceof CData data) {
            number = LuaNumber.coerce(first(state.call(tonumber(), data)));
        }
        if (number == null) {
            throw new LuaError("number expected");
        }
        return LuaNumber.toInteger(number);
    }

    private LuaFunction tonumber() {
        if (state.globals().get("tonumber") instanceof LuaFunction function) {
            return function;
        }
        throw new LuaError("number expected");
    }
}

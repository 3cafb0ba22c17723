package dev.weir.script.ffi;

import dev.weir.engine.query.Query;
import dev.weir.engine.query.Suspended;
import dev.weir.engine.query.Suspensions;
import dev.weir.lua.ffi.CPointer;
import dev.weir.lua.ffi.FfiLibrary;
import dev.weir.lua.ffi.ForeignArguments;
import dev.weir.script.host.LocalDatagrams;
import dev.weir.wire.Header;
import dev.weir.wire.Name;
import dev.weir.wire.Names;
import dev.weir.wire.ResponseEditor;
import org.jspecify.annotations.Nullable;

/** Queries that wait, and other processes that have a say. */
final class FfiAsync extends FfiGroup {
    /** A datagram as its function gets it. */
    record NetworkMessage(byte[] payload, int endpointId) {}

    private final ResponseEditor editor = new ResponseEditor();

    FfiAsync(FfiLibrary library, FfiEnvironment environment) {
        super(library, environment);
        add("dnsquestion_set_async", at -> suspend(at, false));
        add("dnsresponse_set_async", at -> suspend(at, true));
        add(
                "resume_from_async",
                at -> resume(at, query -> {
                    tag(query, at, 2);
                    query.decided().setSkipCache(query.decided().skipCache() || at.integer(6) == 0);
                    return true;
                }));
        add("drop_from_async", at -> {
            Suspended suspended = take(at);
            if (suspended != null) {
                suspended.drop();
            }
            return suspended != null;
        });
        add("set_answer_from_async", at -> resume(at, query -> answer(query, sized(at, 2))));
        add("set_rcode_from_async", at -> resume(at, query -> rcode(query, (int) at.integer(2), at.integer(3) != 0)));
        add("resume_from_async_with_alternate_name", at -> resume(at, query -> rename(query, at)));
        network();
    }

    private Suspensions suspensions() {
        return environment.engine().suspensions();
    }

    private boolean suspend(ForeignArguments at, boolean answer) {
        Query query = target(at, 0, QuestionHandle.class).query();
        return suspensions().suspend(query, (int) at.integer(1), (int) at.integer(2), at.integer(3), answer);
    }

    private @Nullable Suspended take(ForeignArguments at) {
        return suspensions().take((int) at.integer(0), (int) at.integer(1));
    }

    private interface Change {
        boolean of(Query query);
    }

    /** Has one go on, changed; also one that could not be changed as was asked. */
    private boolean resume(ForeignArguments at, Change change) {
        Suspended suspended = take(at);
        if (suspended == null) {
            return false;
        }
        try {
            return change.of(suspended.open());
        } finally {
            suspended.resume();
        }
    }

    private static void tag(Query query, ForeignArguments at, int index) {
        String name = sizedText(at, index);
        if (!name.isEmpty()) {
            query.decided().setTag(name, sizedText(at, index + 2));
        }
    }

    private static boolean answer(Query query, byte[] message) {
        if (message.length < Header.LENGTH || message.length > query.packet().length) {
            return false;
        }
        int id = Header.id(query.packet());
        System.arraycopy(message, 0, query.packet(), 0, message.length);
        Header.setId(query.packet(), id);
        Header.set(query.packet(), Header.QR, true);
        query.setLength(message.length);
        return true;
    }

    private boolean rcode(Query query, int rcode, boolean clear) {
        if (clear) {
            int length = editor.stripRecords(query.packet(), query.length());
            query.setLength(length > 0 ? length : query.length());
        }
        Header.setRcode(query.packet(), rcode & Header.RCODE_MASK);
        Header.set(query.packet(), Header.QR, true);
        return true;
    }

    private static boolean rename(Query query, ForeignArguments at) {
        byte[] wire = sized(at, 2);
        String former = query.name().toString();
        if (Names.endOfPlain(wire, wire.length, 0) != wire.length
                || !FfiQuestionChanges.rename(query, Name.ofWire(wire, 0, wire.length))) {
            return false;
        }
        tag(query, at, 4);
        String formerTag = sizedText(at, 8);
        if (!formerTag.isEmpty()) {
            query.decided().setTag(formerTag, former);
        }
        return true;
    }

    private void network() {
        add("network_endpoint_new", at -> {
            at.storePointer(
                    2, CPointer.toObject(environment.host().localDatagrams().endpoint(sizedText(at, 0))));
            return true;
        });
        add("network_endpoint_is_valid", at -> target(at, 0, LocalDatagrams.Endpoint.class)
                .isValid());
        add("network_endpoint_send", at -> target(at, 0, LocalDatagrams.Endpoint.class)
                .send(sized(at, 1)));
        add("network_endpoint_free", at -> null);
        add("network_message_get_payload", at -> CPointer.toCopy(message(at).payload));
        add("network_message_get_payload_size", at -> message(at).payload.length);
        add("network_message_get_endpoint_id", at -> message(at).endpointId);
    }

    private static NetworkMessage message(ForeignArguments at) {
        return target(at, 0, NetworkMessage.class);
    }
}

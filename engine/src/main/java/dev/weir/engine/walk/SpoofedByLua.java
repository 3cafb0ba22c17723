package dev.weir.engine.walk;

import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.action.Action;
import dev.weir.engine.action.AnswerFlags;
import dev.weir.engine.action.Answering;
import dev.weir.engine.action.Result;
import dev.weir.engine.query.Query;
import dev.weir.wire.Name;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The spoofing that the operator's code asks for by what it returns: a result and a text. */
final class SpoofedByLua {
    private SpoofedByLua() {}

    /** Answers the query as the text says. A text that says nothing usable leaves the query as it is. */
    static void apply(Result result, @Nullable String text, Query query, Worker worker) {
        if (text == null || text.isEmpty()) {
            return;
        }
        Action action =
                switch (result) {
                    case SPOOF -> spoof(text);
                    case SPOOF_RAW -> raw(text);
                    default -> new Answering.SpoofPacket(text.getBytes(StandardCharsets.ISO_8859_1));
                };
        if (action != null) {
            action.perform(query, worker);
        }
    }

    /** Addresses between spaces or commas; anything else is the target of an alias. */
    private static @Nullable Action spoof(String text) {
        List<IpAddress> addresses = new ArrayList<>();
        try {
            for (String part : text.split("[ ,]+", -1)) {
                if (!part.isEmpty()) {
                    addresses.add(IpAddress.parse(part));
                }
            }
            return new Answering.SpoofAddresses(addresses, AnswerFlags.DEFAULT);
        } catch (IllegalArgumentException notAddresses) {
            return cname(text);
        }
    }

    private static @Nullable Action cname(String text) {
        try {
            return new Answering.SpoofCname(Name.parse(text), AnswerFlags.DEFAULT);
        } catch (IllegalArgumentException notAName) {
            return null;
        }
    }

    private static Action raw(String text) {
        List<byte[]> rdata = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            rdata.add(part.getBytes(StandardCharsets.ISO_8859_1));
        }
        return new Answering.SpoofRaw(rdata, -1, AnswerFlags.DEFAULT);
    }
}

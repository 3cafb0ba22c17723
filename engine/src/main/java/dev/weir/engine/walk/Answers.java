package dev.weir.engine.walk;

import dev.weir.wire.Header;
import dev.weir.wire.ResponseEditor;

/** Answers that need nothing of the query but its header. */
final class Answers {
    private Answers() {}

    /** Turns a message into a header-only answer with a response code; returns its length. */
    static int bare(byte[] message, int rcode) {
        ResponseEditor.setSelfAnswerFlags(message);
        Header.setRcode(message, rcode);
        Header.setCounts(message, 0, 0, 0, 0);
        return Header.LENGTH;
    }
}

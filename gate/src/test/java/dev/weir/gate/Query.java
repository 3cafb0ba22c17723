package dev.weir.gate;

import dev.weir.wire.Name;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A DNS query as bytes, and the reply that the rules want for it; by hand, so that no other code is trusted.
 *
 * @param opt an OPT record, or anything else, that stands behind the question; null for none
 */
record Query(
        int id,
        int dnsClass,
        int flags,
        int questions,
        byte[] name,
        int type,
        int answers,
        int additionals,
        byte @Nullable [] opt) {
    static final int RD = 0x0100;
    static final int QR = 0x8000;
    static final int TC = 0x0200;
    static final int REFUSED = 5;
    static final int NXDOMAIN = 3;
    private static final int ID = 0x1234;

    static Query of(String name, int type) {
        return new Query(ID, 1, RD, 1, Name.parse(name).toWire(), type, 0, 0, null);
    }

    /** With an OPT that has so many octets of options. */
    Query withOpt(int flags, int version, int optionOctets) {
        ByteBuffer opt = ByteBuffer.allocate(11 + optionOctets);
        opt.put((byte) 0)
                .putShort((short) 41)
                .putShort((short) 4096)
                .put((byte) 0)
                .put((byte) version);
        opt.putShort((short) flags).putShort((short) optionOctets);
        return new Query(id, dnsClass, this.flags, questions, name, type, answers, 1, opt.array());
    }

    Query withBehind(int additionalCount, byte[] octets) {
        return new Query(id, dnsClass, flags, questions, name, type, answers, additionalCount, octets);
    }

    Query withFlags(int newFlags) {
        return new Query(id, dnsClass, newFlags, questions, name, type, answers, additionals, opt);
    }

    Query withCounts(int newQuestions, int newAnswers) {
        return new Query(id, dnsClass, flags, newQuestions, name, type, newAnswers, additionals, opt);
    }

    Query withId(int newId) {
        return new Query(newId, dnsClass, flags, questions, name, type, answers, additionals, opt);
    }

    Query withClass(int newClass) {
        return new Query(id, newClass, flags, questions, name, type, answers, additionals, opt);
    }

    byte[] bytes() {
        return message(flags, questions, answers, additionals, opt == null ? new byte[0] : opt);
    }

    /** What comes back: TC or a response code, an OPT if {@code replyOptFlags} is not negative. */
    byte[] reply(int result, int replyOptFlags) {
        int kept = flags & (0x7800 | RD | 0x0010);
        int replyFlags = kept | QR | ((flags & RD) != 0 ? 0x0080 : 0) | result;
        if (replyOptFlags < 0) {
            return message(replyFlags, 1, 0, 0, new byte[0]);
        }
        ByteBuffer opt = ByteBuffer.allocate(11);
        opt.put((byte) 0).putShort((short) 41).putShort((short) 1232).putShort((short) 0);
        opt.putShort((short) replyOptFlags).putShort((short) 0);
        return message(replyFlags, 1, 0, 1, opt.array());
    }

    private byte[] message(int messageFlags, int questionCount, int answerCount, int additionalCount, byte[] behind) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int word : new int[] {id, messageFlags, questionCount, answerCount, 0, additionalCount}) {
            out.write(word >> 8);
            out.write(word);
        }
        out.writeBytes(name);
        for (int word : new int[] {type, dnsClass}) {
            out.write(word >> 8);
            out.write(word);
        }
        out.writeBytes(behind);
        return out.toByteArray();
    }
}

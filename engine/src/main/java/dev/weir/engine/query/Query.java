package dev.weir.engine.query;

import dev.weir.engine.listen.Frontend;
import dev.weir.engine.listen.Protocol;
import dev.weir.wire.Edns;
import dev.weir.wire.Header;
import dev.weir.wire.Name;
import dev.weir.wire.Question;
import dev.weir.wire.RecordType;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One client's question and all we remember about it until its answer has gone: a slot that is used again for the next one, never made per
 * packet on the datagram path.
 *
 * <p>{@link #packet()} is the message under treatment: the client's query until something answers it, the response afterwards. Rules and
 * actions see both stages through the same object, as dnsdist's {@code dq} and {@code dr} do. The array usually belongs to the thread that
 * works on the query; {@link #keepQuestion} copies what must outlive it.
 *
 * <p>Not thread-safe: exactly one thread has a query at a time, and hands it over through a queue or a table slot.
 */
public final class Query {
    /** Largest DNS message, and room for what a PROXY header or EDNS adds before it is sent: octets of the arrays that packets stand in. */
    public static final int BUFFER = 65_536 + 1024;

    private static final byte[] NOTHING = new byte[0];
    private static final byte[] ROOT = {0};

    private final Origin origin = new Origin();
    private final RuleDecisions decided = new RuleDecisions();
    private final WalkFindings found = new WalkFindings();

    // The message under treatment, and the question it started with.
    private byte[] packet = NOTHING;
    private int length;
    private byte[] question = NOTHING;
    private byte[] kept = NOTHING;
    private int questionOffset;
    private int nameLength = 1;
    private int type;
    private int recordClass;
    private int id;
    private int flags;
    private boolean edns;
    private boolean dnssecOk;
    private int payloadSize;
    private int questionChanges;
    private @Nullable HashedName lentKey;

    /**
     * Starts a new life: forgets the former question and takes a received message.
     *
     * @param newPacket holds the message at offset 0, and room behind it for EDNS and records to be added
     * @param nowNanos {@link System#nanoTime} at reception
     */
    public void begin(Protocol newProtocol, Frontend newFrontend, byte[] newPacket, int newLength, long nowNanos) {
        origin.begin(newProtocol, newFrontend, nowNanos);
        decided.begin();
        found.begin();
        packet = newPacket;
        length = newLength;
        question = newPacket;
        questionOffset = Question.OFFSET;
        nameLength = 1;
        type = 0;
        recordClass = 0;
        id = 0;
        flags = 0;
        edns = false;
        dnssecOk = false;
        payloadSize = 0;
        questionChanges++;
        forgetKey();
    }

    /** Takes over the question that stands at the start of the packet, which {@link Question#parse} has checked. */
    public void question(Question view, Edns opt, int defaultPayloadSize) {
        questionChanges++;
        nameLength = view.nameLength();
        type = view.type();
        recordClass = view.recordClass();
        noteClient(opt, defaultPayloadSize);
    }

    /** Notes that the packet asks nothing: whoever wants to know is told the root's name. */
    public void withoutQuestion(Edns opt, int defaultPayloadSize) {
        questionChanges++;
        question = ROOT;
        questionOffset = 0;
        nameLength = 1;
        type = 0;
        recordClass = 0;
        forgetKey();
        noteClient(opt, defaultPayloadSize);
    }

    private void noteClient(Edns opt, int defaultPayloadSize) {
        id = Header.id(packet);
        flags = Header.flags(packet);
        edns = opt.present();
        dnssecOk = opt.dnssecOk();
        payloadSize = edns ? Math.max(opt.payloadSize(), defaultPayloadSize) : defaultPayloadSize;
    }

    /** Copies the question out of the packet's array, which others will use while this query waits, and lets the packet go. */
    public void keepQuestion() {
        setPacket(NOTHING, 0);
        lentKey = null;
    }

    /** The array that outlives packets; grows to the longest name this slot has seen. */
    private byte[] keeper(int size) {
        if (kept.length < size) {
            kept = new byte[Math.max(64, Math.min(Name.MAX_LENGTH, 2 * size))];
        }
        return kept;
    }

    private void forgetKey() {
        if (lentKey != null) {
            lentKey.claim(null);
        }
    }

    // ---- the parts

    /** Where it came from; written by transports. */
    public Origin origin() {
        return origin;
    }

    /** What rules decided. */
    public RuleDecisions decided() {
        return decided;
    }

    /** What the walk found out. */
    public WalkFindings found() {
        return found;
    }

    // ---- the message

    public byte[] packet() {
        return packet;
    }

    public int length() {
        return length;
    }

    /** After an edit in place. */
    public void setLength(int newLength) {
        length = newLength;
    }

    /** Puts another message under treatment, such as a backend's answer. */
    public void setPacket(byte[] newPacket, int newLength) {
        if (question == packet && question != newPacket) {
            question = keeper(nameLength);
            System.arraycopy(packet, questionOffset, question, 0, nameLength);
            questionOffset = 0;
            forgetKey();
        }
        packet = newPacket;
        length = newLength;
    }

    /** A copy of the message. */
    public byte[] packetCopy() {
        return Arrays.copyOf(packet, length);
    }

    /** The client's id. */
    public int id() {
        return id;
    }

    /** The client's flags word. */
    public int flags() {
        return flags;
    }

    /** Array that holds the question's name as the client wrote it, uncompressed, at {@link #nameOffset}. */
    public byte[] nameBytes() {
        return question;
    }

    public int nameOffset() {
        return questionOffset;
    }

    /** Octets of the name, the root's zero included. */
    public int nameLength() {
        return nameLength;
    }

    public int type() {
        return type;
    }

    public int recordClass() {
        return recordClass;
    }

    /** Whether the client's query had OPT. */
    public boolean hasEdns() {
        return edns;
    }

    public boolean dnssecOk() {
        return dnssecOk;
    }

    /** What the client takes over UDP, in octets; at least 512. */
    public int payloadSize() {
        return payloadSize;
    }

    /** Renames the question while the message itself is changed elsewhere. */
    public void rename(Name name) {
        question = keeper(name.wireLength());
        name.compose(question, 0);
        questionOffset = 0;
        nameLength = name.wireLength();
        questionChanges++;
        forgetKey();
    }

    /** Changes with every new name or type: tells whether what was looked up for them still holds. */
    public int questionChanges() {
        return questionChanges;
    }

    /** Lends the thread's look-up key for the time the thread has this query. */
    public void lendKey(HashedName key) {
        lentKey = key;
    }

    /** The name prepared for look-ups; computed at the first call after the name or the thread has changed. */
    public HashedName nameKey() {
        HashedName key = lentKey;
        if (key == null) {
            key = new HashedName();
            lentKey = key;
        }
        if (!key.isOf(question, questionOffset, this)) {
            key.set(question, questionOffset, nameLength);
            key.claim(this);
        }
        return key;
    }

    /** The name as an object of its own. */
    public Name name() {
        return lentKey == null
                ? Name.ofWire(question, questionOffset, nameLength)
                : nameKey().toName();
    }

    /** The answer is about to be sent: encrypts it if the query came so. Transports call it once for each message. */
    public void seal() {
        AnswerSeal seal = origin.seal();
        if (seal != null) {
            seal.seal(this);
        }
    }

    // ---- processing it again

    /** Keeps a copy of the message so that the query can be processed again ({@code dq:setRestartable}). */
    public void setRestartable() {
        decided.keepForRestart(packetCopy());
    }

    /**
     * Asks, in a rule that looks at an answer or at the want of one, to discard it and to process the query again from the cache on,
     * without the query rules ({@code dr:restart}). Pool, tags and all else that rules decided stay, also what later rules of the same
     * chain decide; so a rule for cache hits chooses another pool or tells the query to skip the cache, or it will see the same hit again.
     *
     * @return false if {@link #setRestartable} has kept no copy, or the query was processed too often, or is for a zone transfer, of which
     *     the client may have a part
     */
    public boolean requestRestart() {
        if (type == RecordType.AXFR || type == RecordType.IXFR) {
            decided.refuseRestart();
        } else {
            decided.requestRestart();
        }
        return decided.restartRequested();
    }

    /** Puts the kept copy under treatment, for the query's next leg; false if its question cannot be read. */
    public boolean restart(Question view) {
        byte[] copy = Objects.requireNonNull(decided.restartPacket());
        decided.restarted();
        found.begin();
        setPacket(Arrays.copyOf(copy, BUFFER), copy.length);
        if (view.parse(packet, length) < 0) {
            return false;
        }
        question = packet;
        questionOffset = Question.OFFSET;
        nameLength = view.nameLength();
        questionChanges++;
        forgetKey();
        return true;
    }
}

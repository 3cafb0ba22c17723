package dev.weir.engine.query;

import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.acl.Peer;
import dev.weir.engine.backend.Backend;
import dev.weir.engine.cache.CacheIdentity;
import dev.weir.engine.cache.PacketCache;
import dev.weir.engine.listen.Frontend;
import dev.weir.engine.listen.Protocol;
import dev.weir.wire.Edns;
import dev.weir.wire.Header;
import dev.weir.wire.Name;
import dev.weir.wire.ProxyHeader;
import dev.weir.wire.Question;
import dev.weir.wire.RecordType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    /** What {@code dr:getRestartCount} can say, and an end to rules that never are content. */
    private static final int MAX_RESTARTS = 255;

    // Who asked, where, how.
    private final Peer peer = new Peer();
    private final Peer client = new Peer();
    private final Peer local = new Peer();
    private final Peer destination = new Peer();
    private Protocol protocol = Protocol.DO_UDP;
    private @Nullable Frontend frontend;
    private @Nullable ReplyPort replyPort;
    private long replyToken;
    private long receivedNanos;

    /** When {@link #receivedAt} was first asked for, for the query received at {@link #shownNanos}. */
    private @Nullable Instant shownTime;

    private long shownNanos;

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

    // What rules decided.
    private String poolName = "";
    private @Nullable Map<String, String> tags;
    private boolean skipCache;
    private boolean useEcs;
    private boolean ecsOverride;
    private int ecsPrefixLength;
    private boolean ecsPrefixLengthSet;
    private @Nullable IpAddress ecsV4;
    private @Nullable IpAddress ecsV6;
    private int ecsV4Prefix;
    private int ecsV6Prefix;
    private int delayMillis;
    private long tempFailureTtl = -1;
    private long maxReturnedTtl = -1;
    private @Nullable String actionParameter;
    private @Nullable List<ProxyHeader.Tlv> proxyTlvs;
    private @Nullable List<ExtendedError> extendedErrors;
    private byte @Nullable [] restartPacket;
    private int restartCount;
    private boolean restartRequested;

    // What the walk found out.
    private @Nullable Backend backend;
    private boolean backendChosen;
    private @Nullable PacketCache cache;
    private long cacheKey;
    private long cacheKeyWithoutSubnet;
    private boolean zeroScopeTried;
    private final CacheIdentity cacheIdentity = new CacheIdentity();
    private int ecsChange;
    private boolean ecsAdded;
    private boolean optAdded;
    private long sentNanos;
    private boolean selfAnswered;
    private boolean cacheHit;
    private boolean staleHit;

    /** An extended DNS error to add to the answer (RFC 8914). */
    public record ExtendedError(int infoCode, byte[] text) {}

    /**
     * Starts a new life: forgets the former question and takes a received message.
     *
     * @param newPacket holds the message at offset 0, and room behind it for EDNS and records to be added
     * @param nowNanos {@link System#nanoTime} at reception
     */
    public void begin(Protocol newProtocol, Frontend newFrontend, byte[] newPacket, int newLength, long nowNanos) {
        protocol = newProtocol;
        frontend = newFrontend;
        packet = newPacket;
        length = newLength;
        receivedNanos = nowNanos;
        question = newPacket;
        questionOffset = Question.OFFSET;
        nameLength = 1;
        questionChanges++;
        forgetKey();
        poolName = "";
        tags = null;
        skipCache = false;
        useEcs = true;
        ecsOverride = false;
        ecsPrefixLengthSet = false;
        ecsV4 = null;
        ecsV6 = null;
        delayMillis = 0;
        tempFailureTtl = -1;
        maxReturnedTtl = -1;
        actionParameter = null;
        proxyTlvs = null;
        extendedErrors = null;
        restartPacket = null;
        restartCount = 0;
        restartRequested = false;
        beginLeg();
    }

    /** Forgets what the walk found out, as when the query is processed again. */
    public void beginLeg() {
        forgetBackend();
        cache = null;
        zeroScopeTried = false;
        ecsChange = 0;
        ecsAdded = false;
        optAdded = false;
        selfAnswered = false;
        cacheHit = false;
        staleHit = false;
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

    // ---- who asked, where, how

    /** Who sent the packet, and gets the answer. */
    public Peer peer() {
        return peer;
    }

    /** Who asks: the peer, or who the PROXY header says is behind it. */
    public Peer client() {
        return client;
    }

    /** The address of ours that the packet was sent to. */
    public Peer local() {
        return local;
    }

    /** Where the client sent its query: our address, or what the PROXY header says. */
    public Peer destination() {
        return destination;
    }

    public Protocol protocol() {
        return protocol;
    }

    public boolean overUdp() {
        return protocol.isDatagram();
    }

    public Frontend frontend() {
        return Objects.requireNonNull(frontend);
    }

    /** Who sends the answer if it does not come at once. */
    public ReplyPort replyPort() {
        return Objects.requireNonNull(replyPort);
    }

    /** @param token whatever the port needs to find the client again */
    public void replyTo(ReplyPort port, long token) {
        replyPort = port;
        replyToken = token;
    }

    public long replyToken() {
        return replyToken;
    }

    public long receivedNanos() {
        return receivedNanos;
    }

    /**
     * The time of day at which the query came in: the same each time it is asked for.
     *
     * @param now the moment of {@code nowNanos}
     * @param nowNanos {@link System#nanoTime}
     */
    public Instant receivedAt(Instant now, long nowNanos) {
        Instant time = shownTime;
        if (time == null || shownNanos != receivedNanos) {
            time = now.minusNanos(nowNanos - receivedNanos);
            shownTime = time;
            shownNanos = receivedNanos;
        }
        return time;
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

    // ---- what rules decide

    public String poolName() {
        return poolName;
    }

    public void setPoolName(String name) {
        poolName = name;
    }

    public @Nullable String tag(String key) {
        return tags == null ? null : tags.get(key);
    }

    public void setTag(String key, String value) {
        if (tags == null) {
            tags = new LinkedHashMap<>();
        }
        tags.put(key, value);
    }

    public void unsetTag(String key) {
        if (tags != null) {
            tags.remove(key);
        }
    }

    /** All tags, in the order they were set; not to be changed. */
    public Map<String, String> tags() {
        return tags == null ? Map.of() : tags;
    }

    public boolean skipCache() {
        return skipCache;
    }

    public void setSkipCache(boolean skip) {
        skipCache = skip;
    }

    /** Whether the client's subnet may be sent on; true until a rule says no. */
    public boolean useEcs() {
        return useEcs;
    }

    public void setUseEcs(boolean use) {
        useEcs = use;
    }

    public boolean ecsOverride() {
        return ecsOverride;
    }

    public void setEcsOverride(boolean override) {
        ecsOverride = override;
    }

    /** Prefix length that a rule chose for the client's family, or -1. */
    public int ecsPrefixLength() {
        return ecsPrefixLengthSet ? ecsPrefixLength : -1;
    }

    public void setEcsPrefixLength(int bits) {
        ecsPrefixLength = bits;
        ecsPrefixLengthSet = true;
    }

    /** Networks to send instead of the client's own. */
    public void setEcs(@Nullable IpAddress v4, int v4Prefix, @Nullable IpAddress v6, int v6Prefix) {
        ecsV4 = v4;
        ecsV4Prefix = v4Prefix;
        ecsV6 = v6;
        ecsV6Prefix = v6Prefix;
    }

    public @Nullable IpAddress fixedEcs() {
        return client.family() == 4 ? ecsV4 : ecsV6;
    }

    public int fixedEcsPrefix() {
        return client.family() == 4 ? ecsV4Prefix : ecsV6Prefix;
    }

    public int delayMillis() {
        return delayMillis;
    }

    public void setDelayMillis(int millis) {
        delayMillis = millis;
    }

    /** Seconds to cache a SERVFAIL or REFUSED of this query; -1: as the cache is set. */
    public long tempFailureTtl() {
        return tempFailureTtl;
    }

    public void setTempFailureTtl(long seconds) {
        tempFailureTtl = seconds;
    }

    /** Highest TTL the client may see, in seconds; -1: as they are. */
    public long maxReturnedTtl() {
        return maxReturnedTtl;
    }

    public void setMaxReturnedTtl(long seconds) {
        maxReturnedTtl = seconds;
    }

    /** What an action returned beside its result, such as the name of a pool. */
    public @Nullable String actionParameter() {
        return actionParameter;
    }

    public void setActionParameter(@Nullable String parameter) {
        actionParameter = parameter;
    }

    /** TLVs of the PROXY header: those received and those that rules added. */
    public List<ProxyHeader.Tlv> proxyTlvs() {
        return proxyTlvs == null ? List.of() : proxyTlvs;
    }

    public void addProxyTlv(int tlvType, byte[] value) {
        if (proxyTlvs == null) {
            proxyTlvs = new ArrayList<>();
        }
        proxyTlvs.add(new ProxyHeader.Tlv(tlvType, value));
    }

    public void setProxyTlvs(List<ProxyHeader.Tlv> tlvs) {
        proxyTlvs = tlvs.isEmpty() ? null : new ArrayList<>(tlvs);
    }

    public List<ExtendedError> extendedErrors() {
        return extendedErrors == null ? List.of() : extendedErrors;
    }

    public void addExtendedError(int infoCode, byte[] text, boolean clearOthers) {
        if (extendedErrors == null) {
            extendedErrors = new ArrayList<>();
        } else if (clearOthers) {
            extendedErrors.clear();
        }
        extendedErrors.add(new ExtendedError(infoCode, text));
    }

    /** Keeps a copy of the message so that the query can be processed again ({@code dq:setRestartable}). */
    public void setRestartable() {
        restartPacket = packetCopy();
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
        restartRequested = restartPacket != null
                && restartCount < MAX_RESTARTS
                && type != RecordType.AXFR
                && type != RecordType.IXFR;
        return restartRequested;
    }

    public boolean restartRequested() {
        return restartRequested;
    }

    /** How many times the query was processed again. */
    public int restartCount() {
        return restartCount;
    }

    /** Puts the kept copy under treatment, for the query's next leg; false if its question cannot be read. */
    public boolean restart(Question view) {
        byte[] copy = Objects.requireNonNull(restartPacket);
        restartRequested = false;
        restartCount++;
        beginLeg();
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

    // ---- what the walk finds out

    /** The backend it was handed to. */
    public @Nullable Backend backend() {
        return backend;
    }

    /** Keeps what the policy said: {@code null} if it found nobody. */
    public void setBackend(@Nullable Backend newBackend) {
        backend = newBackend;
        backendChosen = true;
    }

    /** Whether the policy was asked, whatever it said. */
    public boolean backendChosen() {
        return backendChosen;
    }

    public void forgetBackend() {
        backend = null;
        backendChosen = false;
    }

    public @Nullable PacketCache cache() {
        return cache;
    }

    public void setCache(@Nullable PacketCache newCache) {
        cache = newCache;
    }

    public long cacheKey() {
        return cacheKey;
    }

    public void setCacheKey(long key) {
        cacheKey = key;
    }

    public long cacheKeyWithoutSubnet() {
        return cacheKeyWithoutSubnet;
    }

    public void setCacheKeyWithoutSubnet(long key) {
        cacheKeyWithoutSubnet = key;
        zeroScopeTried = true;
    }

    /** The query is no longer the one that was looked up without a subnet, or its answer goes to another cache. */
    public void forgetZeroScope() {
        zeroScopeTried = false;
    }

    public boolean zeroScopeTried() {
        return zeroScopeTried;
    }

    /** What an answer in the cache must agree on with this query. */
    public CacheIdentity cacheIdentity() {
        return cacheIdentity;
    }

    /** What {@link dev.weir.wire.ClientSubnetEditor} did to the query. */
    public int ecsChange() {
        return ecsChange;
    }

    public void setEcsAdded(int change) {
        ecsChange = change;
        ecsAdded = change != 0;
    }

    public boolean ecsAdded() {
        return ecsAdded;
    }

    /** Whether the query goes to its backend with an OPT that the client did not send. */
    public boolean optAdded() {
        return optAdded;
    }

    public void setOptAdded(boolean added) {
        optAdded = added;
    }

    /** When it went to the backend, as {@link System#nanoTime}. */
    public long sentNanos() {
        return sentNanos;
    }

    public void sentAt(long nanos) {
        sentNanos = nanos;
    }

    public boolean selfAnswered() {
        return selfAnswered;
    }

    public void setSelfAnswered() {
        selfAnswered = true;
    }

    public boolean cacheHit() {
        return cacheHit;
    }

    public void setCacheHit(boolean stale) {
        cacheHit = true;
        staleHit = stale;
    }

    /** Answered from an expired entry, because no backend could answer. */
    public boolean staleHit() {
        return staleHit;
    }
}

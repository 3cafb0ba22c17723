package dev.weir.engine.query;

import dev.weir.engine.acl.IpAddress;
import dev.weir.wire.ProxyHeader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What rules decided about a query, by their actions or the operator's own code: where it goes, what it carries, how long its answer is good.
 * The walk goes by it. Stays when the query is processed again.
 */
public final class RuleDecisions {
    /** An extended DNS error to add to the answer (RFC 8914). */
    public record ExtendedError(int infoCode, byte[] text) {}

    /** What {@code dr:getRestartCount} can say, and an end to rules that never are content. */
    private static final int MAX_RESTARTS = 255;

    private String poolName = "";
    private @Nullable Map<String, String> tags;
    private boolean skipCache;
    private boolean useEcs = true;
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
    private @Nullable HttpAnswer httpAnswer;
    private @Nullable Suspended suspension;

    RuleDecisions() {}

    /** Nothing is decided yet. */
    void begin() {
        poolName = "";
        tags = null;
        skipCache = false;
        useEcs = true;
        ecsOverride = false;
        ecsPrefixLength = 0;
        ecsPrefixLengthSet = false;
        setEcs(null, 0, null, 0);
        delayMillis = 0;
        tempFailureTtl = -1;
        maxReturnedTtl = -1;
        actionParameter = null;
        proxyTlvs = null;
        extendedErrors = null;
        restartPacket = null;
        restartCount = 0;
        restartRequested = false;
        httpAnswer = null;
        suspension = null;
    }

    /** What a request over HTTP is answered with instead of DNS; null for DNS. */
    public @Nullable HttpAnswer httpAnswer() {
        return httpAnswer;
    }

    public void setHttpAnswer(HttpAnswer answer) {
        httpAnswer = answer;
    }

    // ---- where it goes, and what it is called

    /** The pool's name; empty for the default pool. */
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

    /** What an action returned beside its result, such as the name of a pool. */
    public @Nullable String actionParameter() {
        return actionParameter;
    }

    public void setActionParameter(@Nullable String parameter) {
        actionParameter = parameter;
    }

    // ---- cache, client subnet

    public boolean skipCache() {
        return skipCache;
    }

    public void setSkipCache(boolean skip) {
        skipCache = skip;
    }

    /** Seconds to cache a SERVFAIL or REFUSED of this query; -1: as the cache is set. */
    public long tempFailureTtl() {
        return tempFailureTtl;
    }

    public void setTempFailureTtl(long seconds) {
        tempFailureTtl = seconds;
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

    /**
     * The network to send instead of the client's own; null if it is to be the client's.
     *
     * @param clientFamily 4 or 6
     */
    public @Nullable IpAddress fixedEcs(int clientFamily) {
        return clientFamily == 4 ? ecsV4 : ecsV6;
    }

    /** The prefix length of {@link #fixedEcs}. */
    public int fixedEcsPrefix(int clientFamily) {
        return clientFamily == 4 ? ecsV4Prefix : ecsV6Prefix;
    }

    // ---- the answer

    public int delayMillis() {
        return delayMillis;
    }

    public void setDelayMillis(int millis) {
        delayMillis = millis;
    }

    /** Highest TTL the client may see, in seconds; -1: as they are. */
    public long maxReturnedTtl() {
        return maxReturnedTtl;
    }

    public void setMaxReturnedTtl(long seconds) {
        maxReturnedTtl = seconds;
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

    // ---- PROXY header

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

    // ---- waiting for somebody outside

    /** Where it is to be left when the rule that is at work has returned; null if it goes on. */
    public @Nullable Suspended suspension() {
        return suspension;
    }

    void suspend(@Nullable Suspended newSuspension) {
        suspension = newSuspension;
    }

    // ---- processing it again: see Query

    void keepForRestart(byte[] packet) {
        restartPacket = packet;
    }

    byte @Nullable [] restartPacket() {
        return restartPacket;
    }

    void requestRestart() {
        restartRequested = restartPacket != null && restartCount < MAX_RESTARTS;
    }

    void refuseRestart() {
        restartRequested = false;
    }

    void restarted() {
        restartRequested = false;
        restartCount++;
    }

    /** Whether a rule has discarded the answer, and the query is to be processed again. */
    public boolean restartRequested() {
        return restartRequested;
    }

    /** How many times the query was processed again. */
    public int restartCount() {
        return restartCount;
    }
}

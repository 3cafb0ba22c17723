package dev.weir.engine.model;

import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/** The global settings while people change them; the fields start as dnsdist's defaults and are explained at {@link WalkSettings}. */
@SuppressWarnings("MissingJavadocMember")
public final class SettingsBuilder {
    public int udpTimeoutSeconds = 2;
    public int staleCacheEntriesTtl;
    public boolean addEdnsToSelfGeneratedResponses = true;
    public int payloadSizeOnSelfGeneratedAnswers = 1232;
    public boolean allowEmptyResponse;
    public boolean dropEmptyQueries;
    public boolean servFailWhenNoServer;
    public boolean roundRobinFailOnNoServer;
    public double weightedBalancingFactor;
    public double consistentHashingBalancingFactor;
    /** Random until somebody sets it. */
    public int hashPerturbation = ThreadLocalRandom.current().nextInt();

    public boolean fixupCase;
    public boolean truncateTc;
    public int ecsSourcePrefixV4 = 24;
    public int ecsSourcePrefixV6 = 56;
    public boolean ecsOverride;
    public boolean proxyApplyAclToProxiedClients;
    public int proxyMaximumPayloadSize = 512;

    SettingsBuilder() {}

    /** Every setting and its value. */
    public Map<String, Object> all() {
        return PublicFields.of(this);
    }

    WalkSettings build() {
        return new WalkSettings(
                udpTimeoutSeconds,
                staleCacheEntriesTtl,
                addEdnsToSelfGeneratedResponses,
                payloadSizeOnSelfGeneratedAnswers,
                allowEmptyResponse,
                dropEmptyQueries,
                servFailWhenNoServer,
                roundRobinFailOnNoServer,
                weightedBalancingFactor,
                consistentHashingBalancingFactor,
                hashPerturbation,
                fixupCase,
                truncateTc,
                ecsSourcePrefixV4,
                ecsSourcePrefixV6,
                ecsOverride,
                proxyApplyAclToProxiedClients,
                proxyMaximumPayloadSize);
    }
}

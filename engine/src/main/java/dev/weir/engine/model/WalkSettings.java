package dev.weir.engine.model;

/**
 * Global settings that the walk looks at; immutable, part of the {@link Snapshot}. Names follow the Lua functions that set them.
 *
 * @param udpTimeoutSeconds how long a backend may take over UDP
 * @param staleCacheEntriesTtl seconds past their end for which answers may still serve when no backend is up; 0: never
 * @param payloadSizeOnSelfGeneratedAnswers UDP payload size our own answers announce, in octets
 * @param hashSeed seed of the name hash that policies distribute by
 * @param proxyMaximumPayloadSize longest PROXY header taken, in octets
 */
public record WalkSettings(
        int udpTimeoutSeconds,
        int staleCacheEntriesTtl,
        boolean addEdnsToSelfGeneratedResponses,
        int payloadSizeOnSelfGeneratedAnswers,
        boolean allowEmptyResponse,
        boolean dropEmptyQueries,
        boolean servFailWhenNoServer,
        boolean roundRobinFailOnNoServer,
        double weightedBalancingFactor,
        double consistentHashingBalancingFactor,
        int hashSeed,
        boolean fixupCase,
        boolean truncateTc,
        int ecsSourcePrefixV4,
        int ecsSourcePrefixV6,
        boolean ecsOverride,
        boolean proxyApplyAclToProxiedClients,
        int proxyMaximumPayloadSize) {}

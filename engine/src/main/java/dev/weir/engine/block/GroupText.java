package dev.weir.engine.block;

import dev.weir.engine.acl.Netmask;
import dev.weir.engine.acl.NetmaskGroup;
import dev.weir.engine.action.Result;
import dev.weir.engine.rule.SuffixSet;
import dev.weir.wire.RecordType;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** How groups and actions are shown, in the words that dnsdist's operators know. */
public final class GroupText {
    /** The registry's descriptions (IANA DNS RCODEs), as dnsdist prints them. */
    private static final String[] RCODES = {
        "No Error",
        "Form Error",
        "Server Failure",
        "Non-Existent domain",
        "Not Implemented",
        "Query Refused",
        "Name Exists when it should not",
        "RR Set Exists when it should not",
        "RR Set that should exist does not",
        "Server Not Authoritative for zone / Not Authorized",
        "Name not contained in zone"
    };

    private GroupText() {}

    /** A block's action. */
    public static String of(Result action) {
        return switch (action) {
            case DROP -> "Drop";
            case NXDOMAIN -> "Send NXDomain";
            case REFUSED -> "Send Refused";
            case SPOOF -> "Spoof an answer";
            case ALLOW -> "Allow";
            case HEADER_MODIFY -> "Modify the header";
            case POOL -> "Route to a pool";
            case DELAY -> "Delay";
            case TRUNCATE -> "Truncate over UDP";
            case SERVFAIL -> "Send ServFail";
            case NONE, NO_OP -> "Do nothing";
            case NO_RECURSE -> "Set rd=0";
            case SPOOF_RAW -> "Spoof an answer from raw bytes";
            case SPOOF_PACKET -> "Spoof a raw answer from bytes";
            case SET_TAG -> "Set Tag";
        };
    }

    static String of(
            List<Limit> limits, @Nullable SuffixRule suffixRule, NetmaskGroup ranges, SuffixSet excludedDomains) {
        StringBuilder text = new StringBuilder();
        text.append("Query rate rule: ")
                .append(single(limits, Limit.Kind.QUERY_RATE))
                .append('\n');
        text.append("Response rate rule: ")
                .append(single(limits, Limit.Kind.BYTE_RATE))
                .append('\n');
        text.append("SuffixMatch rule: ")
                .append(suffixRule == null ? "" : limit(suffixRule.block(), "0", suffixRule.seconds()))
                .append('\n');
        text.append("RCode rules: \n");
        coded(text, limits, Limit.Kind.RCODE_RATE);
        coded(text, limits, Limit.Kind.RCODE_RATIO);
        coded(text, limits, Limit.Kind.ALLOWED_RCODES_RATIO);
        text.append("QType rules: \n");
        coded(text, limits, Limit.Kind.TYPE_RATE);
        String misses = single(limits, Limit.Kind.CACHE_MISS_RATIO);
        if (!misses.isEmpty()) {
            text.append("Cache-miss ratio rule: ").append(misses).append('\n');
        }
        StringJoiner masks = new StringJoiner(", ");
        for (Netmask mask :
                ranges.masks().stream().sorted(ClientRange::insideFirst).toList()) {
            masks.add(mask.toString());
        }
        text.append("Excluded Subnets: ").append(masks).append('\n');
        text.append("Excluded Domains: ").append(excludedDomains).append('\n');
        return text.toString();
    }

    private static String single(List<Limit> limits, Limit.Kind kind) {
        for (Limit limit : limits) {
            if (limit.kind() == kind) {
                return of(limit);
            }
        }
        return "";
    }

    private static void coded(StringBuilder text, List<Limit> limits, Limit.Kind kind) {
        for (Limit limit : limits) {
            if (limit.kind() == kind) {
                text.append("- ")
                        .append(code(limit))
                        .append(": ")
                        .append(of(limit))
                        .append('\n');
            }
        }
    }

    private static String code(Limit limit) {
        return switch (limit.kind()) {
            case TYPE_RATE -> RecordType.toString(limit.code());
            case ALLOWED_RCODES_RATIO -> {
                StringJoiner codes = new StringJoiner(", ", "All but ", "");
                limit.allowed().stream().sorted().forEach(code -> codes.add(rcode(code)));
                yield codes.toString();
            }
            default -> rcode(limit.code());
        };
    }

    private static String rcode(int code) {
        if (code < RCODES.length) {
            return RCODES[code];
        }
        return code < 16 ? "Err#" + code : "ErrOutOfRange";
    }

    private static String of(Limit limit) {
        String most = limit.kind().isRatio()
                ? String.format(Locale.ROOT, "%f ratio", limit.most())
                : Long.toString((long) limit.most());
        return limit(limit.block(), most, limit.seconds());
    }

    private static String limit(BlockSpec block, String most, int seconds) {
        String action = block.action() == Result.NONE ? "Apply the global DynBlock action" : of(block.action());
        return action + " for " + block.seconds() + " seconds when over " + most + " during the last " + seconds
                + " seconds, reason: '" + block.reason() + "'";
    }
}

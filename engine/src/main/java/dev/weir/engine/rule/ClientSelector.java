package dev.weir.engine.rule;

import dev.weir.engine.acl.NetmaskGroup;
import dev.weir.engine.acl.TimedAddresses;
import dev.weir.engine.listen.Protocol;
import dev.weir.engine.query.Query;
import dev.weir.engine.query.RuleContext;
import dev.weir.wire.ProxyHeader;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Selectors that look at who asks, where, and how the query came. */
public sealed interface ClientSelector extends Selector {
    /** The client's address, or the one it asked at, is in a set of networks. */
    record Netmasks(NetmaskGroup group, boolean source, boolean quiet) implements ClientSelector {
        @Override
        public boolean matches(Query query, RuleContext context) {
            return group.match(source ? query.origin().client() : query.origin().destination());
        }

        @Override
        public String text() {
            return (source ? "Src: " : "Dst: ") + (quiet ? "in-group" : group.toString());
        }
    }

    /** The client's address is in a set, for as long as it was put there. */
    record TimedSource(TimedAddresses addresses) implements ClientSelector {
        @Override
        public boolean matches(Query query, RuleContext context) {
            return addresses.size() > 0
                    && addresses.contains(query.origin().client().ip(), context.nowNanos());
        }

        @Override
        public String text() {
            return "Src: " + addresses.size() + " ips";
        }
    }

    record DstPort(int port) implements ClientSelector {
        @Override
        public boolean matches(Query query, RuleContext context) {
            return query.origin().destination().port() == port;
        }

        @Override
        public String text() {
            return "dst port==" + port;
        }
    }

    /** Queries over TCP, or over anything but TCP. DoT, DoH and their like count as TCP. */
    record Tcp(boolean tcp) implements ClientSelector {
        @Override
        public boolean matches(Query query, RuleContext context) {
            return query.origin().overUdp() != tcp;
        }

        @Override
        public String text() {
            return tcp ? "TCP" : "UDP";
        }
    }

    /** How the client's query came. */
    record IncomingProtocol(Protocol protocol) implements ClientSelector {
        @Override
        public boolean matches(Query query, RuleContext context) {
            return query.origin().protocol() == protocol;
        }

        @Override
        public String text() {
            return "incoming protocol is " + protocol.shortName();
        }
    }

    /** The name that the client asked for in its handshake. */
    record ServerName(String name) implements ClientSelector {
        @Override
        public boolean matches(Query query, RuleContext context) {
            return query.origin().serverName().equals(name);
        }

        @Override
        public String text() {
            return "SNI == " + name;
        }
    }

    /** @param value {@code null}: any */
    record ProxyValue(int type, byte @Nullable [] value) implements ClientSelector {
        @Override
        public boolean matches(Query query, RuleContext context) {
            for (ProxyHeader.Tlv tlv : query.decided().proxyTlvs()) {
                if (tlv.type() == type && (value == null || Arrays.equals(value, tlv.value()))) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public String text() {
            return "proxy protocol value of type " + type + (value == null ? "" : " matches");
        }
    }
}

package dev.weir.engine.explain;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.acl.Netmask;
import dev.weir.engine.listen.Protocol;
import dev.weir.wire.ClientSubnet;
import dev.weir.wire.Edns;
import dev.weir.wire.EdnsEditor;
import dev.weir.wire.Header;
import dev.weir.wire.Name;
import dev.weir.wire.Octets;
import dev.weir.wire.Question;
import dev.weir.wire.RecordClass;
import dev.weir.wire.RecordType;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A query that nobody has asked.
 *
 * @param client who asks; port 0 where that is left open
 * @param listener where it comes in; null for the first listener that speaks the protocol
 * @param flags RD and CD, as in the header
 * @param edns whether it has OPT; with {@code dnssecOk} or a subnet it does
 * @param subnet that the client itself sends along (RFC 7871); null for none
 * @param serverName that the client names in its handshake (SNI)
 * @param path of the request, over HTTP
 * @param all whether rules that do not match are told too
 */
public record ImaginedQuery(
        Name name,
        int type,
        int recordClass,
        Endpoint client,
        Protocol protocol,
        @Nullable Endpoint listener,
        int flags,
        boolean edns,
        boolean dnssecOk,
        @Nullable Netmask subnet,
        String serverName,
        String path,
        boolean all) {

    /** What a query may be given besides its name and type, and what that means: for those who ask, whatever language they speak. */
    public static final Map<String, String> OPTIONS = options();

    private static final int PAYLOAD_SIZE = 1232;

    /** Octets of an option's code and length. */
    private static final int OPTION_HEAD = 4;

    private static final String USUAL_CLIENT = "127.0.0.1";

    private static Map<String, String> options() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("client", "ADDRESS[:PORT] who asks; 127.0.0.1 if nothing is said");
        all.put("protocol", "udp, tcp, dot, doh, doq, doh3, dnscrypt-udp or dnscrypt-tcp; udp if nothing is said");
        all.put("listener", "ADDRESS:PORT where it comes in; the first that speaks the protocol if nothing is said");
        all.put("class", "IN, CH, ANY or CLASS followed by a number");
        all.put("rd", "false: recursion is not desired");
        all.put("cd", "true: checking is disabled");
        all.put("edns", "true: with an OPT record");
        all.put("do", "true: DNSSEC records are wanted");
        all.put("subnet", "ADDRESS/BITS that the client sends along");
        all.put("sni", "the name that the client asks for in its handshake");
        all.put("path", "of the request over HTTP; /dns-query if nothing is said");
        all.put("all", "true: tells of rules that do not match, too");
        return all;
    }

    /**
     * Reads one.
     *
     * @param type a mnemonic, or {@code TYPE} and a number
     * @param options by the keys of {@link #OPTIONS}
     * @throws IllegalArgumentException in words for whoever asks
     */
    public static ImaginedQuery parse(String name, String type, Map<String, String> options) {
        for (String key : options.keySet()) {
            if (!OPTIONS.containsKey(key)) {
                throw new IllegalArgumentException(
                        "there is no option '" + key + "': " + String.join(", ", OPTIONS.keySet()));
            }
        }
        String subnet = options.get("subnet");
        String listener = options.get("listener");
        boolean dnssecOk = truth(options, "do", false);
        return new ImaginedQuery(
                Name.parse(name),
                number("type", type, RecordType.parse(type)),
                options.containsKey("class")
                        ? number("class", options.get("class"), RecordClass.parse(options.get("class")))
                        : RecordClass.IN,
                Endpoint.parse(options.getOrDefault("client", USUAL_CLIENT), 0),
                protocol(options.getOrDefault("protocol", "udp")),
                listener == null ? null : Endpoint.parse(listener, 53),
                (truth(options, "rd", true) ? Header.RD : 0) | (truth(options, "cd", false) ? Header.CD : 0),
                dnssecOk || subnet != null || truth(options, "edns", false),
                dnssecOk,
                subnet == null ? null : Netmask.parse(subnet),
                options.getOrDefault("sni", ""),
                options.getOrDefault("path", "/dns-query"),
                truth(options, "all", false));
    }

    private static int number(String what, String text, int parsed) {
        if (parsed < 0) {
            throw new IllegalArgumentException("there is no " + what + " '" + text + "'");
        }
        return parsed;
    }

    private static boolean truth(Map<String, String> options, String key, boolean otherwise) {
        String text = options.get(key);
        return switch (text == null ? "" : text.toLowerCase(Locale.ROOT)) {
            case "" -> text == null ? otherwise : true;
            case "true", "yes", "1" -> true;
            case "false", "no", "0" -> false;
            default -> throw new IllegalArgumentException(key + " is true or false, not '" + text + "'");
        };
    }

    private static Protocol protocol(String text) {
        String wanted = text.toLowerCase(Locale.ROOT).replace("-", "").replace("do53", "");
        for (Protocol protocol : Protocol.values()) {
            String name = protocol.shortName().toLowerCase(Locale.ROOT);
            if (wanted.equals(name) || !protocol.isEncrypted() && wanted.equals(name.substring(2))) {
                return protocol;
            }
        }
        throw new IllegalArgumentException(
                "there is no protocol '" + text + "': udp, tcp, dot, doh, doq, doh3, dnscrypt-udp, dnscrypt-tcp");
    }

    /** Writes it as it would come in; returns its length. */
    int compose(byte[] target) {
        Header.setFlags(target, flags);
        Octets.putU16(target, Header.QDCOUNT, 1);
        int length = name.compose(target, Question.OFFSET);
        Octets.putU16(target, length, type);
        Octets.putU16(target, length + 2, recordClass);
        length += 4;
        if (!edns) {
            return length;
        }
        EdnsEditor editor = new EdnsEditor();
        length = editor.appendOpt(target, length, PAYLOAD_SIZE, dnssecOk ? Edns.DO : 0, 0);
        if (subnet == null) {
            return length;
        }
        byte[] option = new byte[ClientSubnet.MAX_LENGTH];
        int family = subnet.ip().isV4() ? ClientSubnet.IPV4 : ClientSubnet.IPV6;
        int end = ClientSubnet.compose(
                option, 0, family, subnet.ip().hi(), subnet.ip().lo(), subnet.prefix());
        return editor.setOption(target, length, ClientSubnet.OPTION, option, OPTION_HEAD, end - OPTION_HEAD);
    }

    /** The question in one line. */
    @Override
    public String toString() {
        return name + " " + RecordType.toString(type) + " from " + (client.port() == 0 ? client.ip() : client)
                + " over " + protocol.prettyName();
    }
}

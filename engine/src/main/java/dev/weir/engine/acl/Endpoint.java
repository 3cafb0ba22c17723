package dev.weir.engine.acl;

/** An address with a port, as a configuration gives it: where to listen, where a backend is. */
public record Endpoint(IpAddress ip, int port) {
    public Endpoint {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException(port + " is not a port");
        }
    }

    /**
     * Reads {@code 192.0.2.1}, {@code 192.0.2.1:53}, {@code 2001:db8::1} or {@code [2001:db8::1]:53}.
     *
     * @throws IllegalArgumentException if it is none of these; host names are not resolved
     */
    public static Endpoint parse(String text, int defaultPort) {
        String host = text.strip();
        String port = "";
        if (host.startsWith("[")) {
            int close = host.indexOf(']');
            if (close < 0) {
                throw new IllegalArgumentException("'" + text + "' has no closing bracket");
            }
            port = host.substring(close + 1);
            host = host.substring(1, close);
            if (!port.isEmpty() && port.charAt(0) != ':') {
                throw new IllegalArgumentException("'" + text + "' has something other than :port behind the bracket");
            }
            port = port.isEmpty() ? "" : port.substring(1);
        } else if (host.indexOf(':') >= 0 && host.indexOf(':') == host.lastIndexOf(':')) {
            port = host.substring(host.indexOf(':') + 1);
            host = host.substring(0, host.indexOf(':'));
        }
        return new Endpoint(IpAddress.parse(host), port.isEmpty() ? defaultPort : parsePort(text, port));
    }

    private static int parsePort(String text, String port) {
        try {
            int number = Integer.parseInt(port);
            if (number >= 0 && number <= 65535) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "': '" + port + "' is not a port", e);
        }
        throw new IllegalArgumentException("'" + text + "': '" + port + "' is not a port");
    }

    /** {@code 192.0.2.1:53} or {@code [2001:db8::1]:53}. */
    @Override
    public String toString() {
        return ip.isV4() ? ip + ":" + port : "[" + ip + "]:" + port;
    }
}

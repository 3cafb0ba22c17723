package dev.weir.compat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Await;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsProcess;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.LoopbackPorts;
import dev.weir.testkit.NewerThanDebian;
import dev.weir.testkit.UdpClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Requests that nobody would send, to every path, with right and wrong credentials: no 500 without a line in the log, no secret in an answer or in
 * the log, and DNS is answered all the while. {@code -Dweir.web.requests=N} asks more, {@code -Dweir.web.seed=N} asks others.
 */
@NewerThanDebian("has another API")
@Timeout(600)
class WebFuzzTest {
    private static final int REQUESTS = Integer.getInteger("weir.web.requests", 3_000);
    private static final long SEED = Long.getLong("weir.web.seed", 16);
    private static final String PASSWORD = "a-password-of-nobody-else";
    private static final String KEY = "an-api-key-of-nobody-else";

    /** Of those who guess: neither is what they guess to be found anywhere. */
    private static final String GUESS = "a-guess-of-somebody";

    private static final String API = "/api/v1/servers/localhost";
    private static final List<String> PATHS = List.of(
            "/",
            "/dashboard.css",
            "/dashboard.js",
            "/events",
            "/metrics",
            "/jsonstat",
            "/mine",
            "/throws",
            API,
            API + "/statistics",
            API + "/pool",
            API + "/rings",
            API + "/config",
            API + "/config/allow-from",
            "/api/v1/cache",
            "/api/v1/weir/explain",
            "/api/v1/weir/block",
            "/api/v1/weir/unblock",
            "/api/v1/weir/server",
            "/api/v1/weir/reload");
    private static final List<String> METHODS = List.of(
            "GET", "GET", "POST", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "TRACE", "CONNECT", "get",
            "X\u00e4");
    private static final List<String> PARAMETERS = List.of(
            "command=stats",
            "command=dynblocklist",
            "pool=",
            "pool=lab",
            "name=www.example.",
            "name=.",
            "suffix=",
            "type=A",
            "client=192.0.2.1",
            "protocol=DoH",
            "dry-run",
            "id=0");
    private static final List<String> VALUES = List.of(
            "",
            "0",
            "-1",
            "99999999999999999999",
            "1e999",
            "nil",
            "%00",
            "%",
            "%zz",
            "%c3%28",
            "\u00e4",
            "a.b.c",
            "..",
            "*",
            "<script>",
            "'\"",
            "A".repeat(3_000));
    private static final List<String> BODIES = List.of(
            "{\"client\": \"192.0.2.7\", \"seconds\": 600, \"reason\": \"flood\"}",
            "{\"suffix\": \"bad.example\", \"seconds\": 1, \"action\": \"drop\"}",
            "{\"id\": \"41111111-2222-3333-4444-555555555555\", \"state\": \"down\"}",
            "{\"name\": \"allow-from\", \"type\": \"ConfigSetting\", \"value\": [\"127.0.0.0/8\", \"192.0.2.0/24\"]}",
            "[]",
            "null",
            "");

    private final Random random = new Random(SEED);
    private final int web = LoopbackPorts.free();

    private static String config(int web) {
        return """
                newServer({address="127.0.0.1:9", name="down", healthCheckMode="down", id="41111111-2222-3333-4444-555555555555", pool="lab"})
                getPool("lab"):setCache(newPacketCache(100))
                webserver("127.0.0.1:%d")
                setWebserverConfig({password="%s", apiKey="%s"})
                setAPIWritable(true)
                registerWebHandler("/mine", function(request, response) response.status = 200 response.body = request.path end)
                registerWebHandler("/throws", function() error("planted") end)
                addAction(AllRule(), SpoofAction("192.0.2.1"))
                """.formatted(web, PASSWORD, KEY);
    }

    private <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private boolean now(int percent) {
        return random.nextInt(100) < percent;
    }

    /** A known path, damaged now and then, with parameters. */
    private String target() {
        StringBuilder target = new StringBuilder(one(PATHS));
        if (now(15)) {
            switch (random.nextInt(5)) {
                case 0 -> target.append('/');
                case 1 -> target.insert(0, "//..");
                case 2 -> target.setCharAt(random.nextInt(target.length()), (char) (33 + random.nextInt(94)));
                case 3 -> target.append("%2e%2e%2f").append(one(VALUES));
                default -> target.setLength(random.nextInt(target.length()));
            }
        }
        for (int i = 0; now(40) && i < 70; i++) {
            target.append(i == 0 ? '?' : '&').append(one(PARAMETERS));
            if (now(30)) {
                target.append('=').append(one(VALUES));
            }
        }
        return target.toString();
    }

    private String credentials() {
        return switch (random.nextInt(7)) {
            case 0, 1 -> "X-API-Key: " + KEY + "\r\n";
            case 2 -> "Authorization: Basic " + basic(PASSWORD) + "\r\n";
            case 3 -> "X-API-Key: " + GUESS + "\r\n";
            case 4 -> "Authorization: Basic " + basic(GUESS) + "\r\n";
            case 5 ->
                "Authorization: " + one(List.of("Basic", "Basic =", "Basic " + one(VALUES), "Bearer " + GUESS, ""))
                        + "\r\n";
            default -> "";
        };
    }

    private static String basic(String password) {
        return Base64.getEncoder().encodeToString(("any:" + password).getBytes(UTF_8));
    }

    private String headers() {
        StringBuilder headers = new StringBuilder(now(90) ? "Host: a\r\n" : "");
        if (now(20)) {
            headers.append("Content-Type: ")
                    .append(one(List.of(
                            "application/json", "application/x-www-form-urlencoded", "text/plain; charset=x", "")))
                    .append("\r\n");
        }
        if (now(10)) {
            headers.append("Origin: http://elsewhere.example\r\n");
        }
        if (now(10)) {
            headers.append(one(List.of("Accept", "Connection", "Cookie", "X-API-Key", "Range", "X-\u00e4", "")))
                    .append(": ")
                    .append(one(VALUES))
                    .append("\r\n");
        }
        return headers.toString();
    }

    /** One that is right somewhere, damaged now and then; never such that it takes DNS away from us. */
    private byte[] body() {
        byte[] body = one(BODIES).getBytes(UTF_8);
        switch (random.nextInt(10)) {
            case 0 -> {
                for (int i = random.nextInt(4); i >= 0 && body.length > 0; i--) {
                    // What is no ASCII is no address, so that nobody's ACL and blocks become ours.
                    body[random.nextInt(body.length)] = (byte) (128 + random.nextInt(128));
                }
            }
            case 1 -> body = java.util.Arrays.copyOf(body, random.nextInt(body.length + 1));
            case 2 -> body = "[".repeat(random.nextInt(20_000)).getBytes(UTF_8);
            case 3 ->
                body = ("{\"seconds\": " + one(VALUES) + ", \"suffix\": \""
                                + one(List.of("bad.example", "a..b", "\\ud800", "\\u0000")) + "\"}")
                        .getBytes(UTF_8);
            case 4 -> {
                body = new byte[random.nextInt(5_000)];
                random.nextBytes(body);
            }
            default -> {}
        }
        return body;
    }

    private byte[] request(String target) {
        byte[] body = body();
        String head = one(METHODS) + " " + target + " HTTP/1." + (now(90) ? "1" : "0") + "\r\n" + headers()
                + credentials() + "Content-Length: " + body.length + "\r\n\r\n";
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(head.getBytes(UTF_8));
        all.writeBytes(body);
        return all.toByteArray();
    }

    /** What comes back; of events, which do not end, the beginning. */
    private String answer(byte[] request, boolean endless) throws IOException {
        try (Socket socket = new Socket(LoopbackPorts.loopback(), web)) {
            socket.setSoTimeout((int) Await.PATIENCE.toMillis());
            OutputStream out = socket.getOutputStream();
            out.write(request);
            byte[] answer = endless
                    ? socket.getInputStream().readNBytes(12)
                    : socket.getInputStream().readAllBytes();
            return new String(answer, ISO_8859_1);
        } catch (SocketException closedMeanwhile) {
            return "";
        }
    }

    @Test
    void nothingIsBrokenAndNothingIsTold() throws Exception {
        Map<String, Integer> seen = new TreeMap<>();
        try (DnsProcess weir = DnsProcess.start(config(web));
                UdpClient client = weir.udp()) {
            Await.until("the web server listens", Await.PATIENCE, () -> LoopbackPorts.tcpListening(web));
            for (int i = 0; i < REQUESTS; i++) {
                String target = target();
                String answer = answer(request(target), target.startsWith("/events"));
                assertThat(answer)
                        .as("seed %d, request %d", SEED, i)
                        .doesNotContain(PASSWORD, KEY, GUESS, DnsProcess.CONSOLE_KEY)
                        .doesNotContain(basic(PASSWORD), basic(GUESS));
                seen.merge(answer.length() < 12 ? "closed" : answer.substring(9, 12), 1, Integer::sum);
                if (i % 50 == 0) {
                    assertThat(client.ask(DnsQuery.of("alive.test.", DnsMessage.A))
                                    .answerTexts())
                            .as("seed %d, request %d", SEED, i)
                            .containsExactly("192.0.2.1");
                }
            }
            String log = weir.process().output();
            assertThat(log).doesNotContain(PASSWORD, KEY, GUESS, DnsProcess.CONSOLE_KEY, basic(PASSWORD));
            if (seen.containsKey("500")) {
                assertThat(log).contains("Error while answering a web request");
            }
            // Of each kind there was something to see.
            assertThat(seen).containsKeys("200", "400", "401", "404", "405");
            assertThat(log).doesNotContain("OutOfMemory", "StackOverflow");
            assertThat(weir.console("getStatisticsCounters()['survived-errors']"))
                    .isEqualTo("0");
            assertThat(weir.process().isAlive()).isTrue();
        }
    }
}

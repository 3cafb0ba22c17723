package dev.weir.compat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.weir.testkit.Await;
import dev.weir.testkit.ChildProcess;
import dev.weir.testkit.TempDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Debian's Chromium without a window, with one page, driven by its own protocol.
 *
 * @see <a href="https://chromedevtools.github.io/devtools-protocol/">Chrome DevTools Protocol</a>
 */
final class Browser implements AutoCloseable {
    private static final String PROGRAM = "/usr/bin/chromium";
    private static final JsonFactory JSON = new JsonFactory();

    private final TempDirectory profile = TempDirectory.create("weir-browser");
    private final ChildProcess process;
    private final WebSocket socket;
    private final AtomicInteger ids = new AtomicInteger();
    private final Map<Integer, CompletableFuture<String>> replies = new ConcurrentHashMap<>();

    /** What pages said on their consoles, dialogs they opened, and what was kept from them. */
    final List<String> complaints = new ArrayList<>();

    static boolean isInstalled() {
        return Files.isExecutable(Path.of(PROGRAM));
    }

    Browser() throws IOException {
        this("", List.of());
    }

    /**
     * @param state what the browser remembers from last time, its file {@code Local State}; empty for nothing
     * @param more arguments
     */
    Browser(String state, List<String> more) throws IOException {
        if (!state.isEmpty()) {
            profile.write("Local State", state);
        }
        List<String> command = new ArrayList<>(List.of(
                PROGRAM,
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--user-data-dir=" + profile.path(),
                "--remote-debugging-port=0"));
        command.addAll(more);
        command.add("about:blank");
        process = ChildProcess.start(profile.path(), command);
        Path port = profile.path().resolve("DevToolsActivePort");
        Await.until(
                "a browser",
                Await.PATIENCE,
                () -> Files.exists(port) && lines(port).size() == 2);
        HttpClient client = HttpClient.newHttpClient();
        String page = pageSocket(client, Integer.parseInt(lines(port).getFirst()));
        socket = client.newWebSocketBuilder()
                .buildAsync(URI.create(page), new Replies())
                .join();
        call("Page.enable", "{}");
        call("Runtime.enable", "{}");
        call("Log.enable", "{}");
        call("Network.enable", "{}");
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            return List.of();
        }
    }

    private static String pageSocket(HttpClient client, int port) throws IOException {
        try {
            String list = client.send(
                            java.net.http.HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json/list"))
                                    .build(),
                            java.net.http.HttpResponse.BodyHandlers.ofString())
                    .body();
            return text(list, "webSocketDebuggerUrl");
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /** The first text under this key, at whatever depth. */
    private static String text(String json, String key) throws IOException {
        try (JsonParser in = JSON.createParser(json)) {
            while (in.nextToken() != null) {
                if (in.currentToken() == JsonToken.FIELD_NAME
                        && in.currentName().equals(key)) {
                    JsonToken value = in.nextToken();
                    return value.isScalarValue() ? in.getText() : "";
                }
            }
        }
        return "";
    }

    private final class Replies implements WebSocket.Listener {
        private final StringBuilder message = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            message.append(part);
            if (last) {
                String whole = message.toString();
                message.setLength(0);
                try {
                    received(whole);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }
            from.request(1);
            return null;
        }
    }

    private void received(String message) throws IOException {
        if (message.startsWith("{\"id\":")) {
            int id = Integer.parseInt(message.substring(6, message.indexOf(',', 6)));
            CompletableFuture<String> waiting = replies.remove(id);
            if (waiting != null) {
                waiting.complete(message);
            }
            return;
        }
        String event = text(message, "method");
        if (event.equals("Page.javascriptDialogOpening")
                || event.equals("Runtime.exceptionThrown")
                || event.equals("Log.entryAdded") && !message.contains("favicon")) {
            synchronized (complaints) {
                complaints.add(message);
            }
        }
    }

    private String call(String method, String parameters) {
        int id = ids.incrementAndGet();
        CompletableFuture<String> reply = new CompletableFuture<>();
        replies.put(id, reply);
        socket.sendText("{\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":" + parameters + "}", true)
                .join();
        return reply.orTimeout(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.chars().forEach(c -> {
            if (c == '"' || c == '\\' || c < ' ') {
                quoted.append(String.format("\\u%04x", c));
            } else {
                quoted.append((char) c);
            }
        });
        return quoted.append('"').toString();
    }

    /** Sends these credentials with every request. */
    void password(String user, String password) {
        String pair = Base64.getEncoder().encodeToString((user + ":" + password).getBytes());
        call("Network.setExtraHTTPHeaders", "{\"headers\":{\"Authorization\":\"Basic " + pair + "\"}}");
    }

    void open(String url) {
        call("Page.navigate", "{\"url\":" + quoted(url) + "}");
    }

    /** What an expression of JavaScript gives, as text. */
    String ask(String expression) {
        String reply = call(
                "Runtime.evaluate",
                "{\"expression\":" + quoted("String(" + expression + ")") + ",\"awaitPromise\":true}");
        try {
            return text(reply, "value");
        } catch (IOException e) {
            throw new AssertionError(reply, e);
        }
    }

    void await(String what, String expression) {
        Await.until(what, Await.PATIENCE, () -> ask(expression).equals("true"));
    }

    /** Types into whatever has the focus. */
    void type(String text) {
        call("Input.insertText", "{\"text\":" + quoted(text) + "}");
    }

    /** Presses a key that makes no letter. */
    void press(String key, int code) {
        String text = key.equals("Enter") ? ",\"text\":\"\\r\"" : key.equals(" ") ? ",\"text\":\" \"" : "";
        String parameters = ",\"key\":\"" + key + "\",\"code\":\"" + (key.equals(" ") ? "Space" : key)
                + "\",\"windowsVirtualKeyCode\":" + code;
        call("Input.dispatchKeyEvent", "{\"type\":\"keyDown\"" + parameters + text + "}");
        call("Input.dispatchKeyEvent", "{\"type\":\"keyUp\"" + parameters + "}");
    }

    /** Shows the page as on a screen of this size, in light or dark colours. */
    void look(int width, int height, boolean dark) {
        call(
                "Emulation.setDeviceMetricsOverride",
                "{\"width\":" + width + ",\"height\":" + height + ",\"deviceScaleFactor\":1,\"mobile\":" + (width < 600)
                        + "}");
        call(
                "Emulation.setEmulatedMedia",
                "{\"features\":[{\"name\":\"prefers-color-scheme\",\"value\":\"" + (dark ? "dark" : "light") + "\"}]}");
    }

    void screenshot(Path file) throws IOException {
        String reply = call("Page.captureScreenshot", "{\"format\":\"png\"}");
        Files.write(file, Base64.getDecoder().decode(text(reply, "data")));
    }

    @Override
    public void close() {
        var _ = socket.sendText("{\"id\":0,\"method\":\"Browser.close\",\"params\":{}}", true);
        Await.reached(Await.PATIENCE, () -> !process.isAlive());
        socket.abort();
        process.close();
        // Its helpers end a little later, and write until then.
        Await.until("the browser's files are gone", Await.PATIENCE, () -> {
            try {
                profile.close();
                return true;
            } catch (UncheckedIOException e) {
                return false;
            }
        });
    }
}

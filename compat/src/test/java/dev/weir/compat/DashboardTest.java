package dev.weir.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weir.testkit.Await;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsProcess;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.FakeBackend;
import dev.weir.testkit.LoopbackPorts;
import dev.weir.testkit.UdpClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Does the dashboard show in a real browser what happens, keep text text, and do what it is told? */
@Timeout(180)
class DashboardTest {
    /** Where pictures for {@code docs/} go, if anywhere. */
    private static final @Nullable String PICTURES = System.getProperty("weir.screenshots");

    private static final String ATTACK = "<img src=x onerror=alert(1)>";

    private final int web = LoopbackPorts.free();
    private FakeBackend backend;
    private DnsProcess weir;
    private Browser browser;

    @BeforeEach
    void start() throws IOException {
        assumeTrue(Browser.isInstalled(), "no chromium: apt-get install chromium");
        backend = FakeBackend.answering("192.0.2.9");
        weir = DnsProcess.start(
                """
                newServer({address="127.0.0.1:%d", name="alpha", healthCheckMode="up"})
                newServer({address="127.0.0.1:%d", name="%s", healthCheckMode="up", pool="lab"})
                getPool(""):setCache(newPacketCache(1000))
                webserver("127.0.0.1:%d")
                setWebserverConfig({password="pw", apiKey="key"})
                setAPIWritable(true)
                addAction("spoof.example.", SpoofAction("192.0.2.1"), {name="%s"})
                addAction("drop.example.", DropAction())
                addDynBlocks({["192.0.2.66"]=1}, "%s", 600)
                """.formatted(backend.port(), LoopbackPorts.free(), ATTACK, web, ATTACK, "<script>alert(1)</script>"));
        browser = new Browser();
        browser.password("any", "pw");
        browser.open("http://127.0.0.1:" + web + "/");
        browser.await("figures", "document.getElementById('link')?.textContent === 'live'");
    }

    @AfterEach
    void stop() {
        try {
            if (browser != null) {
                browser.close();
            }
        } finally {
            if (weir != null) {
                weir.close();
            }
            if (backend != null) {
                backend.close();
            }
        }
    }

    private void ask(String name) {
        try (UdpClient client = UdpClient.to(weir.address())) {
            client.send(DnsQuery.of(name, DnsMessage.A).packet());
        }
    }

    private static String textOf(String id) {
        return "document.getElementById('" + id + "').textContent";
    }

    @Test
    void whatHappensIsShown() {
        browser.await("the server", textOf("servers") + ".includes('alpha')");
        browser.await("the block", textOf("blocks") + ".includes('192.0.2.66/32')");
        assertThat(browser.ask(textOf("t-servers"))).isEqualTo("2 of 2");
        assertThat(browser.ask(textOf("t-blocks"))).isEqualTo("1");
        // Rates are of the last second: there must be load while the page looks.
        Await.until("load is seen", Await.PATIENCE, () -> {
            for (int i = 0; i < 50; i++) {
                ask("www" + i % 5 + ".example.");
                ask("spoof.example.");
                ask("drop.example.");
            }
            return browser.ask("parseFloat(" + textOf("t-queries") + ") > 0 && parseFloat(" + textOf("t-dropped")
                            + ") > 0 && " + textOf("t-hits") + ".includes('%')")
                    .equals("true");
        });
        browser.await("top names", textOf("names") + ".includes('www1.example')");
        browser.await("top clients", textOf("clients") + ".includes('127.0.0.1')");
        // The chart has colours.
        assertThat(browser.ask("(() => { const c = document.getElementById('chart');"
                        + " return c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some(x => x) })()"))
                .isEqualTo("true");
        assertThat(browser.complaints).isEmpty();
    }

    /** Names, reasons and rules are whatever somebody sent: the page shows them and runs nothing. */
    @Test
    void textStaysText() {
        ask("<script>alert(1)</script>." + "example.");
        browser.await("the reason", textOf("blocks") + ".includes('<script>alert(1)</script>')");
        browser.await("the rule", textOf("rules") + ".includes('" + ATTACK + "')");
        browser.await("the server", textOf("servers") + ".includes('" + ATTACK + "')");
        browser.await("the name", textOf("names") + ".includes('<script>alert(1)')");
        assertThat(browser.ask("document.querySelectorAll('main img, main script').length"))
                .isEqualTo("0");
        assertThat(browser.complaints).isEmpty();
        // And if there were a way in, the browser would not run it.
        browser.ask("document.body.insertAdjacentHTML('beforeend', '" + ATTACK + "')");
        Await.until("the browser refuses", Await.PATIENCE, () -> {
            synchronized (browser.complaints) {
                return browser.complaints.stream().anyMatch(each -> each.contains("Content Security Policy"));
            }
        });
        assertThat(browser.complaints).noneMatch(each -> each.contains("javascriptDialogOpening"));
    }

    /** With keys alone: the API's key, a block, its end, a server. */
    @Test
    void commandsAreCarriedOut() {
        browser.await("the server", textOf("servers") + ".includes('alpha')");
        browser.ask("document.getElementById('key').focus()");
        browser.type("key");
        // The next things that take keys are the commands of the servers, then the form.
        for (int i = 0; i < 7; i++) {
            browser.press("Tab", 9);
        }
        assertThat(browser.ask("document.activeElement.name")).isEqualTo("what");
        browser.type("bad.example");
        browser.press("Enter", 13);
        browser.await("a question", "document.getElementById('confirm').open");
        assertThat(browser.ask(textOf("question"))).isEqualTo("Block bad.example and all names below it for 10 min?");
        assertThat(browser.ask("document.activeElement.value")).isEqualTo("no");
        browser.press("Tab", 9);
        browser.press("Enter", 13);
        browser.await("it is blocked", textOf("blocks") + ".includes('bad.example.')");
        assertThat(weir.console("showDynBlocks()")).contains("bad.example.").contains("by hand");

        click("#blocks tbody tr:last-child button");
        browser.await("a question", "document.getElementById('confirm').open");
        click("#confirm button[value=yes]");
        browser.await("it is lifted", "!" + textOf("blocks") + ".includes('bad.example.')");

        click("#servers tbody tr:first-child button:nth-child(2)");
        browser.await("a question", "document.getElementById('confirm').open");
        click("#confirm button[value=yes]");
        browser.await("it is down", textOf("t-servers") + " === '1 of 2'");
        assertThat(weir.console("showServers()")).contains("DOWN");
    }

    /** A look at the differences, a question, and the new configuration. */
    @Test
    void theConfigurationIsReadAgain() throws IOException {
        browser.await("the server", textOf("servers") + ".includes('alpha')");
        Files.writeString(
                weir.config(), Files.readString(weir.config()) + "addAction('again.example.', DropAction())\n");
        browser.ask("document.getElementById('key').focus()");
        browser.type("key");
        click("#reload");
        browser.await("a question", "document.getElementById('confirm').open");
        assertThat(browser.ask(textOf("question")))
                .isEqualTo("Read the configuration again?\n+ rule qname in again.example. → drop");
        assertThat(weir.console("showRules()")).doesNotContain("again");
        click("#confirm button[value=yes]");
        browser.await("it is done", textOf("said") + " === 'Done: reloaded'");
        assertThat(weir.console("showRules()")).contains("again");
        Files.writeString(weir.config(), Files.readString(weir.config()) + "error('planted')\n");
        click("#reload");
        browser.await("what is wrong", textOf("said") + ".includes(': planted')");
        // That was a look. What is asked for elsewhere is seen here as well, the latest first.
        assertThat(weir.console("reloadConfig()")).contains(": planted");
        browser.await("what is past", "document.querySelectorAll('#reloads tbody tr').length === 2");
        assertThat(browser.ask("document.querySelector('#reloads tbody tr:first-child').textContent"))
                .contains("refused", ": planted");
        assertThat(browser.ask("document.querySelector('#reloads tbody tr:last-child').textContent"))
                .contains("reloaded", "+ rule qname in again.example. → drop");
    }

    @Test
    void aWrongKeyIsTold() {
        browser.await("the server", textOf("servers") + ".includes('alpha')");
        click("#servers tbody tr:first-child button:nth-child(2)");
        browser.await("a hint", textOf("said") + ".includes('API key')");
        browser.type("wrong");
        click("#servers tbody tr:first-child button:nth-child(2)");
        browser.await("a question", "document.getElementById('confirm').open");
        click("#confirm button[value=yes]");
        browser.await("the answer", textOf("said") + ".includes('wrong')");
        assertThat(weir.console("showServers()")).doesNotContain("DOWN");
    }

    private void click(String selector) {
        browser.ask("document.querySelector('" + selector + "').click()");
    }

    /** Pictures, where they are wanted; on a phone nothing stands out to the right. */
    @Test
    void phonesAndDarkRooms() throws IOException {
        browser.await("the server", textOf("servers") + ".includes('alpha')");
        browser.look(390, 844, false);
        browser.await("no sideways scrolling", "document.documentElement.scrollWidth <= 390");
        picture("dashboard-phone.png");
        browser.look(1280, 900, true);
        assertThat(browser.ask("getComputedStyle(document.body).backgroundColor"))
                .isEqualTo("rgb(17, 22, 28)");
        picture("dashboard-dark.png");
        browser.look(1280, 900, false);
        assertThat(browser.ask("getComputedStyle(document.body).backgroundColor"))
                .isEqualTo("rgb(246, 247, 249)");
        picture("dashboard-light.png");
    }

    private void picture(String name) throws IOException {
        if (PICTURES != null) {
            browser.screenshot(Path.of(PICTURES, name));
        }
    }
}

package dev.weir.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weir.testkit.DnsProcess;
import dev.weir.testkit.LoopbackPorts;
import dev.weir.testkit.NewerThanDebian;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The dashboard with more than anybody wants to look at. */
@NewerThanDebian("has another dashboard")
@Timeout(240)
class DashboardManyTest {
    private static final int SERVERS = 200;
    private static final int BLOCKS = 10_000;

    /** Seconds for which frames are timed. */
    private static final int SECONDS = Integer.getInteger("weir.dashboard.seconds", 5);

    /** The intervals between frames while it runs, sorted, in milliseconds, and what took the page's thread for longer than 50 ms. */
    private static final String FRAMES = """
            new Promise(done => {
              const frames = [], long = [];
              new PerformanceObserver(list => list.getEntries().forEach(each => long.push(Math.round(each.duration)))).observe({ type: "longtask" });
              let last = performance.now();
              const end = last + 1000 * %d;
              const tick = now => {
                frames.push(now - last);
                last = now;
                if (now < end) requestAnimationFrame(tick);
                else {
                  frames.sort((a, b) => a - b);
                  const at = share => frames[Math.min(frames.length - 1, Math.floor(share * frames.length))].toFixed(1);
                  done(frames.length + " frames, ms between them: median " + at(0.5) + ", 99 %% " + at(0.99) + ", most " + at(1)
                    + "; tasks above 50 ms: " + (long.join(" ") || "none"));
                }
              };
              requestAnimationFrame(tick);
            })""";

    /** What one event changes in the page, of several the most. */
    private static final String CHANGES = """
            new Promise(done => {
              let most = 0, rounds = 0;
              const count = new MutationObserver(list => {
                most = Math.max(most, list.length);
                if (++rounds === 3) { count.disconnect(); done(most); }
              });
              count.observe(document.getElementById("main"), { subtree: true, childList: true, characterData: true, attributes: true });
            })""";

    /** What a promise comes to. */
    private static String promised(Browser browser, String promise) {
        browser.ask("(window.promised = undefined, " + promise + ".then(value => { window.promised = value; }), 0)");
        browser.await("a promise", "window.promised !== undefined");
        return browser.ask("window.promised");
    }

    @Test
    void twoHundredServersAndTenThousandBlocks() throws Exception {
        assumeTrue(Browser.isInstalled(), "no chromium: apt-get install chromium");
        int web = LoopbackPorts.free();
        try (DnsProcess weir = DnsProcess.start("""
                        for i = 1, %d do
                          newServer({address="127.0.0.1:" .. (20000 + i), name="server" .. i, healthCheckMode="up", pool="pool" .. i %% 50})
                        end
                        local many = {}
                        for i = 0, %d do many["10.0." .. math.floor(i / 250) .. "." .. i %% 250] = i end
                        addDynBlocks(many, "many", 3600)
                        webserver("127.0.0.1:%d")
                        setWebserverConfig({password="pw", apiKey="key"})
                        """.formatted(SERVERS, BLOCKS - 1, web));
                Browser browser = new Browser()) {
            browser.password("any", "pw");
            browser.look(1280, 900, false);
            browser.open("http://127.0.0.1:" + web + "/");
            browser.await("figures", "document.getElementById('link')?.textContent === 'live'");
            browser.await("servers", "document.querySelectorAll('#servers tbody tr').length === " + SERVERS);
            browser.await("blocks", "document.getElementById('t-blocks').textContent === '10.0 k'");
            browser.await(
                    "some of them", "document.getElementById('more-blocks').textContent.endsWith('of " + BLOCKS + "')");
            assertThat(browser.ask("document.querySelectorAll('#pools tbody tr').length"))
                    .isEqualTo("51");
            browser.await(
                    "three seconds of health",
                    "parseInt(document.querySelector('#servers .history').title.match(/last ([0-9]+)/)[1]) > 2");
            String changes = promised(browser, CHANGES);
            String frames = promised(browser, FRAMES.formatted(SECONDS));
            System.out.println("Dashboard with " + SERVERS + " servers and " + BLOCKS + " blocks: " + frames
                    + "; changes of an event: " + changes);
            // The picture of each server's health, the time that blocks have left, and a few figures; not one for each
            // mark there is.
            assertThat(Integer.parseInt(changes)).isLessThan(10 * SERVERS);
            assertThat(frames).contains("frames");
            assertThat(browser.complaints).noneMatch(each -> each.contains("exceptionThrown"));
        }
    }
}

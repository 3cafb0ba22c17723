package dev.weir.app;

import dev.weir.config.change.ReloadReport;
import dev.weir.config.web.WebAddress;
import dev.weir.engine.acl.LinkAddresses;
import dev.weir.engine.export.CarbonSpec;
import dev.weir.engine.export.ExporterOpener;
import dev.weir.engine.kernel.KernelFiltering;
import dev.weir.engine.kernel.MemoryFilter;
import dev.weir.engine.listen.DnscryptIssuer;
import dev.weir.engine.store.AbsentStores;
import dev.weir.engine.store.StoreOpener;
import dev.weir.export.Carbon;
import dev.weir.export.Exporting;
import dev.weir.gate.filter.PacketFilters;
import dev.weir.net.dnscrypt.CertificateIssuer;
import dev.weir.net.tls.OcspResponses;
import dev.weir.script.host.LocalDatagrams;
import dev.weir.script.host.LuaHost;
import dev.weir.store.FileStores;
import dev.weir.sys.Bpf;
import dev.weir.web.api.Json;
import dev.weir.web.console.ConsoleKey;
import dev.weir.web.http.Credential;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** What the Lua code of all configurations of this process asks of it. Any thread. */
final class ProcessHost implements LuaHost {
    private final ServiceLoader.Exit exit;
    private final Running running;
    private final Web web;
    private final Carbon carbon;
    private final KernelFiltering filtering;
    private final StoreOpener stores;
    private final LinkAddresses neighbours = new Neighbours(System::nanoTime);

    /** @param file the configuration, whose name packet filters bear */
    ProcessHost(
            Path file,
            ServiceLoader.Purpose purpose,
            ServiceLoader.Exit exit,
            Running running,
            Web web,
            Carbon carbon) {
        this.exit = exit;
        this.running = running;
        this.web = web;
        this.carbon = carbon;
        // Checking a configuration and asking for its console's address must touch neither the kernel nor what is
        // pinned.
        filtering = purpose == ServiceLoader.Purpose.RUN
                ? PacketFilters.ofDaemon(Bpf.kernel(), System::nanoTime, "daemon " + file.toAbsolutePath())
                : MemoryFilter::new;
        stores = purpose == ServiceLoader.Purpose.CLIENT ? new AbsentStores() : new FileStores();
    }

    @Override
    public void shutdown() {
        exit.shutdown();
    }

    @Override
    public void exit(int status) {
        exit.now(status);
    }

    @Override
    public String version() {
        return Usage.version();
    }

    @Override
    public boolean cryptoWorks(byte[] key) {
        return ConsoleKey.of(key).works();
    }

    @Override
    public KernelFiltering kernelFiltering() {
        return running.looking() ? MemoryFilter::new : filtering;
    }

    @Override
    public String hashPassword(String password, int workFactor) {
        return Credential.hash(password, workFactor);
    }

    @Override
    public boolean isHashedPassword(String text) {
        return Credential.isHashed(text);
    }

    @Override
    public void openWebserver(WebAddress address) {
        try {
            web.open(address);
        } catch (IOException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    @Override
    public void sendToCarbon(CarbonSpec spec) {
        carbon.sendTo(spec);
    }

    @Override
    public String reload(boolean dryRun, boolean json) {
        ReloadReport report = running.reload(dryRun);
        return json ? Json.of(report.document()) + "\n" : report.text();
    }

    @Override
    public String json(Map<String, Object> document) {
        return Json.of(document);
    }

    @Override
    public LinkAddresses linkAddresses() {
        return neighbours;
    }

    @Override
    public LocalDatagrams localDatagrams() {
        return new UnixDatagrams();
    }

    @Override
    public byte[] ocspResponse(String certificate, String authority, String authorityKey, Duration valid)
            throws IOException {
        return OcspResponses.good(certificate, authority, authorityKey, valid.toSeconds());
    }

    @Override
    public DnscryptIssuer dnscryptIssuer() {
        return new CertificateIssuer();
    }

    @Override
    public StoreOpener stores() {
        return stores;
    }

    @Override
    public ExporterOpener exporters() {
        return new Exporting();
    }
}

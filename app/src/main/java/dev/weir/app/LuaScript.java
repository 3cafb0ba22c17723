package dev.weir.app;

import dev.weir.config.Configuration;
import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.acl.LinkAddresses;
import dev.weir.engine.export.CarbonSpec;
import dev.weir.engine.export.ExporterOpener;
import dev.weir.engine.kernel.KernelFiltering;
import dev.weir.engine.kernel.MemoryFilter;
import dev.weir.engine.listen.DnscryptIssuer;
import dev.weir.engine.model.Model;
import dev.weir.engine.store.AbsentStores;
import dev.weir.engine.store.StoreOpener;
import dev.weir.export.Carbon;
import dev.weir.export.Exporting;
import dev.weir.gate.filter.PacketFilters;
import dev.weir.net.dnscrypt.CertificateIssuer;
import dev.weir.net.tls.OcspResponses;
import dev.weir.script.LoadResult;
import dev.weir.script.LuaRuntime;
import dev.weir.script.host.LocalDatagrams;
import dev.weir.script.host.LuaHost;
import dev.weir.script.host.Purpose;
import dev.weir.store.FileStores;
import dev.weir.sys.Bpf;
import dev.weir.web.console.ConsoleKey;
import dev.weir.web.http.Credential;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;

/** A configuration file in Lua as the running service's {@link Script}. */
record LuaScript(LuaRuntime runtime) implements Script {

    /**
     * Reads a configuration into the model.
     *
     * @throws StartException with file and line of the first error
     */
    static LuaScript load(
            Path file,
            Model model,
            Configuration configuration,
            ServiceLoader.Purpose purpose,
            ServiceLoader.Exit exit,
            Web web,
            Carbon carbon)
            throws StartException {
        LuaRuntime runtime = new LuaRuntime(
                model,
                configuration,
                Purpose.valueOf(purpose.name()),
                host(purpose, exit, filtering(purpose, file), web, carbon));
        LoadResult result = runtime.load(file);
        LoadResult.ConfigError error = result.error();
        if (error != null) {
            throw new StartException("Fatal error in the configuration", "path", file, "error", error);
        }
        runtime.started();
        return new LuaScript(runtime);
    }

    /** Checking a configuration and asking for its console's address must touch neither the kernel nor what is pinned. */
    private static KernelFiltering filtering(ServiceLoader.Purpose purpose, Path file) {
        return purpose == ServiceLoader.Purpose.RUN
                ? PacketFilters.ofDaemon(Bpf.kernel(), System::nanoTime, "daemon " + file.toAbsolutePath())
                : MemoryFilter::new;
    }

    private static LuaHost host(
            ServiceLoader.Purpose purpose, ServiceLoader.Exit exit, KernelFiltering filtering, Web web, Carbon carbon) {
        StoreOpener stores = purpose == ServiceLoader.Purpose.CLIENT ? new AbsentStores() : new FileStores();
        LinkAddresses neighbours = new Neighbours(System::nanoTime);
        return new LuaHost() {
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
                return filtering;
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
            public void openWebserver(Endpoint address) {
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
        };
    }

    @Override
    public String evaluate(String line) {
        return runtime.evaluate(line);
    }

    @Override
    public void maintenance() {
        runtime.maintenance();
    }

    @Override
    public void exiting() {
        runtime.exitCallbacks();
    }

    @Override
    public void serverStateChanged(String nameWithAddress, boolean up) {
        runtime.serverStateChanged(nameWithAddress, up);
    }

    @Override
    public Collection<String> completions() {
        return runtime.completions();
    }
}

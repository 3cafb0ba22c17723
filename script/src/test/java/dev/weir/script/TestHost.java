package dev.weir.script;

import dev.weir.config.web.WebAddress;
import dev.weir.engine.acl.LinkAddresses;
import dev.weir.engine.export.CarbonSpec;
import dev.weir.engine.export.ExporterOpener;
import dev.weir.engine.kernel.KernelFiltering;
import dev.weir.engine.kernel.MemoryFilter;
import dev.weir.engine.listen.DnscryptCertificate;
import dev.weir.engine.listen.DnscryptCertificates;
import dev.weir.engine.listen.DnscryptIssuer;
import dev.weir.engine.store.StoreOpener;
import dev.weir.export.Exporting;
import dev.weir.script.host.LocalDatagrams;
import dev.weir.script.host.LuaHost;
import dev.weir.store.FileStores;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A process that only remembers what was asked of it. */
final class TestHost implements LuaHost {
    /** Stands for the end of the process; Lua code can't catch it. */
    static final class Exited extends Error {
        final int status;

        Exited(int status) {
            super("exit " + status);
            this.status = status;
        }
    }

    final List<Object> opened = new ArrayList<>();
    boolean shutdown;
    boolean memoryIsFull;
    final List<byte[]> sent = new ArrayList<>();
    final List<LocalDatagrams.Receiver> receivers = new ArrayList<>();
    LinkAddresses linkAddresses = LinkAddresses.NONE;
    KernelFiltering filtering = MemoryFilter::new;

    @Override
    public void shutdown() {
        shutdown = true;
    }

    @Override
    public void exit(int status) {
        throw new Exited(status);
    }

    @Override
    public String version() {
        if (memoryIsFull) {
            throw new OutOfMemoryError("heap");
        }
        return "weir 0.1.0";
    }

    @Override
    public boolean cryptoWorks(byte[] key) {
        return key.length == 32;
    }

    @Override
    public String reload(boolean dryRun, boolean json) {
        return "reload " + dryRun + " " + json + "\n";
    }

    @Override
    public String json(java.util.Map<String, Object> document) {
        return document.toString();
    }

    @Override
    public KernelFiltering kernelFiltering() {
        return filtering;
    }

    @Override
    public String hashPassword(String password, int workFactor) {
        return "hashed " + password.length();
    }

    @Override
    public boolean isHashedPassword(String text) {
        return text.startsWith("hashed ");
    }

    @Override
    public void openWebserver(WebAddress address) {
        opened.add(address);
    }

    @Override
    public LinkAddresses linkAddresses() {
        return linkAddresses;
    }

    @Override
    public LocalDatagrams localDatagrams() {
        return new LocalDatagrams() {
            @Override
            public LocalDatagrams.Endpoint endpoint(String path) {
                return new LocalDatagrams.Endpoint() {
                    @Override
                    public boolean send(byte[] payload) {
                        return sent.add(payload);
                    }

                    @Override
                    public boolean isValid() {
                        return true;
                    }
                };
            }

            @Override
            public Listening listen(String path) {
                return new Listening() {
                    @Override
                    public void start(Receiver receiver) {
                        receivers.add(receiver);
                    }

                    @Override
                    public void close() {
                        receivers.clear();
                    }
                };
            }
        };
    }

    @Override
    public void sendToCarbon(CarbonSpec spec) {
        opened.add(spec.server());
    }

    @Override
    public byte[] ocspResponse(String certificate, String authority, String authorityKey, Duration valid) {
        return (certificate + authority + authorityKey + valid).getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public DnscryptIssuer dnscryptIssuer() {
        return new DnscryptIssuer() {
            @Override
            public ProviderKeys newProviderKeys() {
                return new ProviderKeys(new byte[32], new byte[64]);
            }

            @Override
            public DnscryptCertificates.Pair newCertificate(
                    byte[] providerPrivateKey, int version, long serial, long startSeconds, long endSeconds) {
                byte[] octets = DnscryptCertificate.composeUnsigned(
                        version,
                        "public key of 32 octets, not one".getBytes(StandardCharsets.US_ASCII),
                        serial,
                        startSeconds,
                        endSeconds);
                return new DnscryptCertificates.Pair(DnscryptCertificate.parse(octets), new byte[32], true);
            }

            @Override
            public boolean belongs(DnscryptCertificate certificate, byte[] privateKey) {
                return privateKey[0] == 0;
            }
        };
    }

    @Override
    public StoreOpener stores() {
        return new FileStores();
    }

    @Override
    public ExporterOpener exporters() {
        return new Exporting();
    }
}

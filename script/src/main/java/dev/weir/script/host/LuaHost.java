package dev.weir.script.host;

import dev.weir.config.web.WebAddress;
import dev.weir.engine.acl.LinkAddresses;
import dev.weir.engine.export.CarbonSpec;
import dev.weir.engine.export.ExporterOpener;
import dev.weir.engine.kernel.KernelFiltering;
import dev.weir.engine.listen.DnscryptIssuer;
import dev.weir.engine.store.StoreOpener;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/** What Lua code asks of the process that it runs in. */
public interface LuaHost {
    /** Ends the process in order, as SIGTERM does: {@code shutdown()}. Returns at once. */
    void shutdown();

    /** Ends the process on the spot: {@code os.exit(n)}. Does not return. */
    void exit(int status);

    /** The program's name and version, which {@code showVersion()} names behind dnsdist's. */
    String version();

    /** Whether a console message survives encryption and decryption with this key: {@code testCrypto()}. */
    boolean cryptoWorks(byte[] key);

    /** What makes packet filters: {@code newBPFFilter()}. */
    KernelFiltering kernelFiltering();

    /** A password in the form in which configurations should hold it: {@code hashPassword()}. */
    String hashPassword(String password, int workFactor);

    /** Whether this is such a form. */
    boolean isHashedPassword(String text);

    /** Has the web server of a running process listen at one more address: {@code webserver()} at the console. */
    void openWebserver(WebAddress address);

    /** Has a running process send its figures there, too: {@code carbonServer()} at the console. */
    void sendToCarbon(CarbonSpec spec);

    /**
     * Has the running process read its configuration again: {@code reloadConfig()}. Waits for the end of that, so never to be called from Lua code.
     *
     * @param dryRun whether nothing is to change
     * @param json whether the answer is for programs
     * @return what became of it, a line or several
     */
    String reload(boolean dryRun, boolean json);

    /** Writes a document for programs: maps, lists, strings, numbers, booleans as JSON in one line. */
    String json(Map<String, Object> document);

    /** What opens query logs: {@code LogAction()}. */
    ExporterOpener exporters();

    /** What opens key-value stores: {@code newCDBKVStore()}. */
    StoreOpener stores();

    /** Datagrams to and from other processes: {@code newNetworkEndpoint()}. */
    LocalDatagrams localDatagrams();

    /**
     * What an authority says of a certificate that it has signed: {@code generateOCSPResponse()}.
     *
     * @throws IOException naming the file that can't be used
     */
    byte[] ocspResponse(String certificate, String authority, String authorityKey, Duration valid) throws IOException;

    /** Keys and certificates of DNSCrypt: {@code generateDNSCryptCertificate()}. */
    DnscryptIssuer dnscryptIssuer();

    /** Hardware addresses of neighbours: {@code getMACAddress()}. */
    LinkAddresses linkAddresses();
}

package dev.weir.script.function;

import static dev.weir.lua.Values.NONE;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.listen.CertificateSpec;
import dev.weir.engine.listen.DnscryptCertificate;
import dev.weir.engine.listen.DnscryptCertificates;
import dev.weir.engine.listen.DnscryptIssuer;
import dev.weir.engine.listen.ListenSpec;
import dev.weir.engine.listen.SocketSpec;
import dev.weir.engine.listen.StreamSpec;
import dev.weir.engine.log.Log;
import dev.weir.script.host.Purpose;
import dev.weir.script.lang.Area;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.Options;
import dev.weir.script.lang.ToLua;
import dev.weir.script.listing.DnscryptListing;
import dev.weir.script.object.Context;
import dev.weir.script.object.DnscryptContextType;
import dev.weir.script.object.DnscryptFiles;
import dev.weir.wire.Name;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** DNSCrypt: listeners, keys, certificates. */
public final class DnscryptFunctions implements Area {
    private static final int DNSCRYPT_PORT = 443;

    private final Context context;

    public DnscryptFunctions(Context context) {
        this.context = context;
    }

    @Override
    public List<String> functions() {
        return List.of(
                "generateDNSCryptCertificate",
                "generateDNSCryptProviderKeys",
                "getDNSCryptBind",
                "getDNSCryptBindCount",
                "printDNSCryptProviderFingerprint",
                "showDNSCryptBinds");
    }

    @Override
    public List<String> configurationOnly() {
        return List.of("addDNSCryptBind");
    }

    @Override
    public @Nullable Object call(String function, Args args) {
        switch (function) {
            case "addDNSCryptBind" -> context.configuration.listeners.add(listener(args));
            case "generateDNSCryptCertificate" -> generateCertificate(args);
            case "generateDNSCryptProviderKeys" -> generateProviderKeys(args);
            case "getDNSCryptBind" -> {
                int index = args.integer(1, "index");
                List<ListenSpec.Dnscrypt> all = listeners();
                return index >= 0 && index < all.size() ? context.objects.dnscryptContext.wrap(all.get(index)) : null;
            }
            case "getDNSCryptBindCount" -> {
                return ToLua.of(listeners().size());
            }
            case "printDNSCryptProviderFingerprint" ->
                printFingerprint(DnscryptFiles.key(args.string(1, "keyfile"), DnscryptCertificate.KEY_BYTES));
            case "showDNSCryptBinds" -> context.append(DnscryptListing.binds(listeners()));
            default -> throw Area.unknown(function);
        }
        return NONE;
    }

    private List<ListenSpec.Dnscrypt> listeners() {
        return context.configuration.listeners.stream()
                .filter(ListenSpec.Dnscrypt.class::isInstance)
                .map(ListenSpec.Dnscrypt.class::cast)
                .toList();
    }

    private ListenSpec listener(Args args) {
        Endpoint address = Endpoint.parse(args.string(1, "address"), DNSCRYPT_PORT);
        DnscryptCertificates certificates = new DnscryptCertificates(Name.parse(args.string(2, "provider")));
        List<CertificateSpec> files = files(args);
        Options options = args.options(5, context);
        SocketSpec socket = ListenOptionsReader.socket(address, options);
        StreamSpec stream = ListenOptionsReader.stream(options);
        options.bool("doTCP", true);
        options.done();
        // Whoever asks for the console's address need not be allowed to read keys.
        if (context.purpose != Purpose.CLIENT) {
            certificates.replace(DnscryptFiles.read(files, context.host.dnscryptIssuer()));
            certificates.pairs().forEach(pair -> warnIfNotValid(address, certificates, pair.certificate()));
        }
        context.configuration.listenerPlaces.put(address.toString(), context.place());
        return new ListenSpec.Dnscrypt(socket, stream, files, certificates);
    }

    private static List<CertificateSpec> files(Args args) {
        List<String> certificates = args.strings(3, "certFile(s)");
        List<String> keys = args.strings(4, "keyFile(s)");
        if (certificates.size() != keys.size()) {
            throw args.error("there are " + certificates.size() + " certificates and " + keys.size() + " keys");
        }
        List<CertificateSpec> files = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            files.add(CertificateSpec.of(certificates.get(i), keys.get(i)));
        }
        return files;
    }

    private static void warnIfNotValid(
            Endpoint address, DnscryptCertificates certificates, DnscryptCertificate certificate) {
        if (!certificates.isValid(certificate)) {
            Log.warning(
                    "A DNSCrypt certificate is not valid now, and clients don't get it",
                    "setup",
                    "frontend.address",
                    address,
                    "serial",
                    certificate.serial());
        }
    }

    private void generateProviderKeys(Args args) {
        if (areNotToBeMade(args.string(1, "publicKey"), args.string(2, "privateKey"))) {
            return;
        }
        DnscryptIssuer.ProviderKeys keys = context.host.dnscryptIssuer().newProviderKeys();
        DnscryptFiles.write(args.string(1, "publicKey"), keys.publicKey());
        DnscryptFiles.writeSecret(args.string(2, "privateKey"), keys.privateKey());
        printFingerprint(keys.publicKey());
    }

    /** Whoever asks for the console's address, whether a configuration is good, or has it read again, does not mean to replace the keys of who runs with it. */
    private boolean areNotToBeMade(String file, String other) {
        return context.purpose == Purpose.CLIENT
                || (context.purpose != Purpose.RUN || context.model.isStaged()) && DnscryptFiles.exist(file, other);
    }

    private void generateCertificate(Args args) {
        if (areNotToBeMade(args.string(2, "certificate"), args.string(3, "keyfile"))) {
            return;
        }
        byte[] provider = DnscryptFiles.key(args.string(1, "privatekey"), DnscryptFiles.PROVIDER_KEY_BYTES);
        DnscryptCertificates.Pair made = DnscryptContextType.newCertificate(context, provider, args, 4);
        DnscryptFiles.write(args.string(2, "certificate"), made.certificate().toOctets());
        DnscryptFiles.writeSecret(args.string(3, "keyfile"), made.privateKey());
    }

    private void printFingerprint(byte[] publicKey) {
        context.print("Provider fingerprint is: " + DnscryptListing.fingerprint(publicKey));
    }
}

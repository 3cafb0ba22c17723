package dev.weir.script.object;

import dev.weir.engine.listen.CertificateSpec;
import dev.weir.engine.listen.DnscryptCertificate;
import dev.weir.engine.listen.DnscryptCertificates;
import dev.weir.engine.listen.DnscryptCertificates.Pair;
import dev.weir.engine.listen.ListenSpec;
import dev.weir.lua.Values;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ObjectType;
import dev.weir.script.lang.ToLua;
import dev.weir.script.listing.DnscryptListing;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** DNSCryptContext: a listener for DNSCrypt, as far as its certificates are concerned. */
public final class DnscryptContextType extends ObjectType<ListenSpec.Dnscrypt> {
    private static final long U32 = 0xffff_ffffL;

    private final Context context;

    DnscryptContextType(Context context) {
        super(
                "DNSCryptContext",
                ListenSpec.Dnscrypt.class,
                "addNewCertificate generateAndLoadInMemoryCertificate getCertificate getCertificatePair"
                        + " getCertificatePairs getProviderName loadNewCertificate markActive markInactive"
                        + " printCertificates reloadCertificates removeInactiveCertificate",
                "");
        this.context = context;
    }

    @Override
    protected @Nullable Object call(ListenSpec.Dnscrypt self, LuaObject object, String method, Args args) {
        DnscryptCertificates certificates = self.certificates();
        switch (method) {
            case "addNewCertificate" ->
                certificates.add(new Pair(
                        args.object(1, "cert", DnscryptCertificate.class), key(args), args.boolOr(3, "active", true)));
            case "generateAndLoadInMemoryCertificate" -> {
                return ToLua.of(generate(certificates, args));
            }
            case "getCertificate", "getCertificatePair" -> {
                return one(certificates.pairs(), method, args);
            }
            case "getCertificatePairs" -> {
                return ToLua.list(certificates.pairs().stream()
                        .map(context.objects.dnscryptPair::wrap)
                        .toList());
            }
            case "getProviderName" -> {
                return ToLua.of(certificates.providerName().toStringNoDot());
            }
            case "loadNewCertificate" -> {
                CertificateSpec file = CertificateSpec.of(args.string(1, "certificate"), args.string(2, "keyfile"));
                certificates.add(
                        DnscryptFiles.read(file, args.boolOr(3, "active", true), context.host.dnscryptIssuer()));
            }
            case "markActive" -> certificates.mark(serial(args), true);
            case "markInactive" -> certificates.mark(serial(args), false);
            case "printCertificates" -> {
                return ToLua.of(DnscryptListing.certificates(certificates.pairs()));
            }
            case "reloadCertificates" ->
                certificates.replace(DnscryptFiles.read(self.files(), context.host.dnscryptIssuer()));
            case "removeInactiveCertificate" -> certificates.removeInactive(serial(args));
            default -> throw unknown(method);
        }
        return Values.NONE;
    }

    private @Nullable Object one(List<Pair> pairs, String method, Args args) {
        int index = args.integer(1, "index");
        boolean bare = method.equals("getCertificate");
        if (index < 0 || index >= pairs.size()) {
            if (bare) {
                throw args.error("there is no certificate with index " + index);
            }
            return null;
        }
        Pair pair = pairs.get(index);
        return bare
                ? context.objects.dnscryptCertificate.wrap(pair.certificate())
                : context.objects.dnscryptPair.wrap(pair);
    }

    private byte[] key(Args args) {
        byte[] key = args.octets(2, "key");
        if (key.length != DnscryptCertificate.KEY_BYTES) {
            throw args.error("'key' must have " + DnscryptCertificate.KEY_BYTES + " octets, not " + key.length);
        }
        if (!context.host.dnscryptIssuer().belongs(args.object(1, "cert", DnscryptCertificate.class), key)) {
            throw args.error("'key' is not the key of the certificate");
        }
        return key;
    }

    private boolean generate(DnscryptCertificates certificates, Args args) {
        try {
            byte[] provider = DnscryptFiles.key(args.string(1, "keyfile"), DnscryptFiles.PROVIDER_KEY_BYTES);
            certificates.add(newCertificate(context, provider, args, 2));
            return true;
        } catch (IllegalArgumentException e) {
            context.complain(args.function(), String.valueOf(e.getMessage()));
            return false;
        }
    }

    /** A certificate whose serial number, begin, end and version are the arguments from this one on. */
    public static Pair newCertificate(Context context, byte[] providerPrivateKey, Args args, int first) {
        long serial = args.integer(first, "serial", 0, U32);
        long start = args.integer(first + 1, "begin", 0, U32);
        long end = args.integer(first + 2, "end", 0, U32);
        int version = args.has(first + 3) ? (int) args.integer(first + 3, "version", 0, 1) : 0;
        return context.host.dnscryptIssuer().newCertificate(providerPrivateKey, 1 + version, serial, start, end);
    }

    private static long serial(Args args) {
        return args.integer(1, "serial", 0, U32);
    }

    @Override
    protected String text(ListenSpec.Dnscrypt self) {
        return self.certificates().providerName().toStringNoDot();
    }
}

package dev.weir.script.object;

import dev.weir.engine.listen.CertificateSpec;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.FromLua;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ObjectType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** TLSCertificate: where a certificate and its key stand. */
public final class TlsCertificateType extends ObjectType<CertificateSpec> {
    TlsCertificateType() {
        super("TLSCertificate", CertificateSpec.class, "", "");
    }

    /** Paths with those of their keys, or objects of {@code newTLSCertificate}; one or a list. */
    public static List<CertificateSpec> list(Args args, int index) {
        List<@Nullable Object> given = Args.oneOrMore(args.at(index));
        List<String> keys = args.has(index + 1) ? args.strings(index + 1, "keyFile(s)") : List.of();
        List<CertificateSpec> all = new ArrayList<>();
        int paths = 0;
        for (Object each : given) {
            CertificateSpec known = Args.objectOrNull(each, CertificateSpec.class);
            if (known != null) {
                all.add(known);
            } else if (FromLua.isText(each)) {
                String key = paths < keys.size() ? keys.get(paths) : "";
                paths++;
                all.add(CertificateSpec.of(FromLua.text(each), key));
            } else {
                return args.fail("certFile(s)", "a path, a TLSCertificate, or a list of them", each);
            }
        }
        if (paths > 0 && paths != keys.size()) {
            throw args.error("there are " + paths + " certificates and " + keys.size() + " keys");
        }
        return all;
    }

    @Override
    protected @Nullable Object call(CertificateSpec self, LuaObject object, String method, Args args) {
        throw unknown(method);
    }

    @Override
    protected String text(CertificateSpec self) {
        return self.toString();
    }
}

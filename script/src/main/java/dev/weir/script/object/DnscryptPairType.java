package dev.weir.script.object;

import dev.weir.engine.listen.DnscryptCertificates.Pair;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ObjectType;
import dev.weir.script.lang.ToLua;
import org.jspecify.annotations.Nullable;

/** DNSCryptCertificatePair: a certificate with its key, which nobody is told. */
public final class DnscryptPairType extends ObjectType<Pair> {
    private final ObjectTypes objects;

    DnscryptPairType(ObjectTypes objects) {
        super("DNSCryptCertificatePair", Pair.class, "getCertificate isActive", "");
        this.objects = objects;
    }

    @Override
    protected @Nullable Object call(Pair self, LuaObject object, String method, Args args) {
        return switch (method) {
            case "getCertificate" -> objects.dnscryptCertificate.wrap(self.certificate());
            case "isActive" -> ToLua.of(self.active());
            default -> throw unknown(method);
        };
    }
}

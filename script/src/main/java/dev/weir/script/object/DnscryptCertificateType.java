package dev.weir.script.object;

import dev.weir.engine.listen.DnscryptCertificate;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ObjectType;
import dev.weir.script.lang.ToLua;
import org.jspecify.annotations.Nullable;

/** DNSCryptCert: a certificate of DNSCrypt; what has no number is told in octets. */
public final class DnscryptCertificateType extends ObjectType<DnscryptCertificate> {
    DnscryptCertificateType() {
        super(
                "DNSCryptCert",
                DnscryptCertificate.class,
                "getClientMagic getEsVersion getMagic getProtocolMinorVersion getResolverPublicKey getSerial getSignature"
                        + " getTSEnd getTSStart",
                "");
    }

    @Override
    protected @Nullable Object call(DnscryptCertificate self, LuaObject object, String method, Args args) {
        return switch (method) {
            case "getClientMagic" -> ToLua.of(self.clientMagic());
            case "getEsVersion" -> ToLua.of(self.versionOctets());
            case "getMagic" -> ToLua.of(self.magic());
            case "getProtocolMinorVersion" -> ToLua.of(self.minorVersion());
            case "getResolverPublicKey" -> ToLua.of(self.resolverPublicKey());
            case "getSerial" -> ToLua.of(self.serial());
            case "getSignature" -> ToLua.of(self.signature());
            case "getTSEnd" -> ToLua.of(self.endSeconds());
            case "getTSStart" -> ToLua.of(self.startSeconds());
            default -> throw unknown(method);
        };
    }
}

package dev.weir.script.listing;

import dev.weir.engine.acl.Netmask;
import dev.weir.engine.acl.NetmaskGroup;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What {@code showACL()} and {@code showConsoleACL()} print: one network a line. */
public final class AclListing {
    /** IPv4 before IPv6, by address, and of networks that begin at the same address the smaller one first. */
    private static final Comparator<Netmask> ORDER = Comparator.<Netmask>comparingInt(
                    mask -> mask.ip().family())
            .thenComparing(Netmask::network)
            .thenComparing(Comparator.comparingInt(Netmask::prefix).reversed());

    private AclListing() {}

    public static String show(NetmaskGroup group) {
        List<Netmask> masks = new ArrayList<>(group.masks());
        masks.sort(ORDER);
        StringBuilder text = new StringBuilder();
        for (Netmask mask : masks) {
            text.append(mask.negated() ? "!" : "")
                    .append(mask.network())
                    .append('/')
                    .append(mask.prefix())
                    .append('\n');
        }
        return text.toString();
    }
}

package dev.weir.script.object;

import dev.weir.script.lang.Args;
import dev.weir.wire.Soa;

/** The seven arguments that describe a SOA. */
public final class SoaArguments {
    private static final long U32 = 0xffff_ffffL;

    private SoaArguments() {}

    /** @param first index of {@code mname} */
    public static Soa read(Args args, int first) {
        return new Soa(
                NameType.name(args, first, "mname"),
                NameType.name(args, first + 1, "rname"),
                args.integer(first + 2, "serial", 0, U32),
                args.integer(first + 3, "refresh", 0, U32),
                args.integer(first + 4, "retry", 0, U32),
                args.integer(first + 5, "expire", 0, U32),
                args.integer(first + 6, "minimum", 0, U32));
    }
}

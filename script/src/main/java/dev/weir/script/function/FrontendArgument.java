package dev.weir.script.function;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.listen.Protocol;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.FromLua;
import dev.weir.script.object.Context;
import java.util.List;

/** What {@code getTLSFrontend} and its kin are given: a frontend's number among those of its protocol, or its address. */
final class FrontendArgument {
    private FrontendArgument() {}

    /** Its number; -1 if there is none like that. */
    static int number(Context context, Args args, Protocol protocol) {
        List<Endpoint> known = context.frontends(protocol);
        int number = -1;
        if (args.at(1) instanceof Double) {
            number = args.integer(1, "index");
        } else if (FromLua.isText(args.at(1))) {
            number = known.stream().map(Endpoint::toString).toList().indexOf(args.string(1, "index"));
        } else {
            args.fail("index", "a number or an address", args.at(1));
        }
        return number < known.size() ? Math.max(-1, number) : -1;
    }
}

package dev.weir.script.object;

import dev.weir.engine.ring.NameTree;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ObjectType;
import dev.weir.script.lang.ToLua;
import org.jspecify.annotations.Nullable;

/** StatNodeStats: the responses for a name, or for all names below it. */
public final class StatNodeStatsType extends ObjectType<NameTree.Counts> {
    StatNodeStatsType() {
        super("StatNodeStats", NameTree.Counts.class, "", "bytes drops hits noerrors nxdomains queries servfails");
    }

    @Override
    protected @Nullable Object call(NameTree.Counts self, LuaObject object, String method, Args args) {
        throw unknown(method);
    }

    @Override
    protected @Nullable Object get(NameTree.Counts self, String attribute) {
        long count =
                switch (attribute) {
                    case "bytes" -> self.bytes();
                    case "drops" -> self.drops();
                    case "hits" -> self.hits();
                    case "noerrors" -> self.noerrors();
                    case "nxdomains" -> self.nxdomains();
                    case "queries" -> self.queries();
                    case "servfails" -> self.servfails();
                    default -> throw unknown(attribute);
                };
        return ToLua.of((double) count);
    }
}

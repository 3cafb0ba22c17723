package dev.weir.script.object;

import dev.weir.engine.ring.NameTree;
import dev.weir.lua.LuaString;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ObjectType;
import dev.weir.script.lang.ToLua;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** StatNode: a name in the tree of responses. */
public final class StatNodeType extends ObjectType<NameTree.Node> {
    StatNodeType() {
        super("StatNode", NameTree.Node.class, "numChildren", "fullname labelsCount");
    }

    @Override
    protected @Nullable Object call(NameTree.Node self, LuaObject object, String method, Args args) {
        return ToLua.of(self.children());
    }

    @Override
    protected @Nullable Object get(NameTree.Node self, String attribute) {
        return attribute.equals("fullname")
                ? LuaString.of(self.fullName().getBytes(StandardCharsets.ISO_8859_1))
                : ToLua.of(self.labels());
    }
}

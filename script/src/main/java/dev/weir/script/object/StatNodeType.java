package dev.weir.script.object;

import dev.weir.engine.ring.NameTree;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ObjectType;
import java.nio.charset.StandardCharsets;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/** StatNode: a name in the tree of responses. */
public final class StatNodeType extends ObjectType<NameTree.Node> {
    StatNodeType() {
        super("StatNode", NameTree.Node.class, "numChildren", "fullname labelsCount");
    }

    @Override
    protected Varargs call(NameTree.Node self, LuaObject object, String method, Args args) {
        return LuaValue.valueOf(self.children());
    }

    @Override
    protected LuaValue get(NameTree.Node self, String attribute) {
        return attribute.equals("fullname")
                ? LuaString.valueOf(self.fullName().getBytes(StandardCharsets.ISO_8859_1))
                : LuaValue.valueOf(self.labels());
    }
}

package dev.weir.script.function;

import dev.weir.engine.acl.Netmask;
import dev.weir.engine.acl.NetmaskGroup;
import dev.weir.engine.rule.ClientSelector;
import dev.weir.engine.rule.NameSelector;
import dev.weir.engine.rule.Selector;
import dev.weir.engine.rule.SuffixSet;
import dev.weir.lua.LuaTable;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.FromLua;
import dev.weir.script.object.NameType;
import dev.weir.script.object.SelectorType;
import dev.weir.wire.Name;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The short forms of a selector: a name, a network, or a list of either. */
final class Shorthand {
    private Shorthand() {}

    /** A selector object, or what a text, a DNSName or a list of them stands for: networks if they can be read so, names otherwise. */
    static Selector selector(Args args, @Nullable Object value) {
        SelectorType.Selection selection = Args.objectOrNull(value, SelectorType.Selection.class);
        if (selection != null) {
            return selection.selector();
        }
        if (!FromLua.isText(value) && !(value instanceof LuaTable) && Args.objectOrNull(value, Name.class) == null) {
            return args.fail("rule", "a selector, a name, a network or a list of them", value);
        }
        List<@Nullable Object> values = Args.oneOrMore(value);
        NetmaskGroup networks = new NetmaskGroup();
        SuffixSet names = new SuffixSet();
        for (@Nullable Object one : values) {
            Netmask network = FromLua.isText(one) ? network(FromLua.text(one)) : null;
            if (network != null) {
                networks.add(network);
            } else {
                names.add(NameType.name(args, one, "rule"));
            }
        }
        return networks.isEmpty()
                ? new NameSelector.Suffix(names, false)
                : new ClientSelector.Netmasks(networks, true, false);
    }

    private static @Nullable Netmask network(String text) {
        try {
            return Netmask.parse(text);
        } catch (IllegalArgumentException notANetwork) {
            return null;
        }
    }
}

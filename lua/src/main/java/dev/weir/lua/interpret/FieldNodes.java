package dev.weir.lua.interpret;

import dev.weir.lua.LuaOperators;
import dev.weir.lua.LuaString;
import dev.weir.lua.LuaTable;
import dev.weir.lua.LuaUserdata;
import dev.weir.lua.OperandNames;
import org.jspecify.annotations.Nullable;

/** Fields of tables and of an embedder's objects: read and assigned. */
final class FieldNodes {
    private FieldNodes() {}

    /** {@code object.name}. */
    static final class Field extends ExprNode {
        private final ExprNode object;
        private final LuaString name;
        private final int site;
        private final OperandNames names;
        private final MemberCache members = new MemberCache();

        Field(ExprNode object, LuaString name, int site, OperandNames names) {
            this.object = object;
            this.name = name;
            this.site = site;
            this.names = names;
        }

        @Override
        @Nullable Object eval(Frame frame) {
            return get(frame, object.eval(frame));
        }

        @Nullable Object get(Frame frame, @Nullable Object from) {
            if (from instanceof LuaTable table) {
                Object value = table.get(name);
                if (value != null || table.metatable() == null) {
                    return value;
                }
                frame.info.site = site;
            } else {
                frame.info.site = site;
                if (from instanceof LuaUserdata userdata) {
                    Object value = members.get(userdata, name);
                    if (value != null || members.isProperty()) {
                        return value;
                    }
                }
            }
            return LuaOperators.index(frame.state, from, name, names);
        }
    }

    /** {@code object[key]}. */
    static final class Element extends ExprNode {
        private final ExprNode object;
        private final ExprNode key;
        private final int site;
        private final OperandNames names;

        Element(ExprNode object, ExprNode key, int site, OperandNames names) {
            this.object = object;
            this.key = key;
            this.site = site;
            this.names = names;
        }

        @Override
        @Nullable Object eval(Frame frame) {
            Object from = object.eval(frame);
            Object at = key.eval(frame);
            if (from instanceof LuaTable table) {
                Object value = table.get(at);
                if (value != null || table.metatable() == null) {
                    return value;
                }
            }
            frame.info.site = site;
            return LuaOperators.index(frame.state, from, at, names);
        }
    }

    /** {@code object[key] = value}. */
    static final class SetElement extends StatNode {
        private final ExprNode object;
        private final ExprNode key;
        private final ExprNode value;
        private final int site;
        private final OperandNames names;

        SetElement(int line, ExprNode object, ExprNode key, ExprNode value, int site, OperandNames names) {
            super(line);
            this.object = object;
            this.key = key;
            this.value = value;
            this.site = site;
            this.names = names;
        }

        @Override
        @Nullable Object exec(Frame frame) {
            Object into = object.eval(frame);
            Object at = key.eval(frame);
            store(frame, into, at, value.eval(frame), site, names);
            return null;
        }

        static void store(
                Frame frame,
                @Nullable Object into,
                @Nullable Object at,
                @Nullable Object value,
                int site,
                OperandNames names) {
            if (into instanceof LuaTable table && table.assignsPlainly()) {
                if (at instanceof LuaString name) {
                    table.put(name, value);
                    return;
                }
                if (at instanceof Double number && !number.isNaN()) {
                    table.put(number.doubleValue(), value);
                    return;
                }
            }
            frame.info.site = site;
            LuaOperators.setIndex(frame.state, into, at, value, names);
        }
    }

    /** {@code {...}}. */
    static final class TableConstructor extends ExprNode {
        private final ExprNode[] list;
        private final ExprNode[] keys;
        private final ExprNode[] values;
        private final boolean[] keyed;
        private final int site;

        /**
         * @param list the items without a key
         * @param keyed for each item of the text, whether it has a key
         */
        TableConstructor(ExprNode[] list, ExprNode[] keys, ExprNode[] values, boolean[] keyed, int site) {
            this.list = list;
            this.keys = keys;
            this.values = values;
            this.keyed = keyed;
            this.site = site;
        }

        @Override
        Object eval(Frame frame) {
            if (keys.length == 0) {
                return list.length == 0 ? new LuaTable() : LuaTable.ofList(evalOwn(frame));
            }
            LuaTable table = new LuaTable(list.length, keys.length);
            int next = 0;
            int pair = 0;
            for (int i = 0; i < keyed.length; i++) {
                if (keyed[i]) {
                    Object key = keys[pair].eval(frame);
                    Object value = values[pair++].eval(frame);
                    frame.info.site = site;
                    LuaOperators.rawSet(frame.state, table, key, value);
                } else if (i < keyed.length - 1) {
                    Object value = list[next++].eval(frame);
                    table.put(next, value);
                } else {
                    Object last = list[next].evalAll(frame);
                    for (Object value : dev.weir.lua.Values.all(last)) {
                        table.put(++next, value);
                    }
                }
            }
            return table;
        }

        /** The list's values in an array that nobody else has. */
        private @Nullable Object[] evalOwn(Frame frame) {
            @Nullable Object[] all = evalList(list, frame);
            return list.length == 1 ? all.clone() : all;
        }
    }
}

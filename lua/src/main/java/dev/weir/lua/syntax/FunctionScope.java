package dev.weir.lua.syntax;

import dev.weir.lua.LuaError;
import dev.weir.lua.LuaString;
import dev.weir.lua.OperandNames;
import dev.weir.lua.SiteName;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the parser knows of a function while it reads it: its blocks, its locals, its upvalues and its places. */
final class FunctionScope {
    private static final int MAX_LOCALS = 200;
    private static final int MAX_UPVALUES = 60;

    final @Nullable FunctionScope parent;
    final int firstLine;
    int begin;
    boolean variadic;
    int slots;
    final List<LocalVariable> locals = new ArrayList<>();
    final List<UpvalueSource> upvalues = new ArrayList<>();
    final List<Site> sites = new ArrayList<>();
    final List<Integer> lines = new ArrayList<>();

    private final Lexer lexer;
    private final List<LocalVariable> active = new ArrayList<>();
    private final List<GotoReference> pending = new ArrayList<>();
    private BlockScope block;

    /** A block that is being read. */
    private static final class BlockScope {
        private final @Nullable BlockScope around;
        private final boolean loop;
        private final int firstLocal;
        private final int firstPending;
        private final List<LabelTarget> labels = new ArrayList<>();
        private final List<Integer> labelLocals = new ArrayList<>();

        BlockScope(@Nullable BlockScope around, boolean loop, int firstLocal, int firstPending) {
            this.around = around;
            this.loop = loop;
            this.firstLocal = firstLocal;
            this.firstPending = firstPending;
        }
    }

    FunctionScope(Lexer lexer, @Nullable FunctionScope parent, int firstLine) {
        this.lexer = lexer;
        this.parent = parent;
        this.firstLine = firstLine;
        block = new BlockScope(null, false, 0, 0);
        sites.add(new Site(firstLine == 0 ? 1 : firstLine, null, OperandNames.NONE));
    }

    // ---- places

    int site(int line, @Nullable SiteName called, OperandNames names) {
        sites.add(new Site(line, called, names));
        return sites.size() - 1;
    }

    // ---- blocks

    void openBlock(boolean loop) {
        block = new BlockScope(block, loop, active.size(), pending.size());
    }

    void closeBlock() {
        resolveLabels();
        BlockScope closed = block;
        hideLocals(closed.firstLocal);
        BlockScope around = closed.around;
        if (around == null) {
            throw new IllegalStateException("the function's own block is closed by finish");
        }
        block = around;
        for (int i = pending.size() - 1; i >= closed.firstPending; i--) {
            GotoReference reference = pending.get(i);
            if (reference.name() == null && closed.loop) {
                pending.remove(i);
            } else {
                reference.leaveBlock(closed.firstLocal);
            }
        }
    }

    /** Ends the function's own block: what is unresolved now has no label. */
    void finish() {
        resolveLabels();
        hideLocals(0);
        if (!pending.isEmpty()) {
            GotoReference lost = pending.get(0);
            throw lexer.error(
                    lost.line(),
                    lost.name() == null ? "no loop to break" : "undefined label '" + text(lost.name()) + "'");
        }
    }

    private static String text(LuaString name) {
        return name.toLatin1();
    }

    private void hideLocals(int kept) {
        while (active.size() > kept) {
            active.remove(active.size() - 1).visibleUntil(sites.size());
        }
    }

    // ---- labels

    GotoReference reference(@Nullable LuaString name, int line) {
        GotoReference reference = new GotoReference(name, line, active.size());
        pending.add(reference);
        return reference;
    }

    LabelTarget label(LuaString name) {
        for (LabelTarget known : block.labels) {
            if (known.name().equals(name)) {
                throw lexer.error("duplicate label '" + text(name) + "'");
            }
        }
        LabelTarget label = new LabelTarget(name);
        block.labels.add(label);
        block.labelLocals.add(active.size());
        return label;
    }

    /** A label before the end of a block is outside the scope of the block's locals. */
    void labelIsLast(LabelTarget label) {
        block.labelLocals.set(block.labels.indexOf(label), block.firstLocal);
    }

    private void resolveLabels() {
        for (int i = 0; i < block.labels.size(); i++) {
            LabelTarget label = block.labels.get(i);
            int scope = block.labelLocals.get(i);
            for (int j = block.firstPending; j < pending.size(); j++) {
                GotoReference reference = pending.get(j);
                LuaString name = reference.name();
                if (name != null && name.equals(label.name())) {
                    if (reference.activeLocals() < scope) {
                        throw lexer.error(
                                reference.line(),
                                "<goto " + text(name) + "> jumps into the scope of local '"
                                        + text(active.get(reference.activeLocals())
                                                .name()) + "'");
                    }
                    reference.resolve(label);
                    pending.remove(j--);
                }
            }
        }
    }

    // ---- variables

    /** A local that is visible only after {@link #activate}; its place among the slots counts the ones not yet visible. */
    LocalVariable declare(LuaString name, int alreadyDeclared) {
        int slot = active.size() + alreadyDeclared;
        if (slot >= MAX_LOCALS) {
            throw tooMany(MAX_LOCALS, "local variables");
        }
        LocalVariable variable = new LocalVariable(name, slot);
        slots = Math.max(slots, slot + 1);
        return variable;
    }

    void activate(LocalVariable variable) {
        active.add(variable);
        locals.add(variable);
        variable.visibleFrom(sites.size());
    }

    LuaError tooMany(int limit, String what) {
        String who = firstLine == 0 ? "main function" : "function at line " + firstLine;
        return lexer.error(who + " has more than " + limit + " " + what);
    }

    @Nullable LocalVariable local(LuaString name) {
        for (int i = active.size() - 1; i >= 0; i--) {
            if (active.get(i).name().equals(name)) {
                return active.get(i);
            }
        }
        return null;
    }

    /** The number of the upvalue with this name; -1 where no function around has such a local. */
    int upvalue(LuaString name, boolean assigned) {
        FunctionScope around = parent;
        if (around == null) {
            return -1;
        }
        LocalVariable outer = around.local(name);
        int index = -1;
        if (outer != null) {
            outer.capture();
            if (assigned) {
                outer.assigned();
            }
        } else {
            index = around.upvalue(name, assigned);
            if (index < 0) {
                return -1;
            }
        }
        for (int i = 0; i < upvalues.size(); i++) {
            UpvalueSource known = upvalues.get(i);
            if (outer != null ? known.local() == outer : known.local() == null && known.index() == index) {
                return i;
            }
        }
        if (upvalues.size() >= MAX_UPVALUES) {
            throw tooMany(MAX_UPVALUES, "upvalues");
        }
        LocalVariable declared =
                outer != null ? outer : around.upvalues.get(index).declared();
        upvalues.add(new UpvalueSource(name, outer, index, declared));
        return upvalues.size() - 1;
    }
}

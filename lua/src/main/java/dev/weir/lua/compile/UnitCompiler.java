package dev.weir.lua.compile;

import dev.weir.lua.interpret.Prototype;
import dev.weir.lua.syntax.Expr;
import dev.weir.lua.syntax.LabelTarget;
import dev.weir.lua.syntax.LocalVariable;
import dev.weir.lua.syntax.Stat;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.List;

/** Writes what surrounds a function's statements, or a loop's. */
final class UnitCompiler {
    private final Emitter emitter;
    private final CodeBuilder code;
    private final Prototype prototype;
    private final LocalSlots locals;

    private UnitCompiler(Emitter emitter, Prototype prototype) {
        this.emitter = emitter;
        this.code = emitter.code;
        this.prototype = prototype;
        locals = new LocalSlots(emitter, new LocalKinds(prototype.syntax()));
    }

    // ---- functions

    /** Writes a function; its arguments are in an array, or in slots from 2 on. */
    static void function(Emitter emitter, Prototype prototype, boolean array) {
        new UnitCompiler(emitter, prototype).function(array);
    }

    private void function(boolean array) {
        emitter.closure = 1;
        pushState();
        emitter.state = emitter.newSlot();
        code.astore(emitter.state);
        divertWhileHooked(array);
        code.aload(emitter.state);
        code.invokevirtual(Emitter.STATE, "calls", MethodTypeDesc.of(Emitter.CALLS));
        emitter.calls = emitter.newSlot();
        code.astore(emitter.calls);
        code.aload(1);
        code.aload(emitter.state);
        code.aload(emitter.calls);
        emitter.operate("enter", Emitter.INFO, Emitter.CLOSURE, Emitter.STATE, Emitter.CALLS);
        emitter.info = emitter.newSlot();
        code.astore(emitter.info);
        parameters(array);
        StatementCompiler statements = new StatementCompiler(emitter, prototype, locals, new StatementCompiler.Exit() {
            @Override
            public void returned(boolean tailCall) {
                leave();
                code.areturn();
            }

            @Override
            public void to(LabelTarget target) {
                throw new IllegalStateException("no label " + target.name());
            }
        });
        statements.block(prototype.syntax().body());
        code.getstatic(Emitter.VALUES, "NONE", Emitter.VALUES);
        leave();
        code.areturn();
    }

    private void pushState() {
        code.aload(1);
        code.invokevirtual(Emitter.CLOSURE, "state", MethodTypeDesc.of(Emitter.STATE));
    }

    private void leave() {
        code.aload(emitter.calls);
        code.invokevirtual(Emitter.CALLS, "leave", ConstantDescs.MTD_void);
    }

    /** A hook follows trees alone. */
    private void divertWhileHooked(boolean array) {
        ClassDesc tree = ClassDesc.of("dev.weir.lua.interpret.TreeBody");
        int parameters = array ? 1 : prototype.syntax().parameters().size();
        Label plain = code.newLabel();
        code.aload(emitter.state);
        code.invokevirtual(Emitter.STATE, "hook", MethodTypeDesc.of(ClassDesc.of("dev.weir.lua.LuaHook")));
        code.ifnull(plain);
        code.aload(0);
        code.getfield(ClassDesc.ofDescriptor(CompiledBody.class.descriptorString()), "tree", tree);
        code.aload(1);
        ClassDesc[] types = new ClassDesc[1 + parameters];
        types[0] = Emitter.CLOSURE;
        for (int i = 0; i < parameters; i++) {
            code.aload(2 + i);
            types[1 + i] = array ? Emitter.OBJECTS : Emitter.OBJECT;
        }
        code.invokevirtual(tree, array ? "invoke" : "call", MethodTypeDesc.of(Emitter.OBJECT, types));
        code.areturn();
        code.labelBinding(plain);
    }

    private void parameters(boolean array) {
        List<LocalVariable> parameters = prototype.syntax().parameters();
        for (int i = 0; i < parameters.size(); i++) {
            LocalVariable parameter = parameters.get(i);
            if (!array && locals.kind(parameter) == LocalKinds.Kind.OBJECT) {
                locals.bind(parameter, new Place.Plain(2 + i));
                continue;
            }
            locals.reserve(parameter);
            Place given = new Place.Plain(2 + i);
            int mark = emitter.mark();
            if (array) {
                code.aload(2);
                code.loadConstant(i);
                emitter.operate("item", Emitter.OBJECT, Emitter.OBJECTS, Emitter.INT);
                given = emitter.storeObject();
            }
            locals.declare(parameter, given);
            emitter.release(mark);
        }
        if (prototype.syntax().variadic()) {
            code.aload(2);
            code.loadConstant(parameters.size());
            emitter.operate("rest", Emitter.OBJECTS, Emitter.OBJECTS, Emitter.INT);
            emitter.varargs = emitter.newSlot();
            code.astore(emitter.varargs);
        }
    }

    // ---- loops

    /** Writes a loop: closure, frame, index, limit and step are in slots 1, 2, 3, 5 and 7. */
    static void loop(Emitter emitter, Prototype prototype, Stat loop) {
        new UnitCompiler(emitter, prototype).loop(loop);
    }

    private void loop(Stat loop) {
        emitter.closure = 1;
        emitter.frame = 2;
        pushState();
        emitter.state = emitter.newSlot();
        code.astore(emitter.state);
        code.aload(emitter.state);
        code.invokevirtual(Emitter.STATE, "calls", MethodTypeDesc.of(Emitter.CALLS));
        emitter.calls = emitter.newSlot();
        code.astore(emitter.calls);
        code.aload(2);
        code.invokevirtual(Emitter.FRAME, "info", MethodTypeDesc.of(Emitter.INFO));
        emitter.info = emitter.newSlot();
        code.astore(emitter.info);
        if (prototype.syntax().variadic()) {
            code.aload(2);
            code.invokevirtual(Emitter.FRAME, "varargs", MethodTypeDesc.of(Emitter.OBJECTS));
            emitter.varargs = emitter.newSlot();
            code.astore(emitter.varargs);
        }
        UsedLocals used = new UsedLocals(loop);
        used.outer().forEach(this::takeOver);
        StatementCompiler statements = new StatementCompiler(emitter, prototype, locals, new StatementCompiler.Exit() {
            @Override
            public void returned(boolean tailCall) {
                Place result = emitter.storeObject();
                code.aload(emitter.frame);
                emitter.push(result);
                code.invokevirtual(Emitter.FRAME, "returning", MethodTypeDesc.of(Emitter.OBJECT, Emitter.OBJECT));
                code.areturn();
            }

            @Override
            public void to(LabelTarget target) {
                used.assigned().forEach(UnitCompiler.this::giveBack);
                emitter.constant(target, Emitter.OBJECT);
                code.areturn();
            }
        });
        rounds(statements, loop);
        used.assigned().forEach(this::giveBack);
        code.aconst_null();
        code.areturn();
    }

    private void rounds(StatementCompiler statements, Stat loop) {
        switch (loop) {
            case Stat.While one -> statements.loops().whileLoop(one);
            case Stat.Repeat one -> statements.loops().repeat(one);
            case Stat.NumericFor one -> numeric(statements.loops(), one);
            case Stat.GenericFor one -> {
                int[] control = new int[3];
                for (int i = 0; i < 3; i++) {
                    code.aload(emitter.frame);
                    code.loadConstant(one.hidden().slot() + i);
                    emitter.operate("slot", Emitter.OBJECT, Emitter.FRAME, Emitter.INT);
                    control[i] = emitter.newSlot();
                    code.astore(control[i]);
                }
                statements.loops().iterate(one, control);
            }
            default -> throw new IllegalArgumentException("not a loop");
        }
    }

    private void numeric(LoopCompiler loops, Stat.NumericFor loop) {
        boolean whole = loop.start() instanceof Expr.Constant(Double start)
                && start == (int) start.doubleValue()
                && (start != 0 || 1 / start > 0);
        Expr step = loop.step();
        double width = step == null ? 1 : step instanceof Expr.Constant(Double value) ? value : 0;
        if (!whole || !LoopCompiler.isWholeStep(width)) {
            loops.countReal(loop, 3, 5, 7);
            return;
        }
        int index = emitter.newWideSlot();
        code.dload(3);
        code.d2l();
        code.lstore(index);
        loops.countWhole(loop, index, 5, (long) width);
    }

    /** Takes a local of the function out of the frame. */
    private void takeOver(LocalVariable variable) {
        locals.reserve(variable);
        int mark = emitter.mark();
        code.aload(emitter.frame);
        code.loadConstant(variable.slot());
        emitter.operate("slot", Emitter.OBJECT, Emitter.FRAME, Emitter.INT);
        if (variable.captured()) {
            code.checkcast(Emitter.CELL);
            code.astore(locals.cellSlot(variable));
        } else {
            locals.assign(variable, emitter.storeObject());
        }
        emitter.release(mark);
    }

    /** Puts a local of the function back into the frame. */
    private void giveBack(LocalVariable variable) {
        if (variable.captured()) {
            return;
        }
        int mark = emitter.mark();
        emitter.push(locals.read(variable));
        Place value = emitter.storeObject();
        code.aload(emitter.frame);
        code.loadConstant(variable.slot());
        emitter.push(value);
        emitter.operate("setSlot", Emitter.VOID, Emitter.FRAME, Emitter.INT, Emitter.OBJECT);
        emitter.release(mark);
    }
}

package dev.weir.lua.compile;

import dev.weir.lua.LuaString;
import dev.weir.lua.interpret.Prototype;
import dev.weir.lua.syntax.Expr;
import dev.weir.lua.syntax.LabelTarget;
import dev.weir.lua.syntax.LocalVariable;
import dev.weir.lua.syntax.Stat;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Writes the code of statements. */
final class StatementCompiler {
    final Emitter emitter;
    final CodeBuilder code;
    final LocalSlots locals;
    final ExpressionCompiler expressions;
    private final LoopCompiler loops;
    private final Exit exit;
    private final Map<LabelTarget, Label> labels = new HashMap<>();
    private @Nullable Label loopEnd;

    /** How a unit is left other than by running to its end. */
    interface Exit {
        /** Writes the return of what is on the stack. */
        void returned(boolean tailCall);

        /** Writes the way to a label outside. */
        void to(LabelTarget target);
    }

    StatementCompiler(Emitter emitter, Prototype prototype, LocalSlots locals, Exit exit) {
        this.emitter = emitter;
        this.code = emitter.code;
        this.locals = locals;
        this.exit = exit;
        expressions = new ExpressionCompiler(emitter, prototype, locals);
        loops = new LoopCompiler(this);
    }

    LoopCompiler loops() {
        return loops;
    }

    /** Writes a block; its locals' slots are free again afterwards. */
    void block(Stat.Block block) {
        int mark = emitter.mark();
        open(block);
        emitter.release(mark);
    }

    /** Writes a block whose locals remain. */
    void open(Stat.Block block) {
        for (Stat statement : block.statements()) {
            if (statement instanceof Stat.Label(LabelTarget target)) {
                labels.put(target, code.newLabel());
            }
        }
        block.statements().forEach(this::statement);
    }

    /** Writes the body of a loop: a {@code break} in it goes to a label. */
    void body(Stat.Block body, Label end) {
        Label outer = loopEnd;
        loopEnd = end;
        block(body);
        loopEnd = outer;
    }

    /** Writes the body of a loop of which the locals remain. */
    void openBody(Stat.Block body, Label end) {
        Label outer = loopEnd;
        loopEnd = end;
        open(body);
        loopEnd = outer;
    }

    private void statement(Stat statement) {
        int mark = emitter.mark();
        boolean declares = false;
        switch (statement) {
            case Stat.Block block -> block(block);
            case Stat.Local local -> {
                local(local);
                declares = true;
            }
            case Stat.LocalFunction(LocalVariable variable, Expr.Function function, int line) -> {
                localFunction(variable, function);
                declares = true;
            }
            case Stat.Assign assign -> assign(assign);
            case Stat.CallStatement(Expr call, int line) -> {
                expressions.pushAll(call);
                code.pop();
            }
            case Stat.While loop -> loops.whileLoop(loop);
            case Stat.Repeat loop -> loops.repeat(loop);
            case Stat.NumericFor loop -> loops.numericFor(loop);
            case Stat.GenericFor loop -> loops.genericFor(loop);
            case Stat.If branch -> branch(branch);
            case Stat.Return(List<Expr> values, int line) -> returned(values);
            case Stat.Break(int line) -> code.goto_(Objects.requireNonNull(loopEnd));
            case Stat.Goto jump -> jump(jump.reference().target());
            case Stat.Label(LabelTarget target) -> code.labelBinding(label(target));
        }
        if (!declares) {
            emitter.release(mark);
        }
    }

    private Label label(LabelTarget target) {
        return Objects.requireNonNull(labels.get(target));
    }

    private void jump(LabelTarget target) {
        Label label = labels.get(target);
        if (label == null) {
            exit.to(target);
        } else {
            emitter.round();
            code.goto_(label);
        }
    }

    private void branch(Stat.If branch) {
        Label end = code.newLabel();
        for (int i = 0; i < branch.bodies().size(); i++) {
            if (i == branch.conditions().size()) {
                block(branch.bodies().get(i));
                break;
            }
            Label next = code.newLabel();
            int mark = emitter.mark();
            expressions.conditions().jump(branch.conditions().get(i), next, false);
            emitter.release(mark);
            block(branch.bodies().get(i));
            code.goto_(end);
            code.labelBinding(next);
        }
        code.labelBinding(end);
    }

    private void returned(List<Expr> values) {
        boolean tailCall =
                values.size() == 1 && (values.get(0) instanceof Expr.Call || values.get(0) instanceof Expr.MethodCall);
        if (tailCall) {
            expressions.pushTailCall(values.get(0));
        } else if (values.isEmpty()) {
            code.getstatic(Emitter.VALUES, "NONE", Emitter.VALUES);
        } else if (values.size() == 1) {
            expressions.pushAll(values.get(0));
        } else {
            emitter.push(expressions.list(List.of(), values));
            code.checkcast(Emitter.OBJECTS);
            code.invokestatic(Emitter.VALUES, "of", MethodTypeDesc.of(Emitter.OBJECT, Emitter.OBJECTS));
        }
        exit.returned(tailCall);
    }

    // ---- declarations and assignments

    private void local(Stat.Local local) {
        List<LocalVariable> variables = local.variables();
        variables.forEach(locals::reserve);
        int mark = emitter.mark();
        List<Place> values = values(local.values(), variables.size());
        for (int i = 0; i < variables.size(); i++) {
            locals.declare(variables.get(i), values.get(i));
        }
        emitter.release(mark);
    }

    private void localFunction(LocalVariable variable, Expr.Function function) {
        locals.reserve(variable);
        int mark = emitter.mark();
        if (variable.captured()) {
            locals.declare(variable, new Place.Constant(null));
        }
        locals.assign(variable, expressions.eval(function));
        emitter.release(mark);
    }

    /** As many values as wanted; what is too much is evaluated and forgotten. */
    private List<Place> values(List<Expr> given, int wanted) {
        List<Place> values = new ArrayList<>();
        int last = given.size() - 1;
        for (int i = 0; i < given.size(); i++) {
            if (i == last && given.get(i).isMultiple() && wanted > given.size()) {
                several(given.get(i), wanted - last, values);
            } else {
                Place value = expressions.eval(given.get(i));
                values.add(given.size() > 1 ? emitter.copy(value) : value);
            }
        }
        while (values.size() < wanted) {
            values.add(new Place.Constant(null));
        }
        return values;
    }

    private void several(Expr multiple, int count, List<Place> into) {
        expressions.pushAll(multiple);
        Place result = emitter.storeObject();
        for (int i = 0; i < count; i++) {
            emitter.push(result);
            code.loadConstant(i);
            emitter.operate("result", Emitter.OBJECT, Emitter.OBJECT, Emitter.INT);
            into.add(emitter.storeObject());
        }
    }

    /** What a field is made of, evaluated before the values that are assigned. */
    private record Prepared(
            @Nullable Place object, @Nullable Place key) {}

    private void assign(Stat.Assign assign) {
        List<Expr> targets = assign.targets();
        boolean several = targets.size() > 1;
        List<Prepared> prepared = new ArrayList<>();
        for (Expr target : targets) {
            prepared.add(prepare(target, several));
        }
        List<Place> values = values(assign.values(), targets.size());
        for (int i = targets.size() - 1; i >= 0; i--) {
            store(targets.get(i), prepared.get(i), values.get(i));
        }
    }

    private Prepared prepare(Expr target, boolean several) {
        if (!(target instanceof Expr.Index(Expr object, Expr key, int site))) {
            return new Prepared(null, null);
        }
        Place of = expressions.eval(object);
        Place at = expressions.eval(key);
        return several ? new Prepared(emitter.copy(of), emitter.copy(at)) : new Prepared(of, at);
    }

    private void store(Expr target, Prepared prepared, Place value) {
        switch (target) {
            case Expr.Local(LocalVariable variable) -> locals.assign(variable, value);
            case Expr.Upvalue(int index, LuaString name) -> {
                expressions.pushCell(index);
                emitter.push(value);
                code.putfield(Emitter.CELL, "value", Emitter.OBJECT);
            }
            case Expr.Global(LuaString name, int site) -> {
                code.aload(emitter.closure);
                emitter.constant(name, Emitter.STRING);
                emitter.push(value);
                code.aload(emitter.info);
                code.loadConstant(site);
                emitter.operate(
                        "setGlobal",
                        Emitter.VOID,
                        Emitter.CLOSURE,
                        Emitter.STRING,
                        Emitter.OBJECT,
                        Emitter.INFO,
                        Emitter.INT);
            }
            case Expr.Index index -> storeField(index, prepared, value);
            default -> throw new IllegalStateException("not assignable");
        }
    }

    private void storeField(Expr.Index index, Prepared prepared, Place value) {
        Place object = Objects.requireNonNull(prepared.object());
        Place key = Objects.requireNonNull(prepared.key());
        emitter.push(object);
        if (key instanceof Place.Constant(LuaString name)) {
            emitter.constant(name, Emitter.STRING);
            emitter.push(value);
            emitter.operate("setField", index.site(), Emitter.VOID, Emitter.OBJECT, Emitter.STRING, Emitter.OBJECT);
            return;
        }
        ClassDesc type = expressions.pushKey(key);
        emitter.push(value);
        emitter.operate("setElement", index.site(), Emitter.VOID, Emitter.OBJECT, type, Emitter.OBJECT);
    }
}

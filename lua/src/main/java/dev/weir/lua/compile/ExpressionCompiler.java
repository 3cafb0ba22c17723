package dev.weir.lua.compile;

import dev.weir.lua.LuaString;
import dev.weir.lua.Metamethod;
import dev.weir.lua.interpret.MemberCache;
import dev.weir.lua.interpret.Prototype;
import dev.weir.lua.syntax.Expr;
import dev.weir.lua.syntax.FunctionSyntax;
import dev.weir.lua.syntax.LocalVariable;
import dev.weir.lua.syntax.UpvalueSource;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;

/** Writes the code of expressions: each leaves its value in a {@link Place}. */
final class ExpressionCompiler {
    private final Emitter emitter;
    private final CodeBuilder code;
    private final Prototype prototype;
    private final LocalSlots locals;
    private final ConditionCompiler conditions;

    ExpressionCompiler(Emitter emitter, Prototype prototype, LocalSlots locals) {
        this.emitter = emitter;
        this.code = emitter.code;
        this.prototype = prototype;
        this.locals = locals;
        conditions = new ConditionCompiler(emitter, this);
    }

    /** Conditions of these expressions. */
    ConditionCompiler conditions() {
        return conditions;
    }

    /** An expression's value; the first one if it has several. */
    Place eval(Expr expression) {
        return switch (expression) {
            case Expr.Constant(Double number) -> new Place.Known(number);
            case Expr.Constant(Object value) -> new Place.Constant(value);
            case Expr.Local(LocalVariable variable) -> locals.read(variable);
            case Expr.Upvalue(int index, LuaString name) -> upvalue(index);
            case Expr.Global(LuaString name, int site) -> global(name, site);
            case Expr.Index index -> index(index);
            case Expr.Arithmetic binary -> arithmetic(binary);
            case Expr.Negate(Expr operand, int site) -> negate(eval(operand), site);
            case Expr.Length(Expr operand, int site) -> length(operand, site);
            case Expr.Concat(List<Expr> operands, int site) -> concat(operands, site);
            case Expr.And(Expr left, Expr right) -> choice(left, right, false);
            case Expr.Or(Expr left, Expr right) -> choice(left, right, true);
            case Expr.Not not -> truth(not);
            case Expr.Comparison comparison -> truth(comparison);
            case Expr.Single(Expr inner) -> eval(inner);
            case Expr.Function(FunctionSyntax function) -> closure(function);
            case Expr.Table table -> new TableCompiler(emitter, this).table(table);
            case Expr.Varargs varargs -> {
                code.aload(emitter.varargs);
                code.iconst_0();
                emitter.operate("vararg", Emitter.OBJECT, Emitter.OBJECTS, Emitter.INT);
                yield emitter.storeObject();
            }
            case Expr.Call call -> first(call);
            case Expr.MethodCall call -> first(call);
        };
    }

    List<Place> evalEach(List<Expr> expressions) {
        List<Place> places = new ArrayList<>();
        for (Expr expression : expressions) {
            places.add(eval(expression));
        }
        return places;
    }

    // ---- variables and fields

    private Place upvalue(int index) {
        pushCell(index);
        code.getfield(Emitter.CELL, "value", Emitter.OBJECT);
        return emitter.storeObject();
    }

    /** Pushes the cell of an upvalue. */
    void pushCell(int index) {
        code.aload(emitter.closure);
        code.invokevirtual(Emitter.CLOSURE, "upvalues", MethodTypeDesc.of(Emitter.CELL.arrayType()));
        code.loadConstant(index);
        code.aaload();
    }

    private Place global(LuaString name, int site) {
        code.aload(emitter.closure);
        emitter.constant(name, Emitter.STRING);
        code.aload(emitter.info);
        code.loadConstant(site);
        emitter.operate("global", Emitter.OBJECT, Emitter.CLOSURE, Emitter.STRING, Emitter.INFO, Emitter.INT);
        return emitter.storeObject();
    }

    private Place index(Expr.Index index) {
        Place object = eval(index.object());
        if (index.key() instanceof Expr.Constant(LuaString name)) {
            return field(object, name, index.site());
        }
        return element(object, eval(index.key()), index.site());
    }

    private Place field(Place object, LuaString name, int site) {
        emitter.push(object);
        emitter.constant(name, Emitter.STRING);
        code.aload(emitter.closure);
        code.aload(emitter.info);
        code.loadConstant(site);
        emitter.constant(new MemberCache(), Emitter.CACHE);
        emitter.operate(
                "field",
                Emitter.OBJECT,
                Emitter.OBJECT,
                Emitter.STRING,
                Emitter.CLOSURE,
                Emitter.INFO,
                Emitter.INT,
                Emitter.CACHE);
        return emitter.storeObject();
    }

    private Place element(Place object, Place key, int site) {
        if (!(key instanceof Place.Dual dual)) {
            emitter.push(object);
            emitter.operate("element", site, Emitter.OBJECT, Emitter.OBJECT, pushKey(key));
            return emitter.storeObject();
        }
        int slot = emitter.newSlot();
        Label other = code.newLabel();
        Label end = code.newLabel();
        emitter.checkNumber(dual, other);
        emitter.push(object);
        code.dload(dual.realSlot());
        emitter.operate("element", site, Emitter.OBJECT, Emitter.OBJECT, Emitter.REAL);
        code.astore(slot);
        code.goto_(end);
        code.labelBinding(other);
        emitter.push(object);
        code.aload(dual.objectSlot());
        emitter.operate("element", site, Emitter.OBJECT, Emitter.OBJECT, Emitter.OBJECT);
        code.astore(slot);
        code.labelBinding(end);
        return new Place.Plain(slot);
    }

    /** Pushes a key in the form that is cheapest for it. */
    ClassDesc pushKey(Place key) {
        return switch (key) {
            case Place.Whole(int slot) -> {
                code.lload(slot);
                yield Emitter.LONG;
            }
            case Place.Known(double value)
            when value == (int) value -> {
                code.loadConstant((long) value);
                yield Emitter.LONG;
            }
            case Place.Known(double value) -> {
                code.loadConstant(value);
                yield Emitter.REAL;
            }
            case Place.Real(int slot) -> {
                code.dload(slot);
                yield Emitter.REAL;
            }
            default -> {
                emitter.push(key);
                yield Emitter.OBJECT;
            }
        };
    }

    // ---- operators

    private static boolean isWhole(Place place) {
        return place instanceof Place.Whole
                || place instanceof Place.Known(double value) && value == (int) value && (value != 0 || 1 / value > 0);
    }

    private void pushWhole(Place place) {
        switch (place) {
            case Place.Whole(int slot) -> code.lload(slot);
            case Place.Known(double value) -> code.loadConstant((long) value);
            default -> throw new IllegalStateException("not whole");
        }
    }

    private Place arithmetic(Expr.Arithmetic binary) {
        Place left = eval(binary.left());
        Place right = eval(binary.right());
        Metamethod operator = binary.operator();
        boolean sum = operator == Metamethod.ADD || operator == Metamethod.SUB;
        if (sum && isWhole(left) && isWhole(right)) {
            pushWhole(left);
            pushWhole(right);
            if (operator == Metamethod.ADD) {
                code.ladd();
            } else {
                code.lsub();
            }
            int slot = emitter.newWideSlot();
            code.lstore(slot);
            return new Place.Whole(slot);
        }
        if (left.isNumber() && right.isNumber()) {
            emitter.pushReal(left);
            emitter.pushReal(right);
            compute(operator);
            return emitter.storeReal();
        }
        return guarded(operator, left, right, binary.site());
    }

    /** An operator of values of which one may not be a number: the result is in two halves. */
    private Place guarded(Metamethod operator, Place left, Place right, int site) {
        Place.Dual result = new Place.Dual(emitter.newWideSlot(), emitter.newSlot());
        Label other = code.newLabel();
        Label end = code.newLabel();
        if (!(left instanceof Place.Constant) && !(right instanceof Place.Constant)) {
            emitter.checkNumber(left, other);
            emitter.checkNumber(right, other);
            emitter.pushReal(left);
            if (operator != Metamethod.UNM) {
                emitter.pushReal(right);
            }
            compute(operator);
            code.dstore(result.realSlot());
            emitter.numberMark();
            code.astore(result.objectSlot());
            code.goto_(end);
        }
        code.labelBinding(other);
        emitter.push(left);
        emitter.push(right);
        emitter.constant(operator, Emitter.METAMETHOD);
        emitter.operate("arithmetic", site, Emitter.OBJECT, Emitter.OBJECT, Emitter.OBJECT, Emitter.METAMETHOD);
        code.astore(result.objectSlot());
        code.dconst_0();
        code.dstore(result.realSlot());
        code.labelBinding(end);
        return result;
    }

    private void compute(Metamethod operator) {
        switch (operator) {
            case ADD -> code.dadd();
            case SUB -> code.dsub();
            case MUL -> code.dmul();
            case DIV -> code.ddiv();
            case UNM -> code.dneg();
            case MOD -> call("modulo");
            default -> call("power");
        }
    }

    private void call(String operator) {
        code.invokestatic(Emitter.OPERATORS, operator, MethodTypeDesc.of(Emitter.REAL, Emitter.REAL, Emitter.REAL));
    }

    private Place negate(Place operand, int site) {
        if (operand.isNumber()) {
            emitter.pushReal(operand);
            code.dneg();
            return emitter.storeReal();
        }
        return guarded(Metamethod.UNM, operand, operand, site);
    }

    private Place length(Expr operand, int site) {
        emitter.push(eval(operand));
        emitter.operate("length", site, Emitter.OBJECT, Emitter.OBJECT);
        return emitter.storeObject();
    }

    private Place concat(List<Expr> operands, int site) {
        emitter.pushArray(evalEach(operands));
        emitter.operate("concat", site, Emitter.OBJECT, Emitter.OBJECTS);
        return emitter.storeObject();
    }

    /** {@code left and right}, or {@code left or right}. */
    private Place choice(Expr left, Expr right, boolean keepsTrue) {
        int slot = emitter.newSlot();
        Label end = code.newLabel();
        if (!keepsTrue && (left instanceof Expr.Comparison || left instanceof Expr.Not)) {
            Label no = code.newLabel();
            conditions.jump(left, no, false);
            emitter.push(eval(right));
            code.astore(slot);
            code.goto_(end);
            code.labelBinding(no);
            emitter.push(new Place.Constant(false));
            code.astore(slot);
            code.labelBinding(end);
            return new Place.Plain(slot);
        }
        emitter.push(eval(left));
        code.astore(slot);
        code.aload(slot);
        emitter.operate("isTrue", Emitter.BOOLEAN, Emitter.OBJECT);
        if (keepsTrue) {
            code.ifne(end);
        } else {
            code.ifeq(end);
        }
        emitter.push(eval(right));
        code.astore(slot);
        code.labelBinding(end);
        return new Place.Plain(slot);
    }

    private Place truth(Expr condition) {
        int slot = emitter.newSlot();
        Label no = code.newLabel();
        Label end = code.newLabel();
        conditions.jump(condition, no, false);
        emitter.push(new Place.Constant(true));
        code.astore(slot);
        code.goto_(end);
        code.labelBinding(no);
        emitter.push(new Place.Constant(false));
        code.astore(slot);
        code.labelBinding(end);
        return new Place.Plain(slot);
    }

    // ---- functions

    private Place closure(FunctionSyntax function) {
        code.aload(emitter.closure);
        emitter.constant(prototype.inner(function), Emitter.PROTOTYPE);
        List<Integer> cells = new ArrayList<>();
        for (UpvalueSource source : function.upvalues()) {
            LocalVariable local = source.local();
            if (local != null) {
                cells.add(locals.cellSlot(local));
            }
        }
        code.loadConstant(cells.size());
        code.anewarray(Emitter.CELL);
        for (int i = 0; i < cells.size(); i++) {
            code.dup();
            code.loadConstant(i);
            code.aload(cells.get(i));
            code.aastore();
        }
        emitter.operate("closure", Emitter.CLOSURE, Emitter.CLOSURE, Emitter.PROTOTYPE, Emitter.CELL.arrayType());
        return emitter.storeObject();
    }

    private Place first(Expr call) {
        pushAll(call);
        emitter.operate("first", Emitter.OBJECT, Emitter.OBJECT);
        return emitter.storeObject();
    }

    /** Pushes all values of a call or of {@code ...}, in the form in which a call returns them. */
    void pushAll(Expr expression) {
        switch (expression) {
            case Expr.Varargs varargs -> {
                code.aload(emitter.varargs);
                code.invokestatic(Emitter.VALUES, "of", MethodTypeDesc.of(Emitter.OBJECT, Emitter.OBJECTS));
            }
            case Expr.Call(Expr function, List<Expr> arguments, int site) -> {
                Place called = eval(function);
                call(called, new ArrayList<>(), arguments, site);
            }
            case Expr.MethodCall(Expr object, LuaString name, List<Expr> arguments, int site) -> {
                Place self = eval(object);
                Place called = field(self, name, site);
                List<Place> values = new ArrayList<>();
                values.add(self);
                call(called, values, arguments, site);
            }
            default -> emitter.push(eval(expression));
        }
    }

    private void call(Place called, List<Place> values, List<Expr> arguments, int site) {
        boolean open =
                !arguments.isEmpty() && arguments.get(arguments.size() - 1).isMultiple();
        if (open || values.size() + arguments.size() > 3) {
            Place list = list(values, arguments);
            pushCallee(called, site);
            emitter.push(list);
            code.checkcast(Emitter.OBJECTS);
            emitter.site(site);
            code.invokevirtual(Emitter.FUNCTION, "invoke", MethodTypeDesc.of(Emitter.OBJECT, Emitter.OBJECTS));
            return;
        }
        values.addAll(evalEach(arguments));
        pushCallee(called, site);
        values.forEach(emitter::push);
        emitter.site(site);
        List<ClassDesc> types = new ArrayList<>();
        values.forEach(value -> types.add(Emitter.OBJECT));
        code.invokevirtual(Emitter.FUNCTION, "call", MethodTypeDesc.of(Emitter.OBJECT, types));
    }

    private void pushCallee(Place called, int site) {
        emitter.push(called);
        emitter.operate("callee", site, Emitter.FUNCTION, Emitter.OBJECT);
    }

    /** The values of a list, of which the last one may be several, as an array in a slot. */
    Place list(List<Place> before, List<Expr> expressions) {
        List<Place> values = new ArrayList<>(before);
        boolean open = !expressions.isEmpty()
                && expressions.get(expressions.size() - 1).isMultiple();
        int single = open ? expressions.size() - 1 : expressions.size();
        values.addAll(evalEach(expressions.subList(0, single)));
        if (!open) {
            emitter.pushArray(values);
            return emitter.storeObject();
        }
        pushAll(expressions.get(single));
        Place rest = emitter.storeObject();
        emitter.pushArray(values);
        emitter.push(rest);
        emitter.operate("append", Emitter.OBJECTS, Emitter.OBJECTS, Emitter.OBJECT);
        return emitter.storeObject();
    }

    /** Pushes a tail call of an expression that is a call. */
    void pushTailCall(Expr expression) {
        List<Place> values = new ArrayList<>();
        Place called;
        List<Expr> arguments;
        int site;
        if (expression instanceof Expr.MethodCall method) {
            Place self = eval(method.object());
            values.add(self);
            called = field(self, method.name(), method.site());
            arguments = method.arguments();
            site = method.site();
        } else if (expression instanceof Expr.Call call) {
            called = eval(call.function());
            arguments = call.arguments();
            site = call.site();
        } else {
            throw new IllegalArgumentException("not a call");
        }
        Place list = list(values, arguments);
        code.aload(emitter.calls);
        code.invokevirtual(Emitter.CALLS, "tailCall", MethodTypeDesc.of(Emitter.TAIL_CALL));
        pushCallee(called, site);
        emitter.push(list);
        code.checkcast(Emitter.OBJECTS);
        code.invokevirtual(
                Emitter.TAIL_CALL, "of", MethodTypeDesc.of(Emitter.TAIL_CALL, Emitter.FUNCTION, Emitter.OBJECTS));
    }
}

package dev.weir.lua.compile;

import dev.weir.lua.CallInfo;
import dev.weir.lua.CallStack;
import dev.weir.lua.LuaFunction;
import dev.weir.lua.LuaNumber;
import dev.weir.lua.LuaOperators;
import dev.weir.lua.LuaState;
import dev.weir.lua.LuaString;
import dev.weir.lua.LuaTable;
import dev.weir.lua.Metamethod;
import dev.weir.lua.TailCall;
import dev.weir.lua.Values;
import dev.weir.lua.interpret.Frame;
import dev.weir.lua.interpret.LuaClosure;
import dev.weir.lua.interpret.MemberCache;
import dev.weir.lua.interpret.Prototype;
import dev.weir.lua.interpret.UpvalueCell;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes the instructions of one unit: values between {@link Place}s and the stack, and calls of {@link Operations}. */
final class Emitter {
    static final ClassDesc OBJECT = ConstantDescs.CD_Object;
    static final ClassDesc OBJECTS = OBJECT.arrayType();
    static final ClassDesc DOUBLE = ConstantDescs.CD_Double;
    static final ClassDesc REAL = ConstantDescs.CD_double;
    static final ClassDesc INT = ConstantDescs.CD_int;
    static final ClassDesc LONG = ConstantDescs.CD_long;
    static final ClassDesc BOOLEAN = ConstantDescs.CD_boolean;
    static final ClassDesc VOID = ConstantDescs.CD_void;
    static final ClassDesc OPERATIONS = of(Operations.class);
    static final ClassDesc CLOSURE = of(LuaClosure.class);
    static final ClassDesc STATE = of(LuaState.class);
    static final ClassDesc CALLS = of(CallStack.class);
    static final ClassDesc INFO = of(CallInfo.class);
    static final ClassDesc TABLE = of(LuaTable.class);
    static final ClassDesc STRING = of(LuaString.class);
    static final ClassDesc FUNCTION = of(LuaFunction.class);
    static final ClassDesc CELL = of(UpvalueCell.class);
    static final ClassDesc CACHE = of(MemberCache.class);
    static final ClassDesc VALUES = of(Values.class);
    static final ClassDesc TAIL_CALL = of(TailCall.class);
    static final ClassDesc FRAME = of(Frame.class);
    static final ClassDesc PROTOTYPE = of(Prototype.class);
    static final ClassDesc METAMETHOD = of(Metamethod.class);
    static final ClassDesc NUMBERS = of(LuaNumber.class);
    static final ClassDesc OPERATORS = of(LuaOperators.class);

    final CodeBuilder code;
    private final ClassDesc self;
    private final List<Object> constants;
    private int nextSlot;

    int closure;
    int state;
    int calls;
    int info;
    int varargs;
    int frame;

    /**
     * @param self the class under construction
     * @param constants collects what its static fields {@code k0}, {@code k1} and so on hold
     */
    Emitter(CodeBuilder code, ClassDesc self, List<Object> constants, int firstSlot) {
        this.code = code;
        this.self = self;
        this.constants = constants;
        this.nextSlot = firstSlot;
    }

    private static ClassDesc of(Class<?> type) {
        return ClassDesc.ofDescriptor(type.descriptorString());
    }

    // ---- slots

    int newSlot() {
        return nextSlot++;
    }

    int newWideSlot() {
        int slot = nextSlot;
        nextSlot += 2;
        return slot;
    }

    /** The first slot that is free: what is above it may be given back to {@link #release}. */
    int mark() {
        return nextSlot;
    }

    void release(int mark) {
        nextSlot = mark;
    }

    Place newReal() {
        return new Place.Real(newWideSlot());
    }

    /** Stores what is on the stack, an object. */
    Place storeObject() {
        int slot = newSlot();
        code.astore(slot);
        return new Place.Plain(slot);
    }

    /** Stores what is on the stack, a double. */
    Place storeReal() {
        int slot = newWideSlot();
        code.dstore(slot);
        return new Place.Real(slot);
    }

    // ---- constants

    /** Pushes a constant of the class. */
    void constant(Object value, ClassDesc type) {
        int index = -1;
        for (int i = 0; i < constants.size() && index < 0; i++) {
            Object known = constants.get(i);
            if (known == value || known instanceof Double && known.equals(value)) {
                index = i;
            }
        }
        if (index < 0) {
            index = constants.size();
            constants.add(value);
        }
        code.getstatic(self, "k" + index, constantType(value));
        assert constantType(value).equals(type) || type.equals(OBJECT);
    }

    /** The type of the field that holds a constant. */
    static ClassDesc constantType(Object value) {
        return switch (value) {
            case LuaString string -> STRING;
            case Double number -> DOUBLE;
            case Prototype prototype -> PROTOTYPE;
            case MemberCache cache -> CACHE;
            case Metamethod operator -> METAMETHOD;
            default -> OBJECT;
        };
    }

    /** Pushes {@link Operations#NUMBER}. */
    void numberMark() {
        code.getstatic(OPERATIONS, "NUMBER", OBJECT);
    }

    private void constantObject(@Nullable Object value) {
        switch (value) {
            case null -> code.aconst_null();
            case Boolean truth ->
                code.getstatic(ConstantDescs.CD_Boolean, truth ? "TRUE" : "FALSE", ConstantDescs.CD_Boolean);
            default -> constant(value, OBJECT);
        }
    }

    // ---- values

    /** Pushes a value as an object. */
    void push(Place place) {
        switch (place) {
            case Place.Known(double value) -> constant(LuaNumber.box(value), DOUBLE);
            case Place.Constant(Object value) -> constantObject(value);
            case Place.Real(int slot) -> {
                code.dload(slot);
                box();
            }
            case Place.Whole(int slot) -> {
                code.lload(slot);
                code.l2d();
                box();
            }
            case Place.Dual(int real, int object) -> {
                Label boxed = code.newLabel();
                Label end = code.newLabel();
                code.aload(object);
                numberMark();
                code.if_acmpeq(boxed);
                code.aload(object);
                code.goto_(end);
                code.labelBinding(boxed);
                code.dload(real);
                box();
                code.labelBinding(end);
            }
            case Place.Plain(int slot) -> code.aload(slot);
        }
    }

    private void box() {
        code.invokestatic(NUMBERS, "box", MethodTypeDesc.of(DOUBLE, REAL));
    }

    /** Pushes a value as a double: one that is a number for certain, or has been checked by {@link #checkNumber}. */
    void pushReal(Place place) {
        switch (place) {
            case Place.Known(double value) -> code.loadConstant(value);
            case Place.Real(int slot) -> code.dload(slot);
            case Place.Whole(int slot) -> {
                code.lload(slot);
                code.l2d();
            }
            case Place.Dual(int real, int object) -> code.dload(real);
            case Place.Plain(int slot) -> {
                code.aload(slot);
                code.checkcast(DOUBLE);
                code.invokevirtual(DOUBLE, "doubleValue", MethodTypeDesc.of(REAL));
            }
            case Place.Constant constant -> throw new IllegalStateException("not a number");
        }
    }

    /** Goes elsewhere if a value is not a number. */
    void checkNumber(Place place, Label otherwise) {
        switch (place) {
            case Place.Dual(int real, int object) -> {
                code.aload(object);
                numberMark();
                code.if_acmpne(otherwise);
            }
            case Place.Plain(int slot) -> {
                code.aload(slot);
                code.instanceOf(DOUBLE);
                code.ifeq(otherwise);
            }
            case Place.Constant constant -> code.goto_(otherwise);
            default -> {
                // it is one
            }
        }
    }

    /** The same value in slots of its own. */
    Place copy(Place place) {
        return switch (place) {
            case Place.Real(int slot) -> {
                code.dload(slot);
                yield storeReal();
            }
            case Place.Whole(int slot) -> {
                code.lload(slot);
                int copy = newWideSlot();
                code.lstore(copy);
                yield new Place.Whole(copy);
            }
            case Place.Dual(int real, int object) -> {
                int realCopy = newWideSlot();
                int objectCopy = newSlot();
                code.dload(real);
                code.dstore(realCopy);
                code.aload(object);
                code.astore(objectCopy);
                yield new Place.Dual(realCopy, objectCopy);
            }
            case Place.Plain(int slot) -> {
                code.aload(slot);
                yield storeObject();
            }
            case Place.Known number -> number;
            case Place.Constant constant -> constant;
        };
    }

    /** Stores a value in two halves. */
    void storeDual(Place.Dual target, Place place) {
        switch (place) {
            case Place.Dual(int real, int object) -> {
                code.dload(real);
                code.dstore(target.realSlot());
                code.aload(object);
                code.astore(target.objectSlot());
            }
            case Place.Plain plain -> {
                Label other = code.newLabel();
                Label end = code.newLabel();
                checkNumber(plain, other);
                pushReal(plain);
                code.dstore(target.realSlot());
                numberMark();
                code.astore(target.objectSlot());
                code.goto_(end);
                code.labelBinding(other);
                code.aload(plain.slot());
                code.astore(target.objectSlot());
                code.dconst_0();
                code.dstore(target.realSlot());
                code.labelBinding(end);
            }
            case Place.Constant constant -> {
                push(constant);
                code.astore(target.objectSlot());
                code.dconst_0();
                code.dstore(target.realSlot());
            }
            default -> {
                pushReal(place);
                code.dstore(target.realSlot());
                numberMark();
                code.astore(target.objectSlot());
            }
        }
    }

    /** Pushes an array of the values. */
    void pushArray(List<Place> places) {
        code.loadConstant(places.size());
        code.anewarray(OBJECT);
        for (int i = 0; i < places.size(); i++) {
            code.dup();
            code.loadConstant(i);
            push(places.get(i));
            code.aastore();
        }
    }

    // ---- calls

    /** Calls one of {@link Operations} whose last parameters are closure, call and place. */
    void operate(String name, int site, ClassDesc result, ClassDesc... parameters) {
        code.aload(closure);
        code.aload(info);
        code.loadConstant(site);
        List<ClassDesc> all = new ArrayList<>(List.of(parameters));
        all.addAll(List.of(CLOSURE, INFO, INT));
        code.invokestatic(OPERATIONS, name, MethodTypeDesc.of(result, all));
    }

    /** Calls one of {@link Operations}. */
    void operate(String name, ClassDesc result, ClassDesc... parameters) {
        code.invokestatic(OPERATIONS, name, MethodTypeDesc.of(result, parameters));
    }

    /** Notes the place. */
    void site(int site) {
        code.aload(info);
        code.loadConstant(site);
        code.putfield(INFO, "site", INT);
    }

    /** Counts a round of a loop. */
    void round() {
        code.aload(state);
        operate("round", VOID, STATE);
    }
}

package dev.weir.lua.compile;

import dev.weir.lua.interpret.CompiledLoop;
import dev.weir.lua.interpret.FunctionBody;
import dev.weir.lua.interpret.HotCode;
import dev.weir.lua.interpret.Prototype;
import dev.weir.lua.interpret.TreeBody;
import dev.weir.lua.syntax.Stat;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes a hidden class of a function or a loop by the JDK's Class-File API.
 *
 * <p>A class is garbage together with the function. What is too large for the JVM to compile (8,000 octets of code in one
 * method) stays a tree; the loops in it are units of their own.
 */
public final class BytecodeCompiler implements HotCode {
    /** The JVM interprets methods that are larger, whatever happens. */
    private static final int LARGEST_METHOD = 7_900;

    private static final ClassDesc SELF = ClassDesc.of("dev.weir.lua.compile.Unit");
    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

    private final int hotCalls;
    private final int hotRounds;

    /** A compiler with the thresholds that have been found to be good. */
    public BytecodeCompiler() {
        this(400, 2_000);
    }

    /** A compiler that waits for so many calls of a function, and so many rounds of a loop. */
    public BytecodeCompiler(int hotCalls, int hotRounds) {
        this.hotCalls = hotCalls;
        this.hotRounds = hotRounds;
    }

    @Override
    public int hotCalls() {
        return hotCalls;
    }

    @Override
    public int hotRounds() {
        return hotRounds;
    }

    @Override
    public @Nullable FunctionBody function(Prototype prototype) {
        int parameters = prototype.syntax().variadic()
                ? 4
                : prototype.syntax().parameters().size();
        Class<?> parent =
                switch (parameters) {
                    case 0 -> CompiledBody.Of0.class;
                    case 1 -> CompiledBody.Of1.class;
                    case 2 -> CompiledBody.Of2.class;
                    case 3 -> CompiledBody.Of3.class;
                    default -> CompiledBody.OfList.class;
                };
        List<ClassDesc> types = new ArrayList<>(List.of(Emitter.CLOSURE));
        for (int i = 0; i < parameters && parameters <= 3; i++) {
            types.add(Emitter.OBJECT);
        }
        if (parameters > 3) {
            types.add(Emitter.OBJECTS);
        }
        MethodTypeDesc type = MethodTypeDesc.of(Emitter.OBJECT, types);
        List<Object> constants = new ArrayList<>();
        byte[] unit = build(
                parent,
                TreeBody.class,
                parameters > 3 ? "invoke" : "call",
                type,
                constants,
                code -> UnitCompiler.function(
                        new Emitter(code, SELF, constants, 1 + types.size()), prototype, parameters > 3));
        return unit == null ? null : (FunctionBody) instantiate(unit, constants, TreeBody.class, prototype.tree());
    }

    @Override
    public @Nullable CompiledLoop loop(Prototype prototype, Stat loop) {
        List<Object> constants = new ArrayList<>();
        MethodTypeDesc type = MethodTypeDesc.of(
                Emitter.OBJECT, Emitter.CLOSURE, Emitter.FRAME, Emitter.REAL, Emitter.REAL, Emitter.REAL);
        byte[] unit = build(
                CompiledLoop.class,
                null,
                "run",
                type,
                constants,
                code -> UnitCompiler.loop(new Emitter(code, SELF, constants, 9), prototype, loop));
        return unit == null ? null : (CompiledLoop) instantiate(unit, constants, null, null);
    }

    // ---- classes

    private static ClassDesc describe(Class<?> type) {
        return ClassDesc.ofDescriptor(type.descriptorString());
    }

    /** The octets of a class with one method; null if that would be too large. */
    private static byte @Nullable [] build(
            Class<?> parent,
            @Nullable Class<?> argument,
            String method,
            MethodTypeDesc type,
            List<Object> constants,
            Consumer<CodeBuilder> body) {
        MethodTypeDesc constructor = argument == null
                ? ConstantDescs.MTD_void
                : MethodTypeDesc.of(ConstantDescs.CD_void, describe(argument));
        byte[] octets;
        try {
            octets = ClassFile.of().build(SELF, built -> {
                built.withSuperclass(describe(parent));
                built.withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SUPER);
                built.withMethodBody(ConstantDescs.INIT_NAME, constructor, 0, code -> {
                    code.aload(0);
                    if (argument != null) {
                        code.aload(1);
                    }
                    code.invokespecial(describe(parent), ConstantDescs.INIT_NAME, constructor);
                    code.return_();
                });
                built.withMethodBody(method, type, ClassFile.ACC_PUBLIC | ClassFile.ACC_FINAL, body);
                for (int i = 0; i < constants.size(); i++) {
                    built.withField(
                            "k" + i,
                            Emitter.constantType(constants.get(i)),
                            ClassFile.ACC_STATIC | ClassFile.ACC_FINAL | ClassFile.ACC_PRIVATE);
                }
                built.withMethodBody(
                        ConstantDescs.CLASS_INIT_NAME,
                        ConstantDescs.MTD_void,
                        ClassFile.ACC_STATIC,
                        code -> initialise(code, constants));
            });
        } catch (IllegalArgumentException tooLarge) {
            return null;
        }
        return codeSize(octets, method) > LARGEST_METHOD ? null : octets;
    }

    private static int codeSize(byte[] built, String name) {
        ClassModel model = ClassFile.of().parse(built);
        for (MethodModel method : model.methods()) {
            CodeModel code = method.code().orElse(null);
            if (method.methodName().equalsString(name) && code instanceof CodeAttribute attribute) {
                return attribute.codeLength();
            }
        }
        return 0;
    }

    /** Fills the static fields from the data that the class is defined with. */
    private static void initialise(CodeBuilder code, List<Object> constants) {
        DirectMethodHandleDesc classData = java.lang.constant.MethodHandleDesc.ofMethod(
                DirectMethodHandleDesc.Kind.STATIC,
                ClassDesc.of("java.lang.invoke.MethodHandles"),
                "classData",
                MethodTypeDesc.of(
                        ConstantDescs.CD_Object,
                        ConstantDescs.CD_MethodHandles_Lookup,
                        ConstantDescs.CD_String,
                        ConstantDescs.CD_Class));
        code.loadConstant(
                java.lang.constant.DynamicConstantDesc.ofNamed(classData, ConstantDescs.DEFAULT_NAME, Emitter.OBJECTS));
        code.astore(0);
        for (int i = 0; i < constants.size(); i++) {
            ClassDesc type = Emitter.constantType(constants.get(i));
            code.aload(0);
            code.loadConstant(i);
            code.aaload();
            code.checkcast(type);
            code.putstatic(SELF, "k" + i, type);
        }
        code.return_();
    }

    private static Object instantiate(
            byte[] unit, List<Object> constants, @Nullable Class<?> argument, @Nullable Object value) {
        try {
            MethodHandles.Lookup defined = LOOKUP.defineHiddenClassWithClassData(unit, constants.toArray(), true);
            return argument == null
                    ? defined.findConstructor(defined.lookupClass(), MethodType.methodType(void.class))
                            .invoke()
                    : defined.findConstructor(defined.lookupClass(), MethodType.methodType(void.class, argument))
                            .invoke(value);
        } catch (Throwable impossible) {
            throw new IllegalStateException("generated code is wrong", impossible);
        }
    }
}

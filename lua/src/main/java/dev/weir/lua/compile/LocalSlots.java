package dev.weir.lua.compile;

import dev.weir.lua.syntax.LocalVariable;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.MethodTypeDesc;
import java.util.HashMap;
import java.util.Map;

/** Where the locals of a function are among the slots of the JVM. */
final class LocalSlots {
    private final Emitter emitter;
    private final CodeBuilder code;
    private final LocalKinds kinds;
    private final Map<LocalVariable, Place> places = new HashMap<>();

    LocalSlots(Emitter emitter, LocalKinds kinds) {
        this.emitter = emitter;
        this.code = emitter.code;
        this.kinds = kinds;
    }

    LocalKinds.Kind kind(LocalVariable variable) {
        return kinds.of(variable);
    }

    boolean knows(LocalVariable variable) {
        return places.containsKey(variable);
    }

    /** Reserves the slots of a local that is about to be declared. */
    void reserve(LocalVariable variable) {
        places.put(
                variable,
                switch (kinds.of(variable)) {
                    case NUMBER -> new Place.Real(emitter.newWideSlot());
                    case DUAL -> new Place.Dual(emitter.newWideSlot(), emitter.newSlot());
                    case CELL, OBJECT -> new Place.Plain(emitter.newSlot());
                });
    }

    /** Says where a local is that needs no slots of its own. */
    void bind(LocalVariable variable, Place place) {
        places.put(variable, place);
    }

    private Place place(LocalVariable variable) {
        Place place = places.get(variable);
        if (place == null) {
            throw new IllegalStateException("undeclared " + variable.name());
        }
        return place;
    }

    /** The slot that holds a local's cell. */
    int cellSlot(LocalVariable variable) {
        return place(variable) instanceof Place.Plain(int slot) ? slot : -1;
    }

    /** A local's value. */
    Place read(LocalVariable variable) {
        if (kinds.of(variable) != LocalKinds.Kind.CELL) {
            return place(variable);
        }
        code.aload(cellSlot(variable));
        code.getfield(Emitter.CELL, "value", Emitter.OBJECT);
        return emitter.storeObject();
    }

    /** Gives a local its first value; one that functions inside use becomes a new variable. */
    void declare(LocalVariable variable, Place value) {
        if (kinds.of(variable) != LocalKinds.Kind.CELL) {
            assign(variable, value);
            return;
        }
        code.new_(Emitter.CELL);
        code.dup();
        emitter.push(value);
        code.invokespecial(Emitter.CELL, "<init>", MethodTypeDesc.of(Emitter.VOID, Emitter.OBJECT));
        code.astore(cellSlot(variable));
    }

    /** Assigns to a local. */
    void assign(LocalVariable variable, Place value) {
        if (kinds.of(variable) == LocalKinds.Kind.CELL) {
            code.aload(cellSlot(variable));
            emitter.push(value);
            code.putfield(Emitter.CELL, "value", Emitter.OBJECT);
            return;
        }
        switch (place(variable)) {
            case Place.Real(int slot) -> {
                emitter.pushReal(value);
                code.dstore(slot);
            }
            case Place.Dual dual -> emitter.storeDual(dual, value);
            case Place.Plain(int slot) -> {
                emitter.push(value);
                code.astore(slot);
            }
            default -> throw new IllegalStateException("not assignable");
        }
    }
}

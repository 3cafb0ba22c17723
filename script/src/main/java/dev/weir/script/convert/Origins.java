package dev.weir.script.convert;

import dev.weir.script.lang.Journal.Call;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.object.SelectorType;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Which call made each thing that the model holds. */
final class Origins {
    private final List<Call> calls;
    private final IdentityHashMap<Object, Call> makers = new IdentityHashMap<>();

    Origins(List<Call> calls) {
        this.calls = calls;
        for (Call call : calls) {
            Object made = thing(call.result());
            if (made != null && call.object() == null) {
                makers.putIfAbsent(made, call);
            }
        }
    }

    /** What a value of Lua stands for in the model; {@code null} if it is none of our objects. */
    static @Nullable Object thing(@Nullable Object value) {
        Object instance = value instanceof LuaObject object ? object.instance() : null;
        return instance instanceof SelectorType.Selection selection ? selection.selector() : instance;
    }

    /** The call that made a thing; {@code null} if none did. */
    @Nullable Call of(Object thing) {
        return makers.get(thing);
    }

    /** All calls, in their order. */
    List<Call> calls() {
        return calls;
    }

    /** The last call of a function. */
    @Nullable Call last(String function) {
        return last(call -> call.function().equals(function));
    }

    @Nullable Call last(Predicate<Call> wanted) {
        for (int i = calls.size() - 1; i >= 0; i--) {
            if (wanted.test(calls.get(i))) {
                return calls.get(i);
            }
        }
        return null;
    }

    /** The calls of a function. */
    List<Call> all(String function) {
        return calls.stream().filter(call -> call.function().equals(function)).toList();
    }

    /** The calls of a method of a thing. */
    List<Call> methods(Object thing, String method) {
        return calls.stream()
                .filter(call ->
                        call.object() != null && call.function().equals(method) && thing(call.object()) == thing)
                .toList();
    }
}

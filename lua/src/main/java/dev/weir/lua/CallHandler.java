package dev.weir.lua;

import org.jspecify.annotations.Nullable;

/** A value that is called through its {@code __call}: it becomes the first argument. */
final class CallHandler extends LuaFunction {
    private final LuaFunction handler;
    private final @Nullable Object self;

    CallHandler(LuaFunction handler, @Nullable Object self) {
        this.handler = handler;
        this.self = self;
    }

    @Override
    public @Nullable Object call() {
        return handler.call(self);
    }

    @Override
    public @Nullable Object call(@Nullable Object a) {
        return handler.call(self, a);
    }

    @Override
    public @Nullable Object call(@Nullable Object a, @Nullable Object b) {
        return handler.call(self, a, b);
    }

    @Override
    public @Nullable Object call(@Nullable Object a, @Nullable Object b, @Nullable Object c) {
        return handler.invoke(new @Nullable Object[] {self, a, b, c});
    }

    @Override
    public @Nullable Object invoke(@Nullable Object[] arguments) {
        @Nullable Object[] all = new @Nullable Object[arguments.length + 1];
        all[0] = self;
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return handler.invoke(all);
    }
}

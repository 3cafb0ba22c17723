package dev.weir.lua.interpret;

import dev.weir.lua.LuaFunction;
import dev.weir.lua.LuaOperators;
import dev.weir.lua.Values;
import org.jspecify.annotations.Nullable;

/** Calls of functions and methods. */
final class CallNodes {
    private CallNodes() {}

    /** What a call has of its own: which function is called, with which arguments. */
    abstract static class AnyCall extends ExprNode {
        final ExprNode[] arguments;
        final int site;
        private final boolean fixed;

        AnyCall(ExprNode[] arguments, boolean fixed, int site) {
            this.arguments = arguments;
            this.fixed = fixed;
            this.site = site;
        }

        @Override
        final @Nullable Object eval(Frame frame) {
            Object result = evalAll(frame);
            return result instanceof Values values ? values.first() : result;
        }

        /** What is called; it may raise an error. */
        final LuaFunction callable(Frame frame, @Nullable Object value) {
            if (value instanceof LuaFunction function) {
                return function;
            }
            frame.info.site = site;
            return LuaOperators.handlerOfCall(
                    frame.state, value, frame.closure.prototype().site(site).called());
        }

        /** Calls with the arguments that the text has. */
        final @Nullable Object call(Frame frame, @Nullable Object called) {
            if (!fixed || arguments.length > 3) {
                @Nullable Object[] values = evalList(arguments, frame);
                LuaFunction function = callable(frame, called);
                frame.info.site = site;
                return function.invoke(values);
            }
            return switch (arguments.length) {
                case 0 -> {
                    LuaFunction function = callable(frame, called);
                    frame.info.site = site;
                    yield function.call();
                }
                case 1 -> {
                    Object a = arguments[0].eval(frame);
                    LuaFunction function = callable(frame, called);
                    frame.info.site = site;
                    yield function.call(a);
                }
                case 2 -> {
                    Object a = arguments[0].eval(frame);
                    Object b = arguments[1].eval(frame);
                    LuaFunction function = callable(frame, called);
                    frame.info.site = site;
                    yield function.call(a, b);
                }
                default -> {
                    Object a = arguments[0].eval(frame);
                    Object b = arguments[1].eval(frame);
                    Object c = arguments[2].eval(frame);
                    LuaFunction function = callable(frame, called);
                    frame.info.site = site;
                    yield function.call(a, b, c);
                }
            };
        }

        /** Leaves the call to the caller of this function. */
        abstract Object tailCall(Frame frame);
    }

    /** {@code function(arguments)}. */
    static final class Call extends AnyCall {
        private final ExprNode function;

        Call(ExprNode function, ExprNode[] arguments, boolean fixed, int site) {
            super(arguments, fixed, site);
            this.function = function;
        }

        @Override
        @Nullable Object evalAll(Frame frame) {
            return call(frame, function.eval(frame));
        }

        @Override
        Object tailCall(Frame frame) {
            Object called = function.eval(frame);
            @Nullable Object[] values = evalList(arguments, frame);
            return frame.calls.tailCall().of(callable(frame, called), values);
        }
    }

    /** {@code object:name(arguments)}. */
    static final class MethodCall extends AnyCall {
        private final ExprNode object;
        private final FieldNodes.Field method;
        private final boolean shortList;

        MethodCall(ExprNode object, FieldNodes.Field method, ExprNode[] arguments, boolean fixed, int site) {
            super(arguments, fixed, site);
            this.object = object;
            this.method = method;
            this.shortList = fixed && arguments.length <= 2;
        }

        @Override
        @Nullable Object evalAll(Frame frame) {
            Object self = object.eval(frame);
            Object called = method.get(frame, self);
            if (!shortList) {
                @Nullable Object[] values = withSelf(self, frame);
                LuaFunction function = callable(frame, called);
                frame.info.site = site;
                return function.invoke(values);
            }
            Object a = arguments.length > 0 ? arguments[0].eval(frame) : null;
            Object b = arguments.length > 1 ? arguments[1].eval(frame) : null;
            LuaFunction function = callable(frame, called);
            frame.info.site = site;
            return switch (arguments.length) {
                case 0 -> function.call(self);
                case 1 -> function.call(self, a);
                default -> function.call(self, a, b);
            };
        }

        private @Nullable Object[] withSelf(@Nullable Object self, Frame frame) {
            @Nullable Object[] values = evalList(arguments, frame);
            @Nullable Object[] all = new @Nullable Object[values.length + 1];
            all[0] = self;
            System.arraycopy(values, 0, all, 1, values.length);
            return all;
        }

        @Override
        Object tailCall(Frame frame) {
            Object self = object.eval(frame);
            Object called = method.get(frame, self);
            @Nullable Object[] values = withSelf(self, frame);
            return frame.calls.tailCall().of(callable(frame, called), values);
        }
    }
}

package dev.weir.lua.compile;

import dev.weir.lua.interpret.FunctionBody;
import dev.weir.lua.interpret.LuaClosure;
import dev.weir.lua.interpret.TreeBody;
import org.jspecify.annotations.Nullable;

/**
 * Functions as code: one class for each number of parameters, of which a generated class implements one call; the other
 * calls bring their arguments into its form.
 */
public abstract class CompiledBody extends FunctionBody {
    private static final @Nullable Object[] NONE = {};

    /** The same function as a tree, for calls that a hook follows. */
    public final TreeBody tree;

    private CompiledBody(TreeBody tree) {
        this.tree = tree;
    }

    private static @Nullable Object at(@Nullable Object[] arguments, int index) {
        return index < arguments.length ? arguments[index] : null;
    }

    /** No parameters. */
    public abstract static class Of0 extends CompiledBody {
        /** For generated classes. */
        protected Of0(TreeBody tree) {
            super(tree);
        }

        @Override
        public final @Nullable Object call(LuaClosure closure, @Nullable Object a) {
            return call(closure);
        }

        @Override
        public final @Nullable Object call(LuaClosure closure, @Nullable Object a, @Nullable Object b) {
            return call(closure);
        }

        @Override
        public final @Nullable Object call(
                LuaClosure closure, @Nullable Object a, @Nullable Object b, @Nullable Object c) {
            return call(closure);
        }

        @Override
        public final @Nullable Object invoke(LuaClosure closure, @Nullable Object[] arguments) {
            return call(closure);
        }
    }

    /** One parameter. */
    public abstract static class Of1 extends CompiledBody {
        /** For generated classes. */
        protected Of1(TreeBody tree) {
            super(tree);
        }

        @Override
        public final @Nullable Object call(LuaClosure closure) {
            return call(closure, null);
        }

        @Override
        public final @Nullable Object call(LuaClosure closure, @Nullable Object a, @Nullable Object b) {
            return call(closure, a);
        }

        @Override
        public final @Nullable Object call(
                LuaClosure closure, @Nullable Object a, @Nullable Object b, @Nullable Object c) {
            return call(closure, a);
        }

        @Override
        public final @Nullable Object invoke(LuaClosure closure, @Nullable Object[] arguments) {
            return call(closure, at(arguments, 0));
        }
    }

    /** Two parameters. */
    public abstract static class Of2 extends CompiledBody {
        /** For generated classes. */
        protected Of2(TreeBody tree) {
            super(tree);
        }

        @Override
        public final @Nullable Object call(LuaClosure closure) {
            return call(closure, null, null);
        }

        @Override
        public final @Nullable Object call(LuaClosure closure, @Nullable Object a) {
            return call(closure, a, null);
        }

        @Override
        public final @Nullable Object call(
                LuaClosure closure, @Nullable Object a, @Nullable Object b, @Nullable Object c) {
            return call(closure, a, b);
        }

        @Override
        public final @Nullable Object invoke(LuaClosure closure, @Nullable Object[] arguments) {
            return call(closure, at(arguments, 0), at(arguments, 1));
        }
    }

    /** Three parameters. */
    public abstract static class Of3 extends CompiledBody {
        /** For generated classes. */
        protected Of3(TreeBody tree) {
            super(tree);
        }

        @Override
        public final @Nullable Object call(LuaClosure closure) {
            return call(closure, null, null, null);
        }

        @Override
        public final @Nullable Object call(LuaClosure closure, @Nullable Object a) {
            return call(closure, a, null, null);
        }

        @Override
        public final @Nullable Object call(LuaClosure closure, @Nullable Object a, @Nullable Object b) {
            return call(closure, a, b, null);
        }

        @Override
        public final @Nullable Object invoke(LuaClosure closure, @Nullable Object[] arguments) {
            return call(closure, at(arguments, 0), at(arguments, 1), at(arguments, 2));
        }
    }

    /** More parameters, or any number of arguments. */
    public abstract static class OfList extends CompiledBody {
        /** For generated classes. */
        protected OfList(TreeBody tree) {
            super(tree);
        }

        @Override
        public final @Nullable Object call(LuaClosure closure) {
            return invoke(closure, NONE);
        }

        @Override
        public final @Nullable Object call(LuaClosure closure, @Nullable Object a) {
            return invoke(closure, new @Nullable Object[] {a});
        }

        @Override
        public final @Nullable Object call(LuaClosure closure, @Nullable Object a, @Nullable Object b) {
            return invoke(closure, new @Nullable Object[] {a, b});
        }

        @Override
        public final @Nullable Object call(
                LuaClosure closure, @Nullable Object a, @Nullable Object b, @Nullable Object c) {
            return invoke(closure, new @Nullable Object[] {a, b, c});
        }
    }
}

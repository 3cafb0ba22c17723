package dev.weir.wire.planted.right;

/** The other one of {@link dev.weir.wire.planted.left.Twin}. */
public final class Twin {
    private Twin() {}

    static boolean isOtherOf(dev.weir.wire.planted.left.Twin left) {
        return left.other() instanceof Twin;
    }
}

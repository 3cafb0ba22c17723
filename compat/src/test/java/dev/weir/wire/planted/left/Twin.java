package dev.weir.wire.planted.left;

/** One of two packages that know each other, and of two classes with one name: what the house's rules must find. */
public final class Twin {
    private final dev.weir.wire.planted.right.Twin other;

    private Twin(dev.weir.wire.planted.right.Twin other) {
        this.other = other;
    }

    static Twin of(dev.weir.wire.planted.right.Twin other) {
        return new Twin(other);
    }

    public dev.weir.wire.planted.right.Twin other() {
        return other;
    }
}

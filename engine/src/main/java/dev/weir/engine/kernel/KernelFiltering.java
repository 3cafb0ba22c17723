package dev.weir.engine.kernel;

/** Makes filters in the kernel. Any thread. */
@FunctionalInterface
public interface KernelFiltering {
    /**
     * Makes a filter: its maps are created, or opened where they are pinned.
     *
     * @throws KernelException UNAVAILABLE without rights or on old kernels, FAILED if a pinned map does not fit (with every difference)
     */
    KernelFilter open(FilterSpec spec) throws KernelException;
}

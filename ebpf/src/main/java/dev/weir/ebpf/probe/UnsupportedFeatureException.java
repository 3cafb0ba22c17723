package dev.weir.ebpf.probe;

import java.io.IOException;

/** Something that this kernel does not have, with the first one that does. */
public final class UnsupportedFeatureException extends IOException {
    UnsupportedFeatureException(String feature, String minimumKernel, String running) {
        super(feature + " needs kernel ≥ " + minimumKernel + ", this is " + running);
    }
}

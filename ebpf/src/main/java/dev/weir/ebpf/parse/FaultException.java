package dev.weir.ebpf.parse;

/**
 * Carries a {@link Fault} from deep inside a parser to its surface, where it becomes a {@link Parsed.Bad}; no public method throws it. It has
 * no stack: the fault says where in the bytes the trouble is.
 */
public final class FaultException extends Exception {
    private final transient Fault fault;

    public FaultException(Fault.Kind kind, String detail) {
        super(detail, null, false, false);
        this.fault = new Fault(kind, detail);
    }

    public static FaultException malformed(String detail) {
        return new FaultException(Fault.Kind.MALFORMED, detail);
    }

    public static FaultException unsupported(String detail) {
        return new FaultException(Fault.Kind.UNSUPPORTED, detail);
    }

    public Fault fault() {
        return fault;
    }
}

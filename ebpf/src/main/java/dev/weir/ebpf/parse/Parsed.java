package dev.weir.ebpf.parse;

import java.io.IOException;

/** What came of parsing: a value, or the fault that was found. */
public sealed interface Parsed<T> {
    /** The bytes are well-formed. */
    record Ok<T>(T value) implements Parsed<T> {}

    /** The bytes are not. */
    record Bad<T>(Fault fault) implements Parsed<T> {}

    /** Returns the value. @throws IOException naming the fault */
    default T orThrow() throws IOException {
        return switch (this) {
            case Ok<T> ok -> ok.value();
            case Bad<T> bad -> throw new IOException(bad.fault().toString());
        };
    }

    /** Runs a parser and catches its fault. */
    static <T> Parsed<T> of(Parser<T> parser) {
        try {
            return new Ok<>(parser.parse());
        } catch (FaultException e) {
            return new Bad<>(e.fault());
        }
    }

    /** The inside of a parser. */
    @FunctionalInterface
    interface Parser<T> {
        T parse() throws FaultException;
    }
}

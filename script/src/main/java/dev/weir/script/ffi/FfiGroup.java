package dev.weir.script.ffi;

import dev.weir.lua.LuaError;
import dev.weir.lua.LuaString;
import dev.weir.lua.ffi.CPointer;
import dev.weir.lua.ffi.FfiLibrary;
import dev.weir.lua.ffi.ForeignArguments;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Some functions of the interface, registered together in one world. */
abstract class FfiGroup {
    final FfiLibrary library;
    final FfiEnvironment environment;

    FfiGroup(FfiLibrary library, FfiEnvironment environment) {
        this.library = library;
        this.environment = environment;
    }

    /** A function by its name behind {@code dnsdist_ffi_}. */
    interface Body {
        @Nullable Object call(ForeignArguments arguments);
    }

    /** A function of the query in hand. */
    interface OnQuestion {
        @Nullable Object call(QuestionHandle handle, ForeignArguments arguments);
    }

    final void add(String name, Body body) {
        library.register("dnsdist_ffi_" + name, (state, arguments) -> body.call(arguments));
    }

    final void onQuestion(String name, OnQuestion body) {
        library.register(
                "dnsdist_ffi_" + name,
                (state, arguments) -> body.call(target(arguments, 0, QuestionHandle.class), arguments));
    }

    /** The object of ours that a pointer argument points to. */
    static <T> T target(ForeignArguments arguments, int index, Class<T> type) {
        T object = targetOrNull(arguments, index, type);
        if (object == null) {
            throw new LuaError("bad argument #" + (index + 1) + ": NULL, or a pointer to something else");
        }
        return object;
    }

    static <T> @Nullable T targetOrNull(ForeignArguments arguments, int index, Class<T> type) {
        Object object = arguments.pointer(index).object();
        return type.isInstance(object) ? type.cast(object) : null;
    }

    /** Octets of a length that the next argument has. */
    static byte[] sized(ForeignArguments arguments, int index) {
        long length = arguments.integer(index + 1);
        return length == 0 ? new byte[0] : arguments.octets(index, length);
    }

    /** The same as a text, one octet a character. */
    static String sizedText(ForeignArguments arguments, int index) {
        return new String(sized(arguments, index), StandardCharsets.ISO_8859_1);
    }

    /** A text that ends in a zero; empty for NULL. */
    static String text(ForeignArguments arguments, int index) {
        LuaString string = arguments.string(index);
        return string == null ? "" : string.toLatin1();
    }

    /** Gives octets through a pointer to a pointer, and their number through a pointer to a {@code size_t}. */
    static void give(ForeignArguments arguments, int pointerIndex, int sizeIndex, byte[] octets) {
        arguments.storePointer(pointerIndex, CPointer.toCopy(octets));
        arguments.storeInteger(sizeIndex, 8, octets.length);
    }

    static CPointer string(String text) {
        return CPointer.toCopy(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}

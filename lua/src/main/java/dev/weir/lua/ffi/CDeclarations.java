package dev.weir.lua.ffi;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a world's scripts have declared with {@code ffi.cdef}, and the types that every world knows. */
final class CDeclarations {
    private static final Map<String, CType> STANDARD = Map.ofEntries(
            Map.entry("int8_t", CType.CHAR),
            Map.entry("uint8_t", CType.UINT8),
            Map.entry("int16_t", CType.INT16),
            Map.entry("uint16_t", CType.UINT16),
            Map.entry("int32_t", CType.INT32),
            Map.entry("uint32_t", CType.UINT32),
            Map.entry("int64_t", CType.INT64),
            Map.entry("uint64_t", CType.UINT64),
            Map.entry("intptr_t", CType.INT64),
            Map.entry("uintptr_t", CType.UINT64),
            Map.entry("ptrdiff_t", CType.INT64),
            Map.entry("ssize_t", CType.INT64),
            Map.entry("size_t", CType.UINT64),
            Map.entry("wchar_t", CType.INT32),
            Map.entry("va_list", CType.VOID_POINTER),
            Map.entry("__builtin_va_list", CType.VOID_POINTER),
            Map.entry("__gnuc_va_list", CType.VOID_POINTER));

    private final Map<String, CType> typedefs = new HashMap<>(STANDARD);
    private final Map<String, CType> tags = new HashMap<>();
    private final Map<String, CType> symbols = new HashMap<>();
    private final Map<String, String> symbolNames = new HashMap<>();
    private final Map<String, Integer> constants = new HashMap<>();
    private int nameless;

    @Nullable CType typedef(String name) {
        return typedefs.get(name);
    }

    void typedef(String name, CType type) {
        typedefs.put(name, type);
    }

    @Nullable CType tag(String tag) {
        return tags.get(tag);
    }

    void tag(String tag, CType type) {
        tags.put(tag, type);
    }

    /** A tag for a struct, union or enum that has none. */
    String namelessTag() {
        return String.valueOf(++nameless);
    }

    /** A function or variable. */
    @Nullable CType symbol(String name) {
        return symbols.get(name);
    }

    /** The name under which libraries have it. */
    String symbolName(String name) {
        return symbolNames.getOrDefault(name, name);
    }

    void symbol(String name, CType type, @Nullable String realName) {
        symbols.put(name, type);
        if (realName != null) {
            symbolNames.put(name, realName);
        }
    }

    @Nullable Integer constant(String name) {
        return constants.get(name);
    }

    void constant(String name, int value) {
        constants.put(name, value);
    }
}

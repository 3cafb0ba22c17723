package dev.weir.lua.ffi;

/** Writes types as C does: the declarator grows from the inside to both sides, and the name of the basic type comes before it. */
final class CTypeText {
    private CTypeText() {}

    static String of(CType type) {
        CType at = type;
        StringBuilder declarator = new StringBuilder();
        while (true) {
            switch (at.kind) {
                case POINTER, REFERENCE -> {
                    String mark = at.kind == CType.Kind.POINTER ? "*" : "&";
                    String qualifiers = qualifiers(at);
                    boolean apart = !qualifiers.isEmpty() && declarator.length() > 0;
                    declarator.insert(0, mark + qualifiers + (apart ? " " : ""));
                }
                case ARRAY -> {
                    parenthesize(declarator);
                    declarator.append('[');
                    if (at.count == CType.VARIABLE) {
                        declarator.append('?');
                    } else {
                        declarator.append(at.count);
                    }
                    declarator.append(']');
                }
                case FUNCTION -> {
                    parenthesize(declarator);
                    declarator.append("()");
                }
                default -> {
                    String before = qualifiers(at);
                    String name = (before.isEmpty() ? "" : before + " ") + basicName(at);
                    return declarator.length() == 0 ? name : name + " " + declarator;
                }
            }
            at = at.element();
        }
    }

    private static void parenthesize(StringBuilder declarator) {
        if (declarator.length() > 0 && (declarator.charAt(0) == '*' || declarator.charAt(0) == '&')) {
            declarator.insert(0, '(').append(')');
        }
    }

    private static String qualifiers(CType type) {
        if (type.isConst) {
            return type.isVolatile ? "const volatile" : "const";
        }
        return type.isVolatile ? "volatile" : "";
    }

    private static String basicName(CType type) {
        return switch (type.kind) {
            case VOID -> "void";
            case BOOL -> "bool";
            case FLOAT -> type.size() == 4 ? "float" : type.size() == 8 ? "double" : "long double";
            case ENUM -> "enum " + (type.enumeration == null ? "" : type.enumeration.tag());
            case RECORD ->
                (type.record().isUnion() ? "union " : "struct ") + type.record().tag();
            default -> integerName(type);
        };
    }

    private static String integerName(CType type) {
        if (type.size() == 8) {
            return type.unsigned ? "uint64_t" : "int64_t";
        }
        String name = type.size() == 1 ? "char" : type.size() == 2 ? "short" : "int";
        return type.unsigned ? "unsigned " + name : name;
    }
}

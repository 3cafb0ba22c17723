package dev.weir.lua.ffi;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Reads structs, unions and enums. */
final class CTagParser {
    private final CTypeParser types;
    private final CTokens tokens;
    private final CDeclarations declarations;
    private boolean declaredOnly;

    CTagParser(CTypeParser types, CTokens tokens, CDeclarations declarations) {
        this.types = types;
        this.tokens = tokens;
        this.declarations = declarations;
    }

    /** Says whether a struct that nobody declared is a fault; returns what was said before. */
    boolean declaredOnly(boolean changed) {
        boolean before = declaredOnly;
        declaredOnly = changed;
        return before;
    }

    /** A struct or union: its tag, its fields, or both. */
    CType record() {
        tokens.nest();
        boolean union = tokens.take().is("union");
        boolean packed = types.attributes();
        String tag = tag();
        CType type = tag == null ? null : declarations.tag(tag);
        if (type == null) {
            String name = tag == null ? declarations.namelessTag() : tag;
            type = CType.of(new CRecord(name, union));
            if (tag != null) {
                if (!tokens.token().is("{") && declaredOnly) {
                    throw new CFault("undeclared or implicit tag '" + tag + "'");
                }
                declarations.tag(tag, type);
            }
        }
        if (type.kind != CType.Kind.RECORD || type.record().isUnion() != union) {
            throw new CFault("attempt to redefine '" + tag + "'");
        }
        if (tokens.accept("{")) {
            if (type.record().isComplete()) {
                throw new CFault("attempt to redefine '" + tag + "'");
            }
            List<CRecord.Declared> fields = new ArrayList<>();
            while (!tokens.accept("}")) {
                if (!tokens.accept(";")) {
                    fields(fields);
                }
            }
            packed |= types.attributes();
            type.record().complete(fields, packed ? 1 : types.pack());
        }
        tokens.unnest();
        return type;
    }

    private @Nullable String tag() {
        if (tokens.token().is("$")) {
            tokens.take();
            return String.valueOf(tokens.parameter());
        }
        return tokens.token().kind() == CToken.Kind.NAME ? tokens.take().text() : null;
    }

    private void fields(List<CRecord.Declared> fields) {
        CTypeParser.Specifiers specifiers = types.specifiers();
        if (tokens.token().is(";") || tokens.token().is("}")) {
            fields.add(new CRecord.Declared("", specifiers.type(), -1));
            return;
        }
        do {
            CTypeParser.Declarator declarator = tokens.token().is(":")
                    ? new CTypeParser.Declarator(UnaryOperator.identity(), null)
                    : types.declarator(false);
            CType type = declarator.shape().apply(specifiers.type());
            int bits = -1;
            if (tokens.accept(":")) {
                bits = (int) new CExpression(types).value();
                if (!type.isInteger() || bits < 0 || bits > type.size() * 8) {
                    throw new CFault("invalid C type");
                }
            }
            if (type.kind == CType.Kind.FUNCTION || type.size() == CType.UNKNOWN && !type.isVariable()) {
                throw new CFault("size of C type is unknown or too large");
            }
            types.attributes();
            fields.add(new CRecord.Declared(
                    declarator.name() == null ? "" : declarator.name().text(), type, bits));
        } while (tokens.accept(","));
        if (!tokens.token().is("}")) {
            tokens.expect(";");
        }
    }

    /** An enum: its tag, its constants, or both. */
    CType enumeration() {
        tokens.take();
        types.attributes();
        String tag = tag();
        CType known = tag == null ? null : declarations.tag(tag);
        if (!tokens.token().is("{")) {
            if (known == null || known.kind != CType.Kind.ENUM) {
                throw new CFault("undeclared or implicit tag '" + tag + "'");
            }
            return known;
        }
        if (known != null) {
            throw new CFault("attempt to redefine '" + tag + "'");
        }
        tokens.take();
        Map<String, Integer> constants = new LinkedHashMap<>();
        int next = 0;
        while (!tokens.token().is("}")) {
            if (tokens.token().kind() != CToken.Kind.NAME) {
                throw tokens.expected("<identifier>");
            }
            String name = tokens.take().text();
            if (tokens.accept("=")) {
                next = (int) new CExpression(types).value();
            }
            constants.put(name, next);
            declarations.constant(name, next++);
            if (!tokens.accept(",")) {
                break;
            }
        }
        tokens.expect("}");
        types.attributes();
        String name = tag == null ? declarations.namelessTag() : tag;
        CType type = CType.of(new CType.Enumeration(name, constants));
        if (tag != null) {
            declarations.tag(tag, type);
        }
        return type;
    }
}

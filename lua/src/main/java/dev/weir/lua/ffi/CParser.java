package dev.weir.lua.ffi;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what {@code ffi.cdef} declares, and the names of types. */
final class CParser {
    private final CTokens tokens;
    private final CDeclarations declarations;
    private final CTypeParser types;

    CParser(String source, CDeclarations declarations, List<Object> parameters) {
        this.tokens = new CTokens(source, parameters);
        this.declarations = declarations;
        this.types = new CTypeParser(tokens, declarations);
    }

    /** Reads declarations and notes them. */
    void declarations() {
        while (!tokens.atEnd()) {
            if (!tokens.accept(";")) {
                if (tokens.token().is("#")) {
                    pragma();
                } else {
                    declaration();
                }
            }
        }
        tokens.requireAllParameters();
    }

    /** Reads the name of a type, and nothing behind it. */
    CType typeName() {
        CType type = types.abstractType();
        if (!tokens.atEnd()) {
            throw tokens.expected("<eof>");
        }
        tokens.requireAllParameters();
        return type;
    }

    /** {@code #pragma pack(n)}; nothing else may follow a {@code #}. */
    private void pragma() {
        tokens.take();
        if (!tokens.token().is("pragma")) {
            throw tokens.near("unexpected symbol");
        }
        int line = tokens.take().line();
        if (tokens.token().is("pack") && tokens.token().line() == line) {
            tokens.take();
            tokens.expect("(");
            int bound = CTypeParser.USUAL_PACK;
            while (!tokens.token().is(")") && !tokens.atEnd()) {
                CToken inside = tokens.take();
                if (inside.kind() == CToken.Kind.INTEGER) {
                    bound = Math.clamp(inside.value(), 1, CTypeParser.USUAL_PACK);
                }
            }
            tokens.expect(")");
            types.pack(bound);
        }
        while (!tokens.atEnd() && tokens.token().line() == line) {
            tokens.take();
        }
    }

    private void declaration() {
        CTypeParser.Specifiers specifiers = types.specifiers();
        if (tokens.atEnd() || tokens.accept(";")) {
            if (specifiers.type().kind != CType.Kind.RECORD && specifiers.type().kind != CType.Kind.ENUM) {
                tokens.back();
                throw tokens.expected("<identifier>");
            }
            return;
        }
        while (true) {
            CTypeParser.Declarator declarator = types.declarator(false);
            CToken name = declarator.name();
            if (name == null) {
                throw tokens.expected("<identifier>");
            }
            CType type = declarator.shape().apply(specifiers.type());
            String realName = assemblerName();
            types.attributes();
            if (specifiers.typedef()) {
                declarations.typedef(name.text(), type);
            } else if (specifiers.constant() && type.isConst && tokens.accept("=")) {
                if (!type.isInteger()) {
                    throw new CFault("invalid C type");
                }
                declarations.constant(name.text(), (int) new CExpression(types).value());
            } else {
                declarations.symbol(name.text(), type, realName);
            }
            if (type.kind == CType.Kind.FUNCTION && tokens.token().is("{")) {
                skipBody();
                return;
            }
            if (tokens.accept(",")) {
                continue;
            }
            if (!tokens.atEnd()) {
                tokens.expect(";");
            }
            return;
        }
    }

    private void skipBody() {
        int open = 0;
        do {
            CToken token = tokens.take();
            if (token.kind() == CToken.Kind.END) {
                throw tokens.expected("}");
            }
            open += token.is("{") ? 1 : token.is("}") ? -1 : 0;
        } while (open > 0);
    }

    private @Nullable String assemblerName() {
        if (!tokens.token().is("asm")
                && !tokens.token().is("__asm__")
                && !tokens.token().is("__asm")) {
            return null;
        }
        tokens.take();
        tokens.expect("(");
        String name = tokens.take().text();
        tokens.expect(")");
        return name;
    }
}

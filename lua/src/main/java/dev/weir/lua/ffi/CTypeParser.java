package dev.weir.lua.ffi;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Reads types of C by recursive descent.
 *
 * <p>A declarator is read inside out: {@code int (*a[3])(void)} makes an operator that turns {@code int} into the array of three pointers
 * to functions. A {@code $} stands for the next parameter: a type, a name or a number.
 */
final class CTypeParser {
    /** The alignment that nothing exceeds unless a pragma says so. */
    static final int USUAL_PACK = 16;

    private final CTokens tokens;
    private final CDeclarations declarations;
    private final CTagParser tags;
    private int pack = USUAL_PACK;

    CTypeParser(CTokens tokens, CDeclarations declarations) {
        this.tokens = tokens;
        this.declarations = declarations;
        this.tags = new CTagParser(this, tokens, declarations);
    }

    /** A declarator: what it makes of the type before it, and the name that it declares, if any. */
    record Declarator(UnaryOperator<CType> shape, @Nullable CToken name) {}

    /** What stands before the declarators. */
    record Specifiers(CType type, boolean typedef, boolean constant) {}

    CTokens tokens() {
        return tokens;
    }

    CDeclarations declarations() {
        return declarations;
    }

    /** The bound of alignments now in force. */
    int pack() {
        return pack;
    }

    void pack(int bound) {
        pack = bound;
    }

    /** {@code __attribute__((...))}; only {@code packed} means something. */
    boolean attributes() {
        boolean packed = false;
        while (tokens.token().is("__attribute__") || tokens.token().is("__attribute")) {
            tokens.take();
            tokens.expect("(");
            int open = 1;
            while (open > 0) {
                CToken inside = tokens.take();
                if (inside.kind() == CToken.Kind.END) {
                    throw tokens.expected(")");
                }
                open += inside.is("(") ? 1 : inside.is(")") ? -1 : 0;
                packed |= inside.is("packed") || inside.is("__packed__");
            }
        }
        return packed;
    }

    Specifiers specifiers() {
        SpecifierWords words = new SpecifierWords();
        while (true) {
            attributes();
            CToken token = tokens.token();
            if (token.is("$") && !words.hasType()) {
                tokens.take();
                words.type(parameterType());
            } else if (token.kind() != CToken.Kind.NAME) {
                break;
            } else if (words.takes(token.text())) {
                tokens.take();
            } else if (words.hasType()) {
                break;
            } else if (token.is("struct") || token.is("union")) {
                words.type(tags.record());
            } else if (token.is("enum")) {
                words.type(tags.enumeration());
            } else {
                CType known = declarations.typedef(token.text());
                if (known == null) {
                    break;
                }
                tokens.take();
                words.type(known);
            }
        }
        CType type = words.result();
        if (type == null) {
            throw tokens.near("declaration specifier expected");
        }
        return new Specifiers(type, words.isTypedef(), words.isStatic());
    }

    private CType parameterType() {
        if (tokens.parameter() instanceof CType type) {
            return type;
        }
        tokens.back();
        throw tokens.near("declaration specifier expected");
    }

    /** A type without a name: in a cast, or as the argument of a function of the library. */
    CType abstractType() {
        boolean before = tags.declaredOnly(true);
        Specifiers specifiers = specifiers();
        tags.declaredOnly(before);
        Declarator declarator = declarator(true);
        return declarator.shape().apply(specifiers.type());
    }

    /** Whether a type could begin here. */
    boolean atType() {
        CToken token = tokens.token();
        return token.is("$")
                || token.kind() == CToken.Kind.NAME
                        && (token.is("struct")
                                || token.is("union")
                                || token.is("enum")
                                || SpecifierWords.isWord(token.text())
                                || declarations.typedef(token.text()) != null);
    }

    Declarator declarator(boolean nameless) {
        tokens.nest();
        attributes();
        UnaryOperator<CType> pointers = UnaryOperator.identity();
        while (tokens.token().is("*") || tokens.token().is("&")) {
            pointers = pointer(pointers, tokens.take().is("&"));
            attributes();
        }
        Declarator inner = new Declarator(UnaryOperator.identity(), null);
        if (tokens.token().is("(") && !atParameters()) {
            tokens.take();
            inner = declarator(nameless);
            tokens.expect(")");
        } else if (tokens.token().kind() == CToken.Kind.NAME && !nameless) {
            inner = new Declarator(UnaryOperator.identity(), tokens.take());
        } else if (tokens.token().is("$") && !nameless) {
            CToken dollar = tokens.take();
            String name = String.valueOf(tokens.parameter());
            inner = new Declarator(UnaryOperator.identity(), new CToken(CToken.Kind.NAME, name, 0, dollar.line()));
        }
        UnaryOperator<CType> suffixes = suffixes();
        UnaryOperator<CType> before = pointers;
        UnaryOperator<CType> around = inner.shape();
        tokens.unnest();
        return new Declarator(base -> around.apply(suffixes.apply(before.apply(base))), inner.name());
    }

    private UnaryOperator<CType> pointer(UnaryOperator<CType> before, boolean reference) {
        SpecifierWords qualifiers = new SpecifierWords();
        while (tokens.token().kind() == CToken.Kind.NAME
                && qualifiers.takesQualifier(tokens.token().text())) {
            tokens.take();
        }
        return base -> {
            CType target = before.apply(base);
            CType made = reference ? CType.referenceTo(target) : CType.pointerTo(target);
            return qualifiers.qualify(made);
        };
    }

    /** Whether the parenthesis here encloses parameters instead of a declarator. */
    private boolean atParameters() {
        CToken inside = tokens.peek(1);
        if (inside.is(")") || inside.is("...")) {
            return true;
        }
        if (inside.is("*") || inside.is("&") || inside.is("(") || inside.is("__attribute__")) {
            return false;
        }
        tokens.take();
        boolean type = atType();
        tokens.back();
        return type;
    }

    private UnaryOperator<CType> suffixes() {
        List<UnaryOperator<CType>> suffixes = new ArrayList<>();
        while (true) {
            if (tokens.accept("[")) {
                suffixes.add(array());
            } else if (tokens.accept("(")) {
                CType.Signature signature = signature();
                suffixes.add(result -> CType.function(result, signature));
            } else {
                break;
            }
        }
        return base -> {
            CType type = base;
            for (int i = suffixes.size() - 1; i >= 0; i--) {
                type = suffixes.get(i).apply(type);
            }
            return type;
        };
    }

    private UnaryOperator<CType> array() {
        long count = CType.VARIABLE;
        if (tokens.token().is("$")) {
            tokens.take();
            count = tokens.parameter() instanceof Number number ? number.longValue() : 0;
        } else if (!tokens.accept("?") && !tokens.token().is("]")) {
            count = new CExpression(this).value();
            if (count < 0) {
                throw new CFault("size of C type is unknown or too large");
            }
        }
        long length = count;
        tokens.expect("]");
        return element -> {
            if (element.size() == CType.UNKNOWN
                    || length > Integer.MAX_VALUE
                    || length * element.size() > Integer.MAX_VALUE) {
                throw new CFault("size of C type is unknown or too large");
            }
            return CType.arrayOf(element, length);
        };
    }

    private CType.Signature signature() {
        List<CType> types = new ArrayList<>();
        boolean variadic = false;
        if (tokens.token().is("void") && tokens.peek(1).is(")")) {
            tokens.take();
        }
        while (!tokens.token().is(")")) {
            if (tokens.accept("...")) {
                variadic = true;
                break;
            }
            Specifiers specifiers = specifiers();
            CType type = declarator(false).shape().apply(specifiers.type());
            attributes();
            types.add(
                    switch (type.kind) {
                        case ARRAY -> CType.pointerTo(type.element());
                        case FUNCTION -> CType.pointerTo(type);
                        default -> type;
                    });
            if (!tokens.accept(",")) {
                break;
            }
        }
        tokens.expect(")");
        return new CType.Signature(List.copyOf(types), variadic);
    }
}

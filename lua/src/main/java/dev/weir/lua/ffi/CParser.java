package dev.weir.lua.ffi;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Reads C's declarations and types, by recursive descent.
 *
 * <p>A declarator is read inside out: {@code int (*a[3])(void)} makes an operator that turns {@code int} into the array of three pointers
 * to functions. A {@code $} stands for the next parameter: a type, a name or a number.
 */
final class CParser {
    private static final int MAX_NESTING = 100;
    private static final int USUAL_PACK = 16;

    private final List<CToken> tokens;
    private final CDeclarations declarations;
    private final List<Object> parameters;
    private int at;
    private int nextParameter;
    private int nesting;
    private int pack = USUAL_PACK;

    CParser(String source, CDeclarations declarations, List<Object> parameters) {
        this.tokens = CLexer.tokens(source);
        this.declarations = declarations;
        this.parameters = parameters;
    }

    /** A declarator: what it makes of the type before it, and the name that it declares, if any. */
    private record Declarator(
            UnaryOperator<CType> shape, @Nullable CToken name) {}

    /** What stands before the declarators. */
    private record Specifiers(CType type, boolean typedef, boolean constant) {}

    // ---- entry

    /** Reads declarations and notes them. */
    void declarations() {
        while (token().kind() != CToken.Kind.END) {
            if (!accept(";")) {
                if (token().is("#")) {
                    pragma();
                } else {
                    declaration();
                }
            }
        }
        checkParameters();
    }

    /** Reads the name of a type, and nothing behind it. */
    CType typeName() {
        CType type = abstractType();
        if (token().kind() != CToken.Kind.END) {
            throw expected("<eof>");
        }
        checkParameters();
        return type;
    }

    private void checkParameters() {
        if (nextParameter != parameters.size()) {
            throw new CFault("wrong number of type parameters");
        }
    }

    // ---- tokens

    private CToken token() {
        return tokens.get(at);
    }

    private CToken peek(int ahead) {
        return tokens.get(Math.min(at + ahead, tokens.size() - 1));
    }

    private CToken take() {
        CToken taken = token();
        if (taken.kind() != CToken.Kind.END) {
            at++;
        }
        return taken;
    }

    private boolean accept(String text) {
        if (token().is(text)) {
            at++;
            return true;
        }
        return false;
    }

    private void expect(String text) {
        if (!accept(text)) {
            throw expected(text);
        }
    }

    private CFault expected(String what) {
        return near("'" + what + "' expected");
    }

    private CFault near(String message) {
        String line = token().line() > 1 ? " at line " + token().line() : "";
        return new CFault(message + " near '" + token().text() + "'" + line);
    }

    private Object parameter() {
        if (nextParameter >= parameters.size()) {
            throw new CFault("wrong number of type parameters");
        }
        return parameters.get(nextParameter++);
    }

    private void nest() {
        if (++nesting > MAX_NESTING) {
            throw new CFault("C declaration is nested too deeply");
        }
    }

    // ---- declarations

    /** {@code #pragma pack(n)}; nothing else may follow a {@code #}. */
    private void pragma() {
        take();
        if (!token().is("pragma")) {
            throw near("unexpected symbol");
        }
        int line = take().line();
        if (token().is("pack") && token().line() == line) {
            take();
            expect("(");
            int bound = USUAL_PACK;
            while (!token().is(")") && token().kind() != CToken.Kind.END) {
                CToken inside = take();
                if (inside.kind() == CToken.Kind.INTEGER) {
                    bound = Math.clamp(inside.value(), 1, USUAL_PACK);
                }
            }
            expect(")");
            pack = bound;
        }
        while (token().kind() != CToken.Kind.END && token().line() == line) {
            take();
        }
    }

    private void declaration() {
        Specifiers specifiers = specifiers();
        if (token().kind() == CToken.Kind.END || accept(";")) {
            if (specifiers.type().kind != CType.Kind.RECORD && specifiers.type().kind != CType.Kind.ENUM) {
                at--;
                throw expected("<identifier>");
            }
            return;
        }
        while (true) {
            Declarator declarator = declarator(false);
            CToken name = declarator.name();
            if (name == null) {
                throw expected("<identifier>");
            }
            CType type = declarator.shape().apply(specifiers.type());
            String realName = assemblerName();
            attributes();
            if (specifiers.typedef()) {
                declarations.typedef(name.text(), type);
            } else if (specifiers.constant() && type.isConst && accept("=")) {
                if (!type.isInteger()) {
                    throw new CFault("invalid C type");
                }
                declarations.constant(name.text(), (int) new CExpression(this).value());
            } else {
                declarations.symbol(name.text(), type, realName);
            }
            if (type.kind == CType.Kind.FUNCTION && token().is("{")) {
                skipBody();
                return;
            }
            if (accept(",")) {
                continue;
            }
            if (token().kind() != CToken.Kind.END) {
                expect(";");
            }
            return;
        }
    }

    private void skipBody() {
        int open = 0;
        do {
            CToken token = take();
            if (token.kind() == CToken.Kind.END) {
                throw expected("}");
            }
            open += token.is("{") ? 1 : token.is("}") ? -1 : 0;
        } while (open > 0);
    }

    private @Nullable String assemblerName() {
        if (!token().is("asm") && !token().is("__asm__") && !token().is("__asm")) {
            return null;
        }
        take();
        expect("(");
        String name = take().text();
        expect(")");
        return name;
    }

    /** {@code __attribute__((...))}; only {@code packed} means something. */
    private boolean attributes() {
        boolean packed = false;
        while (token().is("__attribute__") || token().is("__attribute")) {
            take();
            expect("(");
            int open = 1;
            while (open > 0) {
                CToken inside = take();
                if (inside.kind() == CToken.Kind.END) {
                    throw expected(")");
                }
                open += inside.is("(") ? 1 : inside.is(")") ? -1 : 0;
                packed |= inside.is("packed") || inside.is("__packed__");
            }
        }
        return packed;
    }

    // ---- specifiers

    private Specifiers specifiers() {
        SpecifierWords words = new SpecifierWords();
        while (true) {
            attributes();
            CToken token = token();
            if (token.is("$") && !words.hasType()) {
                take();
                words.type(parameterType());
            } else if (token.kind() != CToken.Kind.NAME) {
                break;
            } else if (words.takes(token.text())) {
                take();
            } else if (words.hasType()) {
                break;
            } else if (token.is("struct") || token.is("union")) {
                words.type(record());
            } else if (token.is("enum")) {
                words.type(enumeration());
            } else {
                CType known = declarations.typedef(token.text());
                if (known == null) {
                    break;
                }
                take();
                words.type(known);
            }
        }
        CType type = words.result();
        if (type == null) {
            throw near("declaration specifier expected");
        }
        return new Specifiers(type, words.isTypedef(), words.isStatic());
    }

    private CType parameterType() {
        if (parameter() instanceof CType type) {
            return type;
        }
        at--;
        throw near("declaration specifier expected");
    }

    private CType record() {
        nest();
        boolean union = take().is("union");
        boolean packed = attributes();
        String tag = tag();
        CType type = tag == null ? null : declarations.tag(tag);
        if (type == null) {
            String name = tag == null ? declarations.namelessTag() : tag;
            type = CType.of(new CRecord(name, union));
            if (tag != null) {
                if (!token().is("{") && isTypeNameOnly) {
                    throw new CFault("undeclared or implicit tag '" + tag + "'");
                }
                declarations.tag(tag, type);
            }
        }
        if (type.kind != CType.Kind.RECORD || type.record().isUnion() != union) {
            throw new CFault("attempt to redefine '" + tag + "'");
        }
        if (accept("{")) {
            if (type.record().isComplete()) {
                throw new CFault("attempt to redefine '" + tag + "'");
            }
            List<CRecord.Declared> fields = new ArrayList<>();
            while (!accept("}")) {
                if (!accept(";")) {
                    fields(fields);
                }
            }
            packed |= attributes();
            type.record().complete(fields, packed ? 1 : pack);
        }
        nesting--;
        return type;
    }

    /** Set where a type that nobody declared cannot be meant. */
    private boolean isTypeNameOnly;

    private @Nullable String tag() {
        if (token().is("$")) {
            take();
            return String.valueOf(parameter());
        }
        return token().kind() == CToken.Kind.NAME ? take().text() : null;
    }

    private void fields(List<CRecord.Declared> fields) {
        Specifiers specifiers = specifiers();
        if (token().is(";") || token().is("}")) {
            fields.add(new CRecord.Declared("", specifiers.type(), -1));
            return;
        }
        do {
            Declarator declarator =
                    token().is(":") ? new Declarator(UnaryOperator.identity(), null) : declarator(false);
            CType type = declarator.shape().apply(specifiers.type());
            int bits = -1;
            if (accept(":")) {
                bits = (int) new CExpression(this).value();
                if (!type.isInteger() || bits < 0 || bits > type.size() * 8) {
                    throw new CFault("invalid C type");
                }
            }
            if (type.kind == CType.Kind.FUNCTION || type.size() == CType.UNKNOWN && !type.isVariable()) {
                throw new CFault("size of C type is unknown or too large");
            }
            attributes();
            fields.add(new CRecord.Declared(
                    declarator.name() == null ? "" : declarator.name().text(), type, bits));
        } while (accept(","));
        if (!token().is("}")) {
            expect(";");
        }
    }

    private CType enumeration() {
        take();
        attributes();
        String tag = tag();
        CType known = tag == null ? null : declarations.tag(tag);
        if (!token().is("{")) {
            if (known == null || known.kind != CType.Kind.ENUM) {
                throw new CFault("undeclared or implicit tag '" + tag + "'");
            }
            return known;
        }
        if (known != null) {
            throw new CFault("attempt to redefine '" + tag + "'");
        }
        take();
        Map<String, Integer> constants = new LinkedHashMap<>();
        int next = 0;
        while (!token().is("}")) {
            if (token().kind() != CToken.Kind.NAME) {
                throw expected("<identifier>");
            }
            String name = take().text();
            if (accept("=")) {
                next = (int) new CExpression(this).value();
            }
            constants.put(name, next);
            declarations.constant(name, next++);
            if (!accept(",")) {
                break;
            }
        }
        expect("}");
        attributes();
        String name = tag == null ? declarations.namelessTag() : tag;
        CType type = CType.of(new CType.Enumeration(name, constants));
        if (tag != null) {
            declarations.tag(tag, type);
        }
        return type;
    }

    // ---- declarators

    /** A type without a name: in a cast, or as the argument of a function of the library. */
    CType abstractType() {
        boolean before = isTypeNameOnly;
        isTypeNameOnly = true;
        Specifiers specifiers = specifiers();
        isTypeNameOnly = before;
        Declarator declarator = declarator(true);
        return declarator.shape().apply(specifiers.type());
    }

    /** Whether a type could begin here. */
    boolean atType() {
        CToken token = token();
        return token.is("$")
                || token.kind() == CToken.Kind.NAME
                        && (token.is("struct")
                                || token.is("union")
                                || token.is("enum")
                                || SpecifierWords.isWord(token.text())
                                || declarations.typedef(token.text()) != null);
    }

    private Declarator declarator(boolean nameless) {
        nest();
        attributes();
        UnaryOperator<CType> pointers = UnaryOperator.identity();
        while (token().is("*") || token().is("&")) {
            pointers = pointer(pointers, take().is("&"));
            attributes();
        }
        Declarator inner = new Declarator(UnaryOperator.identity(), null);
        if (token().is("(") && !atParameters()) {
            take();
            inner = declarator(nameless);
            expect(")");
        } else if (token().kind() == CToken.Kind.NAME && !nameless) {
            inner = new Declarator(UnaryOperator.identity(), take());
        } else if (token().is("$") && !nameless) {
            CToken dollar = take();
            String name = String.valueOf(parameter());
            inner = new Declarator(UnaryOperator.identity(), new CToken(CToken.Kind.NAME, name, 0, dollar.line()));
        }
        UnaryOperator<CType> suffixes = suffixes();
        UnaryOperator<CType> before = pointers;
        UnaryOperator<CType> around = inner.shape();
        nesting--;
        return new Declarator(base -> around.apply(suffixes.apply(before.apply(base))), inner.name());
    }

    private UnaryOperator<CType> pointer(UnaryOperator<CType> before, boolean reference) {
        SpecifierWords qualifiers = new SpecifierWords();
        while (token().kind() == CToken.Kind.NAME && qualifiers.takesQualifier(token().text())) {
            take();
        }
        return base -> {
            CType target = before.apply(base);
            CType made = reference ? CType.referenceTo(target) : CType.pointerTo(target);
            return qualifiers.qualify(made);
        };
    }

    /** Whether the parenthesis here encloses parameters instead of a declarator. */
    private boolean atParameters() {
        CToken inside = peek(1);
        if (inside.is(")") || inside.is("...")) {
            return true;
        }
        if (inside.is("*") || inside.is("&") || inside.is("(") || inside.is("__attribute__")) {
            return false;
        }
        at++;
        boolean type = atType();
        at--;
        return type;
    }

    private UnaryOperator<CType> suffixes() {
        List<UnaryOperator<CType>> suffixes = new ArrayList<>();
        while (true) {
            if (accept("[")) {
                suffixes.add(array());
            } else if (accept("(")) {
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
        if (token().is("$")) {
            take();
            count = parameter() instanceof Number number ? number.longValue() : 0;
        } else if (!accept("?") && !token().is("]")) {
            count = new CExpression(this).value();
            if (count < 0) {
                throw new CFault("size of C type is unknown or too large");
            }
        }
        long length = count;
        expect("]");
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
        if (token().is("void") && peek(1).is(")")) {
            take();
        }
        while (!token().is(")")) {
            if (accept("...")) {
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
            if (!accept(",")) {
                break;
            }
        }
        expect(")");
        return new CType.Signature(List.copyOf(types), variadic);
    }

    // ---- for expressions

    CToken current() {
        return token();
    }

    CToken advance() {
        return take();
    }

    boolean acceptSymbol(String symbol) {
        return accept(symbol);
    }

    void require(String symbol) {
        expect(symbol);
    }

    CToken after() {
        return peek(1);
    }

    CFault unexpected() {
        return near("unexpected symbol");
    }

    Object nextParameter() {
        return parameter();
    }

    @Nullable Integer constant(String name) {
        return declarations.constant(name);
    }

    void deeper() {
        nest();
    }

    void shallower() {
        nesting--;
    }
}

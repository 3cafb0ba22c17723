package dev.weir.lua.interpret;

import dev.weir.lua.syntax.FunctionSyntax;
import dev.weir.lua.syntax.Site;
import dev.weir.lua.syntax.Stat;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/** What all closures of one function text share: how it runs, and how hot it is. */
public final class Prototype {
    private final FunctionSyntax syntax;
    private final Site[] sites;
    private final Translator translator;
    private final IdentityHashMap<FunctionSyntax, Prototype> inner = new IdentityHashMap<>();
    private int calls;
    private final TreeBody tree;

    /** How it runs at present. */
    FunctionBody body;

    Prototype(FunctionSyntax syntax, Translator translator) {
        this.syntax = syntax;
        this.sites = syntax.sites().toArray(new Site[0]);
        this.translator = translator;
        this.tree = new TreeBody(this, translator);
        body = tree;
    }

    /** Its text. */
    public FunctionSyntax syntax() {
        return syntax;
    }

    /** A place of it. */
    public Site site(int index) {
        return sites[index];
    }

    /** A place on a line; the first place where there is none. */
    public int siteOfLine(int line) {
        for (int i = 0; i < sites.length; i++) {
            if (sites[i].line() == line) {
                return i;
            }
        }
        return 0;
    }

    /** It as a tree, whatever it runs as at present. */
    public TreeBody tree() {
        return tree;
    }

    /** The prototype of a function inside this one. */
    public Prototype inner(FunctionSyntax function) {
        Prototype known = inner.get(function);
        if (known == null) {
            known = new Prototype(function, translator);
            inner.put(function, known);
        }
        return known;
    }

    /** Counts a call of the tree. */
    void called() {
        if (++calls == translator.hotCode().hotCalls()) {
            FunctionBody code = translator.hotCode().function(this);
            if (code != null) {
                body = code;
            }
        }
    }

    /** Whether so many rounds make a loop hot. */
    boolean isHot(int rounds) {
        return rounds == translator.hotCode().hotRounds();
    }

    /** A loop as code. */
    @Nullable CompiledLoop compiled(Stat loop) {
        return translator.hotCode().loop(this, loop);
    }
}

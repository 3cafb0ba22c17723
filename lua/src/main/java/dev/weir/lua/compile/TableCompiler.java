package dev.weir.lua.compile;

import dev.weir.lua.syntax.Expr;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;

/** Writes the code of table constructors. */
final class TableCompiler {
    private final Emitter emitter;
    private final CodeBuilder code;
    private final ExpressionCompiler expressions;

    TableCompiler(Emitter emitter, ExpressionCompiler expressions) {
        this.emitter = emitter;
        this.code = emitter.code;
        this.expressions = expressions;
    }

    Place table(Expr.Table table) {
        List<Expr.Item> items = table.items();
        boolean open = !items.isEmpty()
                && items.get(items.size() - 1).key() == null
                && items.get(items.size() - 1).value().isMultiple();
        if (table.hashSize() == 0 && !open && !items.isEmpty()) {
            List<Place> values = new ArrayList<>();
            for (Expr.Item item : items) {
                values.add(expressions.eval(item.value()));
            }
            emitter.pushArray(values);
            code.invokestatic(Emitter.TABLE, "ofList", MethodTypeDesc.of(Emitter.TABLE, Emitter.OBJECTS));
            return emitter.storeObject();
        }
        code.new_(Emitter.TABLE);
        code.dup();
        code.loadConstant(table.arraySize());
        code.loadConstant(table.hashSize());
        code.invokespecial(Emitter.TABLE, "<init>", MethodTypeDesc.of(Emitter.VOID, Emitter.INT, Emitter.INT));
        Place.Plain made = (Place.Plain) emitter.storeObject();
        int next = 1;
        for (int i = 0; i < items.size(); i++) {
            int mark = emitter.mark();
            Expr.Item item = items.get(i);
            Expr key = item.key();
            if (key != null) {
                keyed(made, key, item.value(), table.site());
            } else if (open && i == items.size() - 1) {
                expressions.pushAll(item.value());
                Place rest = emitter.storeObject();
                pushTable(made);
                code.loadConstant(next);
                emitter.push(rest);
                emitter.operate("constructRest", Emitter.VOID, Emitter.TABLE, Emitter.INT, Emitter.OBJECT);
            } else {
                Place value = expressions.eval(item.value());
                pushTable(made);
                code.loadConstant(next++);
                emitter.push(value);
                code.invokevirtual(Emitter.TABLE, "put", MethodTypeDesc.of(Emitter.VOID, Emitter.INT, Emitter.OBJECT));
            }
            emitter.release(mark);
        }
        return made;
    }

    private void keyed(Place.Plain made, Expr key, Expr value, int site) {
        Place at = expressions.eval(key);
        Place stored = expressions.eval(value);
        pushTable(made);
        emitter.push(at);
        emitter.push(stored);
        emitter.operate("construct", site, Emitter.VOID, Emitter.TABLE, Emitter.OBJECT, Emitter.OBJECT);
    }

    private void pushTable(Place.Plain made) {
        code.aload(made.slot());
        code.checkcast(Emitter.TABLE);
    }
}

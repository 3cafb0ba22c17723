package dev.weir.lua.interpret;

import dev.weir.lua.LuaString;
import dev.weir.lua.OperandNames;
import dev.weir.lua.syntax.Expr;
import dev.weir.lua.syntax.FunctionSyntax;
import dev.weir.lua.syntax.LabelTarget;
import dev.weir.lua.syntax.LocalVariable;
import dev.weir.lua.syntax.Stat;
import dev.weir.lua.syntax.UpvalueSource;
import java.util.ArrayList;
import java.util.List;

/** Makes nodes of a function's text. */
final class Translator {
    private static final ExprNode NIL = new ExprNode.Constant(null);

    private final HotCode hotCode;

    Translator(HotCode hotCode) {
        this.hotCode = hotCode;
    }

    HotCode hotCode() {
        return hotCode;
    }

    /** The nodes of a function's statements. */
    StatNode function(Prototype prototype) {
        return new Pass(prototype).block(prototype.syntax().body());
    }

    /** The translation of one function. */
    private record Pass(Prototype prototype) {

        OperandNames names(int site) {
            return prototype.site(site).operands();
        }

        // ---- expressions

        ExprNode[] list(List<Expr> expressions) {
            ExprNode[] nodes = new ExprNode[expressions.size()];
            for (int i = 0; i < nodes.length; i++) {
                nodes[i] = expression(expressions.get(i));
            }
            return nodes;
        }

        ExprNode expression(Expr expression) {
            if (expression instanceof Expr.Constant(Object value)) {
                return value == null ? NIL : new ExprNode.Constant(value);
            }
            if (expression instanceof Expr.Varargs) {
                return new ExprNode.Varargs();
            }
            if (expression instanceof Expr.Function(FunctionSyntax inner)) {
                return closure(inner);
            }
            if (expression instanceof Expr.Local(LocalVariable variable)) {
                return variable.captured()
                        ? new VariableNodes.CapturedLocal(variable.slot())
                        : new VariableNodes.Local(variable.slot());
            }
            if (expression instanceof Expr.Upvalue(int index, LuaString name)) {
                return new VariableNodes.Upvalue(index);
            }
            if (expression instanceof Expr.Global(LuaString name, int site)) {
                return new VariableNodes.Global(name, site);
            }
            if (expression instanceof Expr.Index index) {
                return index(index);
            }
            if (expression instanceof Expr.Call(Expr called, List<Expr> arguments, int site)) {
                return new CallNodes.Call(expression(called), list(arguments), isFixed(arguments), site);
            }
            if (expression instanceof Expr.MethodCall(Expr object, LuaString name, List<Expr> arguments, int site)) {
                return methodCall(object, name, arguments, site);
            }
            if (expression instanceof Expr.And(Expr left, Expr right)) {
                return new ExprNode.And(expression(left), expression(right));
            }
            if (expression instanceof Expr.Or(Expr left, Expr right)) {
                return new ExprNode.Or(expression(left), expression(right));
            }
            if (expression instanceof Expr.Not(Expr operand)) {
                return new ExprNode.Not(expression(operand));
            }
            if (expression instanceof Expr.Negate(Expr operand, int site)) {
                return new OperatorNodes.Negate(expression(operand), site);
            }
            if (expression instanceof Expr.Length(Expr operand, int site)) {
                return new OperatorNodes.Length(expression(operand), site);
            }
            if (expression instanceof Expr.Arithmetic binary) {
                return new OperatorNodes.Arithmetic(
                        binary.operator(), expression(binary.left()), expression(binary.right()), binary.site());
            }
            if (expression instanceof Expr.Comparison binary) {
                return new OperatorNodes.Comparison(
                        binary.comparator(), expression(binary.left()), expression(binary.right()), binary.site());
            }
            if (expression instanceof Expr.Concat(List<Expr> operands, int site)) {
                return new OperatorNodes.Concat(list(operands), site);
            }
            if (expression instanceof Expr.Single(Expr inner)) {
                return single(inner);
            }
            if (expression instanceof Expr.Table table) {
                return table(table);
            }
            throw new IllegalStateException("not an expression");
        }

        private static boolean isFixed(List<Expr> list) {
            return list.isEmpty() || !list.get(list.size() - 1).isMultiple();
        }

        private ExprNode single(Expr inner) {
            ExprNode node = expression(inner);
            return inner.isMultiple() ? new ExprNode.Single(node) : node;
        }

        private ExprNode index(Expr.Index index) {
            ExprNode object = expression(index.object());
            if (index.key() instanceof Expr.Constant(LuaString name)) {
                return new FieldNodes.Field(object, name, index.site(), names(index.site()));
            }
            return new FieldNodes.Element(object, expression(index.key()), index.site(), names(index.site()));
        }

        private ExprNode methodCall(Expr object, LuaString name, List<Expr> arguments, int site) {
            ExprNode self = expression(object);
            FieldNodes.Field method = new FieldNodes.Field(self, name, site, names(site));
            return new CallNodes.MethodCall(self, method, list(arguments), isFixed(arguments), site);
        }

        private ExprNode closure(FunctionSyntax inner) {
            int[] sources = new int[inner.upvalues().size()];
            for (int i = 0; i < sources.length; i++) {
                UpvalueSource source = inner.upvalues().get(i);
                LocalVariable local = source.local();
                sources[i] = local != null ? local.slot() : ~source.index();
            }
            return new ExprNode.Function(prototype.inner(inner), sources);
        }

        private ExprNode table(Expr.Table table) {
            List<ExprNode> list = new ArrayList<>();
            List<ExprNode> keys = new ArrayList<>();
            List<ExprNode> values = new ArrayList<>();
            boolean[] keyed = new boolean[table.items().size()];
            int at = 0;
            for (Expr.Item item : table.items()) {
                Expr key = item.key();
                ExprNode value = expression(item.value());
                if (key == null) {
                    list.add(value);
                } else {
                    keyed[at] = true;
                    keys.add(expression(key));
                    values.add(value);
                }
                at++;
            }
            return new FieldNodes.TableConstructor(
                    list.toArray(new ExprNode[0]),
                    keys.toArray(new ExprNode[0]),
                    values.toArray(new ExprNode[0]),
                    keyed,
                    table.site());
        }

        // ---- statements

        StatNode block(Stat.Block block) {
            List<StatNode> nodes = new ArrayList<>();
            List<LabelTarget> labels = new ArrayList<>();
            List<Integer> places = new ArrayList<>();
            for (Stat statement : block.statements()) {
                if (statement instanceof Stat.Label(LabelTarget label)) {
                    if (label.used()) {
                        labels.add(label);
                        places.add(nodes.size());
                    }
                } else {
                    nodes.add(statement(statement));
                }
            }
            StatNode[] statements = nodes.toArray(new StatNode[0]);
            if (labels.isEmpty()) {
                return new BlockNodes.Block(statements);
            }
            int[] at = new int[places.size()];
            for (int i = 0; i < at.length; i++) {
                at[i] = places.get(i);
            }
            return new BlockNodes.LabelledBlock(statements, labels.toArray(new LabelTarget[0]), at);
        }

        StatNode statement(Stat statement) {
            if (statement instanceof Stat.Block block) {
                return block(block);
            }
            if (statement instanceof Stat.Local local) {
                return local(local);
            }
            if (statement instanceof Stat.LocalFunction(LocalVariable variable, Expr.Function inner, int line)) {
                return variable.captured()
                        ? new VariableNodes.DeclareFunction(line, variable.slot(), expression(inner))
                        : new VariableNodes.SetLocal(line, variable.slot(), expression(inner));
            }
            if (statement instanceof Stat.Assign assign) {
                return assign(assign);
            }
            if (statement instanceof Stat.CallStatement(Expr call, int line)) {
                return new BlockNodes.CallStatement(line, expression(call));
            }
            if (statement instanceof Stat.While loop) {
                return new LoopNodes.While(prototype, loop, expression(loop.condition()), block(loop.body()));
            }
            if (statement instanceof Stat.Repeat loop) {
                return new LoopNodes.Repeat(prototype, loop, block(loop.body()), expression(loop.condition()));
            }
            if (statement instanceof Stat.NumericFor loop) {
                return numericFor(loop);
            }
            if (statement instanceof Stat.GenericFor loop) {
                return genericFor(loop);
            }
            if (statement instanceof Stat.If branch) {
                return branch(branch);
            }
            if (statement instanceof Stat.Return(List<Expr> values, int line)) {
                return returned(values, line);
            }
            if (statement instanceof Stat.Break(int line)) {
                return new BlockNodes.Leave(line, StatNode.BREAK);
            }
            if (statement instanceof Stat.Goto jump) {
                return new BlockNodes.Leave(jump.line(), jump.reference().target());
            }
            throw new IllegalStateException("labels belong to blocks");
        }

        private StatNode local(Stat.Local local) {
            List<LocalVariable> variables = local.variables();
            List<Expr> values = local.values();
            if (variables.size() == 1 && values.size() <= 1) {
                LocalVariable variable = variables.get(0);
                ExprNode value = values.isEmpty() ? NIL : expression(values.get(0));
                return variable.captured()
                        ? new VariableNodes.DeclareCaptured(local.line(), variable.slot(), value)
                        : new VariableNodes.SetLocal(local.line(), variable.slot(), value);
            }
            BlockNodes.Target[] targets = new BlockNodes.Target[variables.size()];
            for (int i = 0; i < targets.length; i++) {
                LocalVariable variable = variables.get(i);
                targets[i] = variable.captured()
                        ? new Targets.NewCaptured(variable.slot())
                        : new Targets.Local(variable.slot());
            }
            return new BlockNodes.AssignList(local.line(), targets, list(values));
        }

        private StatNode assign(Stat.Assign assign) {
            if (assign.targets().size() == 1 && assign.values().size() == 1) {
                return assign(
                        assign.line(),
                        assign.targets().get(0),
                        expression(assign.values().get(0)));
            }
            BlockNodes.Target[] targets = new BlockNodes.Target[assign.targets().size()];
            for (int i = 0; i < targets.length; i++) {
                targets[i] = target(assign.targets().get(i));
            }
            return new BlockNodes.AssignList(assign.line(), targets, list(assign.values()));
        }

        private StatNode assign(int line, Expr target, ExprNode value) {
            if (target instanceof Expr.Local(LocalVariable variable)) {
                return variable.captured()
                        ? new VariableNodes.SetCaptured(line, variable.slot(), value)
                        : new VariableNodes.SetLocal(line, variable.slot(), value);
            }
            if (target instanceof Expr.Upvalue(int index, LuaString name)) {
                return new VariableNodes.SetUpvalue(line, index, value);
            }
            if (target instanceof Expr.Global(LuaString name, int site)) {
                return new VariableNodes.SetGlobal(line, name, value, site);
            }
            if (target instanceof Expr.Index(Expr object, Expr key, int site)) {
                return new FieldNodes.SetElement(line, expression(object), expression(key), value, site, names(site));
            }
            throw new IllegalStateException("not assignable");
        }

        private BlockNodes.Target target(Expr target) {
            if (target instanceof Expr.Local(LocalVariable variable)) {
                return variable.captured() ? new Targets.Captured(variable.slot()) : new Targets.Local(variable.slot());
            }
            if (target instanceof Expr.Upvalue(int index, LuaString name)) {
                return new Targets.Upvalue(index);
            }
            if (target instanceof Expr.Global(LuaString name, int site)) {
                return new Targets.Global(name, site);
            }
            if (target instanceof Expr.Index(Expr object, Expr key, int site)) {
                return new Targets.Element(expression(object), expression(key), site, names(site));
            }
            throw new IllegalStateException("not assignable");
        }

        private StatNode branch(Stat.If branch) {
            StatNode[] bodies = new StatNode[branch.bodies().size()];
            for (int i = 0; i < bodies.length; i++) {
                bodies[i] = block(branch.bodies().get(i));
            }
            return new BlockNodes.If(branch.line(), list(branch.conditions()), bodies);
        }

        private StatNode numericFor(Stat.NumericFor loop) {
            Expr step = loop.step();
            ExprNode width = step == null ? null : expression(step);
            return new LoopNodes.NumericFor(
                    prototype, loop, expression(loop.start()), expression(loop.limit()), width, block(loop.body()));
        }

        private StatNode genericFor(Stat.GenericFor loop) {
            return new LoopNodes.GenericFor(prototype, loop, list(loop.values()), block(loop.body()));
        }

        private StatNode returned(List<Expr> values, int line) {
            if (values.isEmpty()) {
                return new BlockNodes.ReturnOne(line, null);
            }
            if (values.size() > 1) {
                return new BlockNodes.ReturnList(line, list(values));
            }
            ExprNode value = expression(values.get(0));
            if (value instanceof CallNodes.AnyCall call) {
                return new BlockNodes.ReturnCall(line, call);
            }
            return values.get(0).isMultiple()
                    ? new BlockNodes.ReturnList(line, new ExprNode[] {value})
                    : new BlockNodes.ReturnOne(line, value);
        }
    }
}

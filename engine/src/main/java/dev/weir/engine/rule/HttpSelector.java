package dev.weir.engine.rule;

import dev.weir.engine.expression.Expression;
import dev.weir.engine.expression.ExpressionText;
import dev.weir.engine.query.HttpRequest;
import dev.weir.engine.query.Query;
import dev.weir.engine.query.RuleContext;

/** What the request over HTTP was that the query came in; nothing matches others. */
public sealed interface HttpSelector extends Selector {
    /** A header of this name, in lower case, in which the expression is found. */
    record Header(String name, Expression expression) implements HttpSelector {
        @Override
        public boolean matches(Query query, RuleContext context) {
            HttpRequest request = query.origin().http();
            String value = request == null ? null : request.headers().get(name);
            return value != null && found(context, expression, value);
        }

        @Override
        public String text() {
            return "http[" + name + "] ~ " + expression.source();
        }
    }

    /** The path, without the query string. */
    record Path(String path) implements HttpSelector {
        @Override
        public boolean matches(Query query, RuleContext context) {
            HttpRequest request = query.origin().http();
            return request != null && request.path().equals(path);
        }

        @Override
        public String text() {
            return "url path == " + path;
        }
    }

    /** A path in which the expression is found. */
    record PathRegex(Expression expression) implements HttpSelector {
        @Override
        public boolean matches(Query query, RuleContext context) {
            HttpRequest request = query.origin().http();
            return request != null && found(context, expression, request.path());
        }

        @Override
        public String text() {
            return "http path ~ " + expression.source();
        }
    }

    private static boolean found(RuleContext context, Expression expression, String text) {
        ExpressionText octets = new ExpressionText(text.length());
        octets.append(text);
        octets.finish();
        return context.scanners().matches(expression, octets);
    }
}

package dev.weir.net.stream;

import dev.weir.engine.expression.Expression;
import dev.weir.engine.expression.ExpressionText;
import dev.weir.engine.expression.Scanners;

/** Expressions on paths. */
final class HttpPaths {
    private HttpPaths() {}

    static boolean matches(Scanners scanners, Expression expression, String path) {
        ExpressionText text = new ExpressionText(path.length());
        text.append(path);
        text.finish();
        return scanners.matches(expression, text);
    }
}

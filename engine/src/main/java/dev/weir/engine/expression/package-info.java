/**
 * The operator's regular expressions over octets that clients choose, in time linear in those octets.
 *
 * <p>{@link dev.weir.engine.expression.Expression} is one expression in either of dnsdist's dialects; a data thread matches through its own
 * {@link dev.weir.engine.expression.Scanners}. Knows no DNS.
 */
@NullMarked
package dev.weir.engine.expression;

import org.jspecify.annotations.NullMarked;

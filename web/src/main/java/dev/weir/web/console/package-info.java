/**
 * How people look in: the encrypted console, its server and its clients.
 *
 * <p>Speaks dnsdist's protocol, so that either program's client talks to either program's server. It knows no Lua: what a
 * line means is the {@link dev.weir.web.console.ConsoleEvaluator}'s business.
 */
@NullMarked
package dev.weir.web.console;

import org.jspecify.annotations.NullMarked;

/**
 * Runs functions as trees of nodes: each {@link dev.weir.lua.syntax.FunctionSyntax} becomes a
 * {@link dev.weir.lua.interpret.Prototype}, and each evaluation of it a {@link dev.weir.lua.interpret.LuaClosure}.
 */
@NullMarked
package dev.weir.lua.interpret;

import org.jspecify.annotations.NullMarked;

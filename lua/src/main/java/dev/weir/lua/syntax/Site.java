package dev.weir.lua.syntax;

import dev.weir.lua.OperandNames;
import dev.weir.lua.SiteName;
import org.jspecify.annotations.Nullable;

/**
 * A place that can raise an error or call a function.
 *
 * @param line its line
 * @param called what is called there, or null
 * @param operands what the operands are called there
 */
public record Site(int line, @Nullable SiteName called, OperandNames operands) {}

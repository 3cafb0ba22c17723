/**
 * Code of the JVM for functions and loops that are hot: {@link dev.weir.lua.compile.BytecodeCompiler} makes a hidden class
 * of each, in which locals are locals of the JVM and numbers are not boxed where they are known to be numbers.
 */
@NullMarked
package dev.weir.lua.compile;

import org.jspecify.annotations.NullMarked;
